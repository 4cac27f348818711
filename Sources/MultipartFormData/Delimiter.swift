/// Recognises a boundary line: two hyphens, the boundary, two more hyphens on the closing line, blanks (transport padding), line end.
///
/// RFC 2046 lets a line count that merely begins with the boundary; here the line must end after it, so that a boundary which begins like
/// this one, of a nested body for example, is data.
struct Delimiter: Sendable {
  enum Match: Equatable {
    /// Not a boundary line, whatever follows.
    case none
    /// All bytes agree so far; the line is not complete.
    case partial(isClosing: Bool)
    /// A boundary line of so many bytes, its line end included.
    case line(length: Int, isClosing: Bool, endsInBareLineFeed: Bool)
  }

  /// More padding than this is taken for data. No sender pads at all; the bound keeps what must be held back small.
  static let paddingBytesMax = 256

  private let opening: [UInt8]
  /// A line feed and the first three bytes of ``opening``, as they lie in memory: one comparison dismisses nearly every line.
  private let anchor: UInt32

  init(_ boundary: MultipartBoundary) {
    opening = [ASCII.hyphen, ASCII.hyphen] + boundary.bytes
    anchor = ([ASCII.lineFeed] + opening).withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
  }

  /// Longest boundary line; a match on that many bytes is never partial.
  var lengthMax: Int { opening.count + 2 + Self.paddingBytesMax + 2 }

  /// The next line feed that a boundary line may follow.
  func lineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var next = start
    while let found = bytes.firstIndex(of: ASCII.lineFeed, from: next) {
      if found + 4 > bytes.count || bytes.loadUnaligned(fromByteOffset: found, as: UInt32.self) == anchor { return found }
      next = found + 1
    }
    return nil
  }

  /// - Parameter start: the first byte of a line.
  func match(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Match {
    let available = bytes.count - start
    guard available >= opening.count else {
      let isBeginning = bytes[start...].elementsEqual(opening.prefix(available))
      return isBeginning ? .partial(isClosing: false) : .none
    }
    // The first byte decides nearly always and costs no call.
    guard bytes[start] == ASCII.hyphen, bytes.holds(opening, at: start) else { return .none }
    return matchEnd(bytes, at: start, from: start + opening.count)
  }

  private func matchEnd(_ bytes: UnsafeRawBufferPointer, at start: Int, from boundaryEnd: Int) -> Match {
    var index = boundaryEnd
    var isClosing = false
    if index < bytes.count, bytes[index] == ASCII.hyphen {
      guard index + 1 < bytes.count else { return .partial(isClosing: false) }
      guard bytes[index + 1] == ASCII.hyphen else { return .none }
      isClosing = true
      index += 2
    }
    let paddingStart = index
    while index < bytes.count, ASCII.isBlank(bytes[index]) {
      index += 1
      if index - paddingStart > Self.paddingBytesMax { return .none }
    }
    guard index < bytes.count else { return .partial(isClosing: isClosing) }
    if bytes[index] == ASCII.lineFeed {
      return .line(length: index + 1 - start, isClosing: isClosing, endsInBareLineFeed: true)
    }
    guard bytes[index] == ASCII.carriageReturn else { return .none }
    guard index + 1 < bytes.count else { return .partial(isClosing: isClosing) }
    guard bytes[index + 1] == ASCII.lineFeed else { return .none }
    return .line(length: index + 2 - start, isClosing: isClosing, endsInBareLineFeed: false)
  }
}
