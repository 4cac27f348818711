/// Writes a multipart/form-data body (RFC 7578), with names escaped as browsers do (HTML standard, "multipart/form-data encoding
/// algorithm").
public struct MultipartWriter: Sendable {
  private struct Part: Sendable {
    var head: [UInt8]
    var body: [UInt8]
  }

  private var parts: [Part] = []

  public init() {}

  /// - Parameters:
  ///   - filename: makes it a file part.
  ///   - contentType: written as given; nil writes no Content-Type header. Line ends in it are written as spaces.
  public mutating func append(name: String, filename: String? = nil, contentType: String? = nil, body: [UInt8]) {
    var head = Array("Content-Disposition: form-data; name=\"".utf8) + Self.escaped(name) + [ASCII.quote]
    if let filename { head += Array("; filename=\"".utf8) + Self.escaped(filename) + [ASCII.quote] }
    head += Self.lineEnd
    if let contentType {
      let value = contentType.utf8.map { $0 == ASCII.carriageReturn || $0 == ASCII.lineFeed ? ASCII.space : $0 }
      head += Array("Content-Type: ".utf8) + value + Self.lineEnd
    }
    parts.append(Part(head: head + Self.lineEnd, body: body))
  }

  /// The body, and the boundary that it uses: a random one that occurs nowhere in the parts.
  public func finished() -> (body: [UInt8], boundary: MultipartBoundary) {
    var generator = SystemRandomNumberGenerator()
    return finished(using: &generator)
  }

  /// As ``finished()``, with boundaries drawn from `generator`.
  public func finished(using generator: inout some RandomNumberGenerator) -> (body: [UInt8], boundary: MultipartBoundary) {
    var boundary = MultipartBoundary.random(using: &generator)
    while occurs(boundary) { boundary = .random(using: &generator) }
    return (written(with: boundary), boundary)
  }

  /// Value of the Content-Type header for a body with that boundary.
  public static func contentType(boundary: MultipartBoundary) -> String { "multipart/form-data; boundary=\(boundary.text)" }

  private static let lineEnd = [ASCII.carriageReturn, ASCII.lineFeed]

  private func written(with boundary: MultipartBoundary) -> [UInt8] {
    let line = [ASCII.hyphen, ASCII.hyphen] + boundary.bytes
    var out: [UInt8] = []
    out.reserveCapacity(parts.reduce(0) { $0 + $1.head.count + $1.body.count + line.count + 4 } + line.count + 4)
    for part in parts {
      out += line
      out += Self.lineEnd
      out += part.head
      out += part.body
      out += Self.lineEnd
    }
    out += line
    out += [ASCII.hyphen, ASCII.hyphen]
    out += Self.lineEnd
    return out
  }

  private func occurs(_ boundary: MultipartBoundary) -> Bool {
    parts.contains { part in
      part.body.withUnsafeBytes { $0.contains(boundary.bytes) } || part.head.withUnsafeBytes { $0.contains(boundary.bytes) }
    }
  }

  private static func escaped(_ text: String) -> [UInt8] {
    var out: [UInt8] = []
    for byte in text.utf8 {
      if byte == ASCII.quote || byte == ASCII.carriageReturn || byte == ASCII.lineFeed {
        PercentCoding.append(byte, to: &out)
      } else {
        out.append(byte)
      }
    }
    return out
  }
}

extension MultipartBoundary {
  /// 40 characters, 143 bits of them random.
  fileprivate static func random(using generator: inout some RandomNumberGenerator) -> MultipartBoundary {
    let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    let drawn = (0..<24).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] }
    return MultipartBoundary(trusted: Array("fogcatcher-form-".utf8) + drawn)
  }
}
