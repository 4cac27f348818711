import Foundation

/// One way in which a file is not what it was.
struct FileDamage: CustomStringConvertible {
  private enum Kind {
    case flip(offsets: [Int], mask: UInt8)
    case cut(to: Int)
    case zeros(Range<Int>)
  }

  private let path: String
  let name: String
  private let kind: Kind

  /// - Parameter name: a file below `directory`.
  init(below directory: String, name: String, _ random: inout SeededRandom) throws {
    self.name = name
    path = directory + "/" + name
    let size = contents(path).count
    guard size > 0 else {
      kind = .cut(to: 0)
      return
    }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: kind = .cut(to: Int.random(in: 0..<size, using: &random))
    case 1:
      // A sector that was never written.
      let start = Int.random(in: 0..<size, using: &random) / 512 * 512
      kind = .zeros(start..<min(start + 512, size))
    default:
      let offsets = (0..<Int.random(in: 1...3, using: &random)).map { _ in Int.random(in: 0..<size, using: &random) }
      kind = .flip(offsets: offsets, mask: 1 << UInt8.random(in: 0..<8, using: &random))
    }
  }

  func apply() throws {
    var bytes = contents(path)
    switch kind {
    case .flip(let offsets, let mask): for offset in offsets { bytes[offset] ^= mask }
    case .cut(let size): bytes.removeLast(bytes.count - size)
    case .zeros(let range): for offset in range { bytes[offset] = 0 }
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  var description: String { "\(kind) in \(name)" }
}
