#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What an earlier `verify --repair` found and could not bring back: it is told as a note from then on, not as damage, so that new damage
/// stands out. A text file in the quarantine, one damage a line; who deletes it is told everything anew.
struct KnownDamage: Sendable {
  private static let bytesMax = 256 << 20

  private let path: String
  private var lines: Set<String>

  /// - Throws: when there is a file and it cannot be read.
  init(dataDirectory: String) throws(FileError) {
    path = "\(dataDirectory)/quarantine/known-damage.txt"
    lines = []
    guard access(path, F_OK) == 0 else { return }
    let bytes = try FileBytes.read(path, bytesMax: Self.bytesMax)
    lines = Set(bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) })
  }

  func contains(_ damage: String) -> Bool { lines.contains(damage) }

  /// Writes beside the file and renames, so that the file is whole at any moment.
  mutating func add(_ damages: [String]) throws(FileError) {
    lines.formUnion(damages)
    let text = lines.sorted().map { $0 + "\n" }.joined()
    try FileBytes.write(Array(text.utf8), to: path)
  }
}
