import FaceEvents

/// Which keys hold pictures (protocol.md 2.6, 3.5, 9.2), at whatever depth they stand.
enum PictureField {
  private static let roles: [(name: StaticString, role: PictureRole)] = [
    ("reg_pic", .reference), ("reg_image", .reference), ("register_image", .reference), ("userPhoto", .reference),
    ("spot_pic", .scene), ("spot_image", .scene), ("crossSrcPhoto", .scene),
    ("recognize_face", .face), ("recognize_face_image", .face), ("crossFacePhoto", .face),
    ("ir_pic", .infrared), ("ir_image", .infrared),
  ]

  /// Nil for a key that is not known to hold a picture.
  static func role(_ key: UnsafeRawBufferPointer) -> PictureRole? {
    guard key.count >= 6, key.count <= 20 else { return nil }
    for entry in roles where entry.name.utf8CodeUnitCount == key.count {
      if UnsafeRawBufferPointer(start: entry.name.utf8Start, count: key.count).elementsEqual(key) { return entry.role }
    }
    return nil
  }

  /// A key that nobody has documented but that ends as picture keys do. Its value counts as a picture only with the signature of one.
  static func looksLikePicture(_ key: UnsafeRawBufferPointer) -> Bool {
    ["_pic", "_image", "Photo"].contains { $0.utf8.count < key.count && key.suffix($0.utf8.count).elementsEqual($0.utf8) }
  }

  /// The key under which a picture of this role is sent in an event of this form.
  static func name(of role: PictureRole, in form: EventForm) -> String {
    switch (form, role) {
    case (.g5, .reference): "reg_image"
    case (.r4, .reference): "register_image"
    case (.g5, .scene), (.r4, .scene): "spot_image"
    case (.g5, .face), (.r4, .face): "recognize_face_image"
    case (.g5, .infrared), (.r4, .infrared): "ir_image"
    case (_, .reference): "reg_pic"
    case (_, .scene): "spot_pic"
    case (_, .face): "recognize_face"
    case (_, .infrared): "ir_pic"
    case (_, .other): "other_pic"
    }
  }
}
