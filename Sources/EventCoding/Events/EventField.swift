/// The keys that are read into columns or tell the forms apart (protocol.md 2 to 4, 9.2).
enum EventField: String, CaseIterable {
  // who
  case identity_id, identity_name, identity_info, group_name, userId, userName
  // class
  case person_type, user_type, userType
  // when
  case timestamp, crossTime, in_timestamp, out_timestamp
  // how sure
  case score, matchScore
  // which box
  case dev_sno, mq_license_key, deviceId
  // where
  case ext_data, ep_info, media_device_info
  case device_ip, ep_id, device_type, ep_type, ep_ip, ep_name, device_id
  case media_device_ip, media_device_id, media_device_type, media_device_name, media_device_url
  case cameraId, cameraIp, cameraType
  // what else tells the forms apart
  case want_action, post_action, api_version, event_id
  case recognize_face_attr, feature_binary, grab_fiqa_info, box_fiqa_info, info, box, feature, recognize_face, ir_pic
  case reg_pic, spot_pic, reg_image, spot_image, ir_image, recognize_face_image, register_image
  // status reports
  case gateway_ip, gateway_name, gateway_status, gateway_sn, gateway_ext_data, gateway_port, reporter_id
  case sub_devices, media_devices, deviceStatus
  case cpu_usage, cpu_use, cpu_info, cpu_rate, tpu_info, core_temperature, disk_free_size

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { (Array($0.rawValue.utf8), $0) })
  private static let lengthMax = allCases.map(\.rawValue.utf8.count).max() ?? 0

  init?(name: UnsafeRawBufferPointer) {
    guard name.count <= Self.lengthMax, let field = Self.byName[Array(name)] else { return nil }
    self = field
  }

  /// Members of `ext_data` in G1 to G3, which some senders put at the top (protocol.md T16).
  static let extensionMembers: Set<EventField> = [
    .device_ip, .ep_id, .spot_pic, .person_type, .device_type, .dev_sno, .recognize_face, .ir_pic, .info, .grab_fiqa_info, .box_fiqa_info,
  ]

  /// Fields that are numbers in JSON, so that their text in a form is read as one.
  static let numbers: Set<EventField> = [.timestamp, .score, .person_type, .in_timestamp, .out_timestamp, .gateway_port]

  /// Objects that some senders spread over bracket or dotted names in a form.
  static let containers: Set<EventField> = [.ext_data, .ep_info, .media_device_info, .recognize_face_attr, .identity_info, .gateway_ext_data]
}

/// Where the known fields of one event are: the index of the last member with each name, by the object that holds it.
struct EventFields {
  enum Scope: Int, CaseIterable { case top, ext, endpoint, media, attributes, extInfo, gateway }

  let tree: EventTree
  private var found: [[EventField: Int]] = Array(repeating: [:], count: Scope.allCases.count)
  /// Names that are neither known fields nor known pictures, at the top.
  private(set) var hasPictureImageKey = false

  init(_ tree: EventTree) {
    self.tree = tree
    collect(tree.root, .top)
    let inner: [(EventField, Scope)] = [
      (.ext_data, .ext), (.ep_info, .endpoint), (.media_device_info, .media), (.recognize_face_attr, .attributes), (.gateway_ext_data, .gateway),
    ]
    for (field, scope) in inner {
      if let index = found[Scope.top.rawValue][field] { collect(index, scope) }
    }
    if let info = self[.info, .ext] { collect(info, .extInfo) }
  }

  private mutating func collect(_ object: Int, _ scope: Scope) {
    guard tree.value(object).kind == .object else { return }
    for child in tree.document.children(of: object) {
      tree.withKey(tree.value(child)) { key in
        if let field = EventField(name: key) { found[scope.rawValue][field] = child }
        if scope == .top, key.count > 6, key.suffix(6).elementsEqual("_image".utf8) { hasPictureImageKey = true }
      }
    }
  }

  subscript(field: EventField, scope: Scope) -> Int? { found[scope.rawValue][field] }

  /// Present at all, null or not.
  func has(_ field: EventField, _ scope: Scope = .top) -> Bool { self[field, scope] != nil }

  func isObject(_ field: EventField, _ scope: Scope = .top) -> Bool { self[field, scope].map { tree.value($0).kind == .object } ?? false }

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
