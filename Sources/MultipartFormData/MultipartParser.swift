/// Takes a multipart/form-data body apart (RFC 7578, RFC 2046 section 5.1) as it arrives, in chunks of any size, without copying bodies.
///
/// Feed every chunk to ``received(_:)``, then call ``ended()``. The events do not depend on where the chunks are cut, but for how a body is
/// divided into `body` and `heldBody`; of one chunk that holds the whole form, each body that is not empty is exactly one range.
///
/// Bounded: memory is the headers of one part plus a boundary line, time is linear in the bytes. Senders that end lines by a bare line feed
/// are understood; when the boundary line before a part ended so, only a line feed is taken from the part's end, so that a carriage
/// return there belongs to the body. Preamble and epilogue are ignored.
public struct MultipartParser: Sendable {
  /// `preamble` -> `headers` -> `body` -> `headers` … -> `epilogue`; `failed` from each.
  private enum State: Sendable {
    case preamble
    case headers(HeaderBlock)
    case body
    case epilogue
    case failed(MultipartError)
  }

  private let delimiter: Delimiter
  private let limits: MultipartLimits
  private var state = State.preamble
  private var part = 0
  private var endsLinesByLineFeed = false

  /// In `preamble` and `body`: whether the next byte begins a line, though no line end of this text is before it.
  private var isAtStart = true
  /// In `preamble` and `body`: what may be the beginning of a boundary line, from the line end before it on.
  private var held: [UInt8] = []
  /// How many bytes at the front of ``held`` were never received here: the line feed that ``isAtStart`` stands for.
  private var heldImplied = 0

  public init(boundary: MultipartBoundary, limits: MultipartLimits = MultipartLimits()) {
    delimiter = Delimiter(boundary)
    self.limits = limits
  }

  /// After an error every further call throws it again.
  public mutating func received(_ chunk: UnsafeRawBufferPointer) throws(MultipartError) -> [MultipartEvent] {
    var events: [MultipartEvent] = []
    var cursor = 0
    do throws(MultipartError) {
      while cursor < chunk.count { cursor = try advance(chunk, from: cursor, &events) }
    } catch {
      state = .failed(error)
      throw error
    }
    return events
  }

  /// The body is complete. The last boundary line needs no line end.
  public mutating func ended() throws(MultipartError) -> [MultipartEvent] {
    var events: [MultipartEvent] = []
    do throws(MultipartError) { try finish(&events) } catch {
      state = .failed(error)
      throw error
    }
    return events
  }

  /// - Returns: up to where the chunk is dealt with now.
  private mutating func advance(
    _ chunk: UnsafeRawBufferPointer, from cursor: Int, _ events: inout [MultipartEvent]
  ) throws(MultipartError) -> Int {
    switch state {
    case .headers(var block):
      // Emptied so that the block is changed in place.
      state = .preamble
      let next = try takeHeaderLine(chunk, from: cursor, &block, &events)
      if case .preamble = state { state = .headers(block) }
      return next
    case .preamble, .body:
      if !held.isEmpty { return try resumeBoundaryLine(chunk, &events) }
      return try scan(chunk, from: cursor, &events)
    case .epilogue: return chunk.count
    case .failed(let error): throw error
    }
  }
}

// Bodies, and the preamble, which is a body that nobody wants.
extension MultipartParser {
  private mutating func scan(
    _ chunk: UnsafeRawBufferPointer, from cursor: Int, _ events: inout [MultipartEvent]
  ) throws(MultipartError) -> Int {
    var lineEnd: Int? = isAtStart ? cursor - 1 : delimiter.lineFeed(in: chunk, from: cursor)
    isAtStart = false
    while let lineFeed = lineEnd {
      let bodyEnd = bodyEnd(before: lineFeed, in: chunk, from: cursor)
      switch delimiter.match(chunk, at: lineFeed + 1) {
      case .none:
        lineEnd = delimiter.lineFeed(in: chunk, from: lineFeed + 1)
      case .partial:
        emit(cursor..<bodyEnd, &events)
        hold(chunk, from: lineFeed < cursor ? cursor : bodyEnd, impliedLineFeed: lineFeed < cursor)
        return chunk.count
      case .line(let length, let isClosing, let endsInBareLineFeed):
        emit(cursor..<bodyEnd, &events)
        try boundaryLineEnded(isClosing: isClosing, endsInBareLineFeed: endsInBareLineFeed, &events)
        return lineFeed + 1 + length
      }
    }
    let bodyEnd = bodyEnd(before: chunk.count, in: chunk, from: cursor)
    emit(cursor..<bodyEnd, &events)
    hold(chunk, from: bodyEnd, impliedLineFeed: false)
    return chunk.count
  }

