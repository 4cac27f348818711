/// Writes a multipart/form-data body (RFC 7578), with names escaped as browsers do (HTML standard, "multipart/form-data encoding
/// algorithm"). Append the parts, then ``finish()``; each body is copied once.
public struct MultipartWriter: Sendable {
  private var out: [UInt8] = []
  /// Where in ``out`` the boundary is still to be filled in. Zeros stand there meanwhile.
  private var boundaryOffsets: [Int] = []

  public init() {}

  /// - Parameters:
  ///   - filename: makes it a file part.
  ///   - contentType: written as given, with spaces for line ends; nil writes no Content-Type header.
  public mutating func append(name: String, filename: String? = nil, contentType: String? = nil, body: UnsafeRawBufferPointer) {
    out.reserveCapacity(out.count + body.count + 512)
    appendBoundary()
    appendText("\r\nContent-Disposition: form-data; name=\"")
    appendEscaped(name)
    if let filename {
      appendText("\"; filename=\"")
      appendEscaped(filename)
    }
    appendText("\"\r\n")
    if let contentType {
      appendText("Content-Type: ")
      out += contentType.utf8.map { $0 == ASCII.carriageReturn || $0 == ASCII.lineFeed ? ASCII.space : $0 }
      appendText("\r\n")
    }
    appendText("\r\n")
    out += body
    appendText("\r\n")
  }

  /// As ``append(name:filename:contentType:body:)-(_,_,_,UnsafeRawBufferPointer)``.
  public mutating func append(name: String, filename: String? = nil, contentType: String? = nil, body: [UInt8]) {
    body.withUnsafeBytes { append(name: name, filename: filename, contentType: contentType, body: $0) }
  }

  /// - Returns: the whole body, and the boundary that it uses: a random one that occurs nowhere in the parts. The writer is empty then.
  public mutating func finish() -> (body: [UInt8], boundary: MultipartBoundary) {
    var generator = SystemRandomNumberGenerator()
    return finish(using: &generator)
  }

  /// As ``finish()``, with the boundary drawn from `generator`.
  public mutating func finish(using generator: inout some RandomNumberGenerator) -> (body: [UInt8], boundary: MultipartBoundary) {
    appendBoundary()
    appendText("--\r\n")
    var boundary = MultipartBoundary.random(using: &generator)
    while out.withUnsafeBytes({ $0.contains(boundary.bytes) }) { boundary = .random(using: &generator) }
    for offset in boundaryOffsets { out.replaceSubrange(offset..<offset + boundary.bytes.count, with: boundary.bytes) }
    defer { self = MultipartWriter() }
    return (out, boundary)
  }

  private mutating func appendBoundary() {
    appendText("--")
    boundaryOffsets.append(out.count)
    out += repeatElement(0, count: MultipartBoundary.randomLength)
  }

  private mutating func appendText(_ text: StaticString) {
    text.withUTF8Buffer { out += $0 }
  }

  private mutating func appendEscaped(_ text: String) {
    for byte in text.utf8 {
      if byte == ASCII.quote || byte == ASCII.carriageReturn || byte == ASCII.lineFeed {
        PercentCoding.append(byte, to: &out)
      } else {
        out.append(byte)
      }
    }
  }
}

extension MultipartBoundary {
  private static let drawnLength = 24
  /// Hyphens first: they are rare in pictures and not in base64 at all, which makes the search for the boundary fast.
  private static let randomPrefix = Array("----FogcatcherForm".utf8)
  fileprivate static let randomLength = randomPrefix.count + drawnLength

  /// 24 of 62 characters: 142 random bits.
  fileprivate static func random(using generator: inout some RandomNumberGenerator) -> MultipartBoundary {
    let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    let drawn = (0..<drawnLength).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] }
    return MultipartBoundary(trusted: randomPrefix + drawn)
  }
}
