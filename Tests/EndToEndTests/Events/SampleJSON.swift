import Foundation

/// JSON text written in one of the manners that senders have, pictures included.
indirect enum SampleJSON: Sendable {
  /// JSON text as it is to stand there.
  case raw(String)
  case picture([UInt8], SamplePictureText)
  case object([(String, SampleJSON)])

  /// White space between the parts.
  struct Manner: Sendable {
    var afterColon = ""
    var afterComma = ""
    var inside = ""

    /// As `json.dumps` writes, as JavaScript does, and as people do.
    static let all = [Manner(afterColon: " ", afterComma: " "), Manner(), Manner(afterColon: " ", afterComma: "\n\t", inside: "\n")]
  }

  func write(_ manner: Manner, to out: inout [UInt8]) {
    switch self {
    case .raw(let text): out += Array(text.utf8)
    case .picture(let bytes, let text): out += Array("\"\(text.write(bytes))\"".utf8)
    case .object(let members):
      out += Array("{\(manner.inside)".utf8)
      for (number, member) in members.enumerated() {
        if number > 0 { out += Array(",\(manner.afterComma)".utf8) }
        out += Array("\"\(member.0)\":\(manner.afterColon)".utf8)
        member.1.write(manner, to: &out)
      }
      out += Array("\(manner.inside)}".utf8)
    }
  }
}

/// How a sender writes base64 into a JSON string (protocol.md T10, T11). All of them can be read and written back byte for byte.
enum SamplePictureText: CaseIterable, Sendable {
  case plain, dataURI, escapedSlashes, lines, windowsLines, unpadded, urlSafe

  func write(_ bytes: [UInt8]) -> String {
    let data = Data(bytes)
    let plain = data.base64EncodedString()
    switch self {
    case .plain: return plain
    case .dataURI: return "data:image/jpeg;base64," + plain
    case .escapedSlashes: return plain.replacingOccurrences(of: "/", with: "\\/")
    case .lines: return folded(plain, "\\n")
    case .windowsLines: return folded(plain, "\\r\\n")
    case .unpadded: return plain.replacingOccurrences(of: "=", with: "")
    case .urlSafe: return plain.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
    }
  }

  private func folded(_ text: String, _ lineBreak: String) -> String {
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 76) {
      out += bytes[start..<min(start + 76, bytes.count)]
      out += Array(lineBreak.utf8)
    }
    return String(decoding: out, as: UTF8.self)
  }
}