  /// Where the body ends when a boundary line follows the line feed at `lineFeed`. A carriage return before it belongs to the line end.
  private func bodyEnd(before lineFeed: Int, in chunk: UnsafeRawBufferPointer, from cursor: Int) -> Int {
    guard lineFeed > cursor else { return cursor }
    return chunk[lineFeed - 1] == ASCII.carriageReturn && !endsLinesByLineFeed ? lineFeed - 1 : lineFeed
  }

  private mutating func emit(_ range: Range<Int>, _ events: inout [MultipartEvent]) {
    if case .body = state, !range.isEmpty { events.append(.body(range)) }
  }

  private mutating func hold(_ chunk: UnsafeRawBufferPointer, from start: Int, impliedLineFeed: Bool) {
    heldImplied = impliedLineFeed ? 1 : 0
    held = (impliedLineFeed ? [ASCII.lineFeed] : []) + chunk[start...]
  }

  /// Decides about the held bytes with the help of the chunk's first ones.
  private mutating func resumeBoundaryLine(
    _ chunk: UnsafeRawBufferPointer, _ events: inout [MultipartEvent]
  ) throws(MultipartError) -> Int {
    let joined = held + chunk.prefix(delimiter.lengthMax)
    switch matchHeld(joined) {
    case .none:
      // No other boundary line can begin within what was held: line ends stand only at its front, or complete it.
      let data = held.dropFirst(heldImplied)
      if case .body = state, !data.isEmpty { events.append(.heldBody(Array(data))) }
      held = []
      return 0
    case .partial:
      held = joined
      return chunk.count
    case .line(let length, let isClosing, let endsInBareLineFeed):
      let lineStart = joined[0] == ASCII.lineFeed ? 1 : 2
      let consumed = lineStart + length - held.count
      held = []
      try boundaryLineEnded(isClosing: isClosing, endsInBareLineFeed: endsInBareLineFeed, &events)
      return consumed
    }
  }
}

// Boundary lines and headers.
extension MultipartParser {
  private mutating func boundaryLineEnded(
    isClosing: Bool, endsInBareLineFeed: Bool, _ events: inout [MultipartEvent]
  ) throws(MultipartError) {
    if case .body = state { events.append(.partEnded) }
    guard !isClosing else {
      state = .epilogue
      events.append(.finished)
      return
    }
    guard part < limits.partsMax else { throw .tooManyParts(limit: limits.partsMax) }
    part += 1
    endsLinesByLineFeed = endsInBareLineFeed
    state = .headers(HeaderBlock(part: part, limits: limits))
  }

  private mutating func takeHeaderLine(
    _ chunk: UnsafeRawBufferPointer, from cursor: Int, _ block: inout HeaderBlock, _ events: inout [MultipartEvent]
  ) throws(MultipartError) -> Int {
    let lineFeed = chunk.firstIndex(of: ASCII.lineFeed, from: cursor)
    let end = lineFeed.map { $0 + 1 } ?? chunk.count
    try block.received(chunk.part(cursor..<end))
    guard lineFeed != nil else { return end }
    if case .line(_, let isClosing, _) = block.line.withUnsafeBytes({ delimiter.match($0, at: 0) }) {
      try boundaryLineAmongHeaders(block, isClosing: isClosing, &events)
    } else if try block.lineEnded() {
      events.append(.partBegan(try MultipartPartHead(headers: block.headers, part: part)))
      state = .body
      isAtStart = true
    }
    return end
  }

  /// A form without parts may be written as an opening line and a closing line; any other boundary line here is a part gone wrong.
  private mutating func boundaryLineAmongHeaders(
    _ block: HeaderBlock, isClosing: Bool, _ events: inout [MultipartEvent]
  ) throws(MultipartError) {
    guard block.headers.isEmpty, isClosing else { throw .headersNotEnded(part: part) }
    state = .epilogue
    events.append(.finished)
  }

  private mutating func finish(_ events: inout [MultipartEvent]) throws(MultipartError) {
    switch state {
    case .preamble where !holdsClosingLine: throw .boundaryNotFound
    case .body where !holdsClosingLine: throw .finalBoundaryMissing(part: part)
    case .preamble, .body:
      try boundaryLineEnded(isClosing: true, endsInBareLineFeed: false, &events)
    case .headers(let block):
      guard case .partial(isClosing: true) = block.line.withUnsafeBytes({ delimiter.match($0, at: 0) }) else {
        throw .finalBoundaryMissing(part: part)
      }
      try boundaryLineAmongHeaders(block, isClosing: true, &events)
    case .epilogue: break
    case .failed(let error): throw error
    }
  }

  private var holdsClosingLine: Bool { matchHeld(held) == .partial(isClosing: true) }

  /// - Parameter held: a line end, perhaps only its carriage return, and what follows it.
  private func matchHeld(_ held: [UInt8]) -> Delimiter.Match {
    guard let lineFeed = held.prefix(2).firstIndex(of: ASCII.lineFeed) else { return .none }
    return held.withUnsafeBytes { delimiter.match($0, at: lineFeed + 1) }
  }
}
