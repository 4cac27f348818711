/// Gathers the header lines of one part. A line may come in pieces.
struct HeaderBlock: Sendable {
  private(set) var headers: [MultipartHeader] = []
  /// The current line, without a complete line end.
  private(set) var line: [UInt8] = []
  private var lineNumber = 1
  private var bytesOfLines = 0
  private let part: Int
  private let limits: MultipartLimits

  init(part: Int, limits: MultipartLimits) {
    self.part = part
    self.limits = limits
  }

  /// Takes a piece that has no line end, or has it at its end.
  mutating func received(_ piece: UnsafeRawBufferPointer) throws(MultipartError) {
    // The empty line is not counted and has at most two bytes; checking before copying bounds the memory.
    guard bytesOfLines + line.count + piece.count <= limits.headerBytesMax + 2 else { throw tooLarge }
    line.append(contentsOf: piece)
    guard bytesOfLines + line.count <= limits.headerBytesMax || isPossiblyEmptyLine else { throw tooLarge }
  }

  private var tooLarge: MultipartError { .headersTooLarge(part: part, limitBytes: limits.headerBytesMax) }

  private var isPossiblyEmptyLine: Bool { Self.content(of: line).isEmpty }

  /// - Returns: true when the line is the empty one that ends the headers.
  mutating func lineEnded() throws(MultipartError) -> Bool {
    let content = Self.content(of: line)
    guard !content.isEmpty else { return true }
    bytesOfLines += line.count
    try take(content)
    line.removeAll(keepingCapacity: true)
    lineNumber += 1
    return false
  }

  private static func content(of line: [UInt8]) -> ArraySlice<UInt8> {
    var end = line.count
    if end > 0, line[end - 1] == ASCII.lineFeed { end -= 1 }
    if end > 0, line[end - 1] == ASCII.carriageReturn { end -= 1 }
    return line[..<end]
  }

  private mutating func take(_ content: ArraySlice<UInt8>) throws(MultipartError) {
    if let first = content.first, ASCII.isBlank(first), !headers.isEmpty {
      headers[headers.count - 1].value += [ASCII.space] + ASCII.trimmed(content)
      return
    }
    guard headers.count < limits.headersMax else { throw .tooManyHeaders(part: part, limit: limits.headersMax) }
    guard let colon = content.firstIndex(of: ASCII.colon) else { throw .headerMalformed(part: part, line: lineNumber) }
    let name = ASCII.trimmed(content[..<colon])
    guard !name.isEmpty, name.allSatisfy(ASCII.isTokenCharacter) else { throw .headerMalformed(part: part, line: lineNumber) }
    let value = ASCII.trimmed(content[(colon + 1)...])
    headers.append(MultipartHeader(name: String(decoding: name, as: UTF8.self), value: Array(value)))
  }
}
