import FaceEvents

/// Where the known fields of one event are: the index of the last member with each name, by the object that holds it.
struct EventFields {
  enum Scope: Int, CaseIterable { case top, ext, endpoint, media, attributes, extInfo, gateway }

  let tree: EventTree
  /// By scope and field; -1 for what is not there.
  private var found = [Int32](repeating: -1, count: Scope.allCases.count * EventField.count)
  /// Whether a name at the top ends in `_image`, as those of pictures do from G5 on.
  private(set) var hasPictureImageKey = false

  private static let inner: [(EventField, Scope)] = [
    (.ext_data, .ext), (.ep_info, .endpoint), (.media_device_info, .media), (.recognize_face_attr, .attributes),
    (.gateway_ext_data, .gateway),
  ]

  init(_ tree: EventTree) {
    self.tree = tree
    collect(tree.root, .top)
    for (field, scope) in Self.inner {
      if let index = self[field, .top] { collect(index, scope) }
    }
    if let info = self[.info, .ext] { collect(info, .extInfo) }
  }

  private mutating func collect(_ object: Int, _ scope: Scope) {
    guard tree.value(object).kind == .object else { return }
    for child in tree.document.children(of: object) {
      tree.withKey(tree.value(child)) { key in
        if let field = EventField(name: key) { found[place(field, scope)] = Int32(child) }
        if scope == .top, key.count > 6, key.suffix(6).elementsEqual("_image".utf8) { hasPictureImageKey = true }
      }
    }
  }

  private func place(_ field: EventField, _ scope: Scope) -> Int { scope.rawValue * EventField.count + Int(field.rawValue) }

  subscript(field: EventField, scope: Scope) -> Int? {
    let index = found[place(field, scope)]
    return index < 0 ? nil : Int(index)
  }

  /// Present at all, null or not.
  func has(_ field: EventField, _ scope: Scope = .top) -> Bool { self[field, scope] != nil }

  /// Present and not null: null means absent, an empty string is a value (protocol.md 0.2).
  func isGiven(_ field: EventField, _ scope: Scope = .top) -> Bool { self[field, scope].map { tree.value($0).kind != .null } ?? false }

  /// The first of the places that has a string or a number there.
  func string(_ places: (EventField, Scope)...) -> String? {
    for (field, scope) in places {
      if let index = self[field, scope], let text = tree.string(index) { return text }
    }
    return nil
  }

  /// As ``string(_:)``, passing over empty strings.
  func filled(_ places: (EventField, Scope)...) -> String? {
    for (field, scope) in places {
      if let index = self[field, scope], let text = tree.string(index), !text.isEmpty { return text }
    }
    return nil
  }
}
