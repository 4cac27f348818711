/// How much a form may ask for before it is refused. Exactly the limit is accepted.
public struct MultipartLimits: Sendable, Hashable {
  public var partsMax: Int
  /// Bytes of all header lines of one part with their line ends, without the empty line after them.
  public var headerBytesMax: Int
  /// Header lines of one part; a folded line counts once.
  public var headersMax: Int

  public init(partsMax: Int = 256, headerBytesMax: Int = 8192, headersMax: Int = 16) {
    self.partsMax = partsMax
    self.headerBytesMax = headerBytesMax
    self.headersMax = headersMax
  }
}
