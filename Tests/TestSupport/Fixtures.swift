public import FaceEvents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The requests and pictures in `Tests/Fixtures`: what boxes and clients send, with invented people and drawn pictures.
public enum Fixtures {
  /// Absolute path of `Tests/Fixtures`.
  public static let folder: String = {
    let folders = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return folders.dropLast(2).joined(separator: "/") + "/Fixtures"
  }()

  public struct Missing: Error { public let path: String }

  /// - Parameter path: below ``folder``, for example `events/G1.json`.
  public static func bytes(_ path: String) throws -> [UInt8] {
    guard let file = fopen(folder + "/" + path, "rb") else { throw Missing(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return bytes
  }

  /// Paths of the files in a folder, sorted. A folder without files is a mistake in the test.
  public static func paths(in name: String, suffix: String = "") throws -> [String] {
    guard let directory = opendir(folder + "/" + name) else { throw Missing(path: name) }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let file = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !file.hasPrefix("."), file.hasSuffix(suffix), entry.pointee.d_type == UInt8(DT_REG) { found.append(name + "/" + file) }
    }
    guard !found.isEmpty else { throw Missing(path: name) }
    return found.sorted()
  }
}

// MARK: - What is there

extension Fixtures {
  /// Every form that an event can have; `events/<form>.json` holds one.
  public static let eventForms = EventForm.allCases.filter { $0 != .unknown }

  /// Form by the name of its file in `status/`.
  public static let statusForms: [(name: String, form: StatusForm)] =
    StatusForm.allCases.filter { $0 != .unknown }.map { ($0.rawValue, $0) } + [("S6-box", .s6)]

  /// Every JSON event: each form in each spelling, and one form with its pictures in other spellings of base64.
  public static func jsonEventPaths() throws -> [String] {
    try paths(in: "events", suffix: ".json") + paths(in: "events/variants", suffix: ".json") + paths(in: "base64", suffix: ".json")
  }

  /// What must never appear in a log, a message or a description: the people of the fixtures.
  public static let personNames = [
    "Lin Wei", "林薇", "\\u6797\\u8587", "Dana Okafor", "Mira Solberg", "Teodor Kask", "Ines Carvalho", "Jonas Albrecht", "Pavel Novotny",
  ]

  /// … and how their pictures begin and end in base64.
  public static let pictureTexts = ["/9j/2wBD", "wAALCAABAAEB", "AD8AN//Z", "AD8AR//Z", "AD8AP//Z", "AD8AH//Z"]

  /// The four 141-byte JPEG files of protocol.md 10 that stand for the pictures of every event.
  public enum Picture: String, CaseIterable, Sendable {
    case reference, scene, face, infrared

    public var role: PictureRole {
      switch self {
      case .reference: .reference
      case .scene: .scene
      case .face: .face
      case .infrared: .infrared
      }
    }

    /// First 16 hexadecimal digits of the SHA-256 of the file.
    public var digestPrefix: String {
      switch self {
      case .reference: "b9380faf5b9fde41"
      case .scene: "7638c8d3fc3f9f83"
      case .face: "edb99850511d3572"
      case .infrared: "0e4991140bb59081"
      }
    }

    public func bytes() throws -> [UInt8] { try Fixtures.bytes("pictures/\(rawValue).jpg") }
  }
}

// MARK: - Whole requests

extension Fixtures {
  /// An HTTP request as it was captured on the wire.
  public struct Message: Sendable {
    public var method: String
    /// Path without the query.
    public var path: String
    public var query: String?
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    /// Value of the first header of that name, in any case.
    public func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
  }

  /// Reads a `.http` file.
  public static func message(_ path: String) throws -> Message {
    let bytes = try bytes(path)
    let end = Array("\r\n\r\n".utf8)
    guard let cut = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { throw Missing(path: path) }
    let lines = String(decoding: bytes[..<cut], as: UTF8.self).split(separator: "\r\n")
    let request = lines[0].split(separator: " ")
    let target = request[1].split(separator: "?", maxSplits: 1)
    let headers = lines.dropFirst().map { line -> (name: String, value: String) in
      let halves = line.split(separator: ":", maxSplits: 1)
      return (String(halves[0]), String(halves[1].drop { $0 == " " }))
    }
    return Message(
      method: String(request[0]), path: String(target[0]), query: target.count > 1 ? String(target[1]) : nil, headers: headers,
      body: Array(bytes[(cut + end.count)...]))
  }
}
