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
}
