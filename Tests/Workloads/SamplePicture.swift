import EventCoding
import FaceEvents

/// Pictures as long as real ones, that begin like a JPEG file and are noise behind that: nobody looks at them.
enum SamplePicture {
  static let referenceBytes = 30_000
  static let sceneBytes = 90_000
  private static let signature: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, 0x4A, 0x46, 0x49, 0x46, 0x00]

  static func bytes(_ number: Int, count: Int) -> [UInt8] {
    var random = SteadyNumbers(seed: UInt64(truncatingIfNeeded: number))
    var bytes = signature
    bytes.reserveCapacity(count + 8)
    while bytes.count < count { withUnsafeBytes(of: random.next().littleEndian) { bytes += $0 } }
    return Array(bytes[..<count])
  }

  static func new(_ number: Int, _ role: PictureRole, count: Int) -> NewPicture {
    let bytes = SharedBytes(bytes(number, count: count))
    return NewPicture(role: role, digest: ContentDigest(sha256Of: bytes), bytes: bytes, receivedAt: PassageMaker.start)
  }

  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    bytes.withUnsafeBytes { Base64.append($0, to: &text) }
    return text
  }
}
