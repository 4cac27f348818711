/// A request as its bytes, built by hand so that it may also be wrong.
struct HTTPRequest: Sendable {
  var method = "POST"
  var target = "/HistoryEvent"
  var version = "HTTP/1.1"
  var fields: [(String, String)] = [("Host", "127.0.0.1")]
  var body: [UInt8] = []
  /// Chunk sizes to send the body in, repeated; nil sends `Content-Length`.
  var chunks: [Int]?
  var hasLength = true

  init(_ method: String = "POST", _ target: String = "/HistoryEvent", body: [UInt8] = [], type: String? = nil) {
    self.method = method
    self.target = target
    self.body = body
    if let type { fields.append(("Content-Type", type)) }
  }

  static func json(_ text: String, _ target: String = "/HistoryEvent") -> HTTPRequest {
    HTTPRequest("POST", target, body: Array(text.utf8), type: "application/json")
  }

  func adding(_ name: String, _ value: String) -> HTTPRequest {
    var copy = self
    copy.fields.append((name, value))
    return copy
  }

  func chunked(_ sizes: Int...) -> HTTPRequest {
    var copy = self
    copy.chunks = sizes
    return copy
  }

  var expectsContinue: Bool { fields.contains { $0.0.lowercased() == "expect" } }

  var head: [UInt8] {
    var text = "\(method) \(target) \(version)\r\n"
    for (name, value) in fields { text += "\(name): \(value)\r\n" }
    if chunks != nil {
      text += "Transfer-Encoding: chunked\r\n"
    } else if hasLength, method != "GET" || !body.isEmpty {
      text += "Content-Length: \(body.count)\r\n"
    }
    return Array((text + "\r\n").utf8)
  }

  var payload: [UInt8] {
    guard let chunks else { return body }
    var out: [UInt8] = []
    var rest = body[...]
    var number = 0
    while !rest.isEmpty {
      let piece = rest.prefix(max(1, chunks[number % chunks.count]))
      out += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8)
      rest = rest.dropFirst(piece.count)
      number += 1
    }
    return out + Array("0\r\n\r\n".utf8)
  }
}
