import Configuration
import Synchronization

/// `fogcatcher.yaml`, read once.
struct SettingsFile: Sendable {
  static let name = "fogcatcher.yaml"
  private static let bytesMax = 1 << 20

  let path: String
  let values: any ConfigSnapshot
  /// Every key in it that has a value, with the path of a nested one joined by dots.
  let keys: [String]

  /// - Throws: when the file cannot be read or is not YAML with plain values and lists of them.
  init(path: String) throws(SettingsError) {
    self.path = path
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(path, bytesMax: Self.bytesMax)
    } catch {
      throw SettingsError(problems: ["the settings file \(error)"])
    }
    guard Self.hasContent(bytes) else {
      (values, keys) = (InMemoryProvider(name: path, values: [:]).snapshot(), [])
      return
    }
    let seen = SeenKeys()
    do {
      // The snapshot does not list its keys, but it asks about each whether it is secret.
      let options = YAMLSnapshot.ParsingOptions(secretsSpecifier: .dynamic { key, _ in seen.note(key) })
      values = try YAMLSnapshot(data: bytes.span.bytes, providerName: path, parsingOptions: options)
    } catch {
      throw SettingsError(problems: ["the settings file \(path) cannot be read as YAML: \(Self.withoutExcerpt("\(error)"))"])
    }
    keys = seen.sorted
  }

  /// Anything but blanks, comments and document marks; YAML without is no mapping, but a file that is all comments is fine.
  private static func hasContent(_ bytes: [UInt8]) -> Bool {
    bytes.split(separator: UInt8(ascii: "\n")).contains { line in
      let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
      return !text.isEmpty && text.first != UInt8(ascii: "#") && !text.starts(with: "---".utf8)
    }
  }

  /// The parser quotes the lines around the error, where a secret may stand.
  private static func withoutExcerpt(_ text: String) -> String {
    text.split(separator: "\n").first.map { $0.hasSuffix(":") ? String($0.dropLast()) : String($0) } ?? text
  }
}

private final class SeenKeys: Sendable {
  private let keys = Mutex<Set<String>>([])

  func note(_ key: String) -> Bool {
    keys.withLock { _ = $0.insert(key) }
    return Setting.named(key)?.isSecret ?? false
  }

  var sorted: [String] { keys.withLock { $0.sorted() } }
}
