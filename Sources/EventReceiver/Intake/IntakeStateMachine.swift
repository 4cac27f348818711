import NIOCore

/// One HTTP/1 connection from the receiver's side: when it is read, how long it may take, and what happens after an answer. No I/O, clock or
/// memory inside: the handler tells what happened and does what is returned.
///
/// A request is handed on when its body is complete, or refused before; so whoever answers never waits for a slow sender.
struct IntakeStateMachine {
  struct Limits: Sendable {
    var headerRead: TimeAmount
    var bodyStall: TimeAmount
    var bodyBytesPerSecondMin: Int
    var idle: TimeAmount
    var admissionWait: TimeAmount
    var linger: TimeAmount
    var shutdownBody: TimeAmount
    /// What is thrown away of a refused body before the connection is closed regardless.
    var lingerBytesMax: Int

    /// A body is read this far before it reserves memory, so that a sender that does not send holds none. It is within what one small read
    /// brings along with the header.
    var probationBytes = 1024
    /// Bodies up to this length reserve nothing: the bound on connections bounds them.
    var unreservedLengthMax = 4096
    /// What may come in while a request waits. The connection is not read then, but when its sender closes, NIO delivers what the socket
    /// holds.
    var unreservedBytesMax = 16 << 10

    /// How long a refused sender may still read when the program stops, so that it stops in time.
    var lingerStopping: TimeAmount { .seconds(1) }
    /// While others wait for memory, the minimum rate counts after this part of ``bodyStall``.
    var graceUnderPressure: TimeAmount { .nanoseconds(bodyStall.nanoseconds / 6) }
  }

  /// What the header says of the request.
  struct Head: Equatable {
    /// `Content-Length`; nil without one.
    var length: Int?
    var isChunked: Bool
    /// Compressed: its size in memory is not the length.
    var isEncoded: Bool
    var bytesMax: Int
    var expectsContinue: Bool
    var keepsAlive: Bool

    /// What to reserve for it; nil when nobody knows.
    var knownLength: Int? { isEncoded || isChunked ? nil : length ?? 0 }
  }

  struct Body {
    var head: Head
    var received = 0
    var reserved = 0
    /// When reading of the body began, moved on by the time spent waiting.
    var start: NIODeadline
    var lastProgress: NIODeadline
    /// Set when the program stops while it comes.
    var deadline: NIODeadline?
  }

  enum State {
    /// Moves to `collecting`, `answering` (refused), `lingering`, `closed`.
    case readingHead(since: NIODeadline, hasBytes: Bool)
    /// Between requests. Moves to `readingHead`, `collecting`, `closed`.
    case idle(since: NIODeadline)
    /// Moves to `waiting`, `answering`.
    case collecting(Body)
    /// For memory; the connection is not read. Moves to `collecting`, `answering`.
    case waiting(Body, since: NIODeadline, isComplete: Bool)
    /// Handed on. Moves to `idle`, `lingering`.
    case answering(closes: Bool)
    /// Answered for the last time; what still comes is thrown away. Moves to `closed`.
    case lingering(until: NIODeadline, bytesLeft: Int)
    case closed
  }

  /// Why nothing more comes in. What came before is still answered.
  enum InputEnd: Equatable {
    case closed
    case failed(HeaderRefusal)
  }

  enum Action: Equatable {
    case none
    /// Keep the bytes.
    case append
    /// Ask for the memory of `length` bytes (nil: unknown); then tell ``admitted(bytes:now:)`` or ``mustWait(now:)``.
    case reserve(length: Int?)
    /// As `reserve`, for a body of unknown length that has outgrown its share.
    case reserveMore
    /// Tell the sender to go on (100 Continue).
    case sendContinue
    /// The request is complete.
    case handOver
    /// Hand the request on with the reason; its body is not kept.
    case refuse(IntakeRefusal)
    /// Answer right here, there is no request to hand on, then close.
    case reject(HeaderRefusal)
    case close
    /// Nothing more is written: shut the output down and throw away what comes, without parsing it.
    case linger
    /// The connection is ready for its next request.
    case nextRequest
  }

  var state: State
  let limits: Limits
  var isStopping = false
  var inputEnd: InputEnd?

  init(limits: Limits, now: NIODeadline) {
    self.limits = limits
    state = .readingHead(since: now, hasBytes: false)
  }

  /// Whether the socket should be read. While an answer is on its way one read more is allowed, to notice what comes next; while the last one
  /// is, none: what comes would be thrown away uncounted, for as long as the answer takes.
  var mayRead: Bool {
    switch state {
    case .waiting, .closed: false
    case .answering(let closes): !closes
    case .readingHead, .idle, .collecting, .lingering: true
    }
  }

  /// Whether a request is complete and not answered yet: what follows it has to wait its turn.
  var isOccupied: Bool {
    switch state {
    case .answering, .waiting(_, _, isComplete: true): true
    case .readingHead, .idle, .collecting, .waiting, .lingering, .closed: false
    }
  }

  /// How much to read at once: little until it is known that the bytes are wanted.
  enum ReadSize: Int {
    case waiting = 512
    case header = 4096
    case body = 65536
  }

  var readSize: ReadSize {
    switch state {
    case .collecting(let body): body.reserved > 0 ? .body : .header
    case .lingering: .body
    case .readingHead, .idle, .answering, .closed: .header
    case .waiting: .waiting
    }
  }
}

// MARK: - The request

extension IntakeStateMachine {
  /// Something was read that is not a complete header yet.
  mutating func partOfHeadReceived(now: NIODeadline) {
    switch state {
    case .idle: state = .readingHead(since: now, hasBytes: true)
    case .readingHead(let since, _): state = .readingHead(since: since, hasBytes: true)
    case .collecting, .waiting, .answering, .lingering, .closed: break
    }
  }

  mutating func headReceived(_ head: Head, now: NIODeadline) -> Action {
    switch state {
    case .idle, .readingHead: break
    case .collecting, .waiting, .answering: preconditionFailure("a request began inside another")
    case .lingering, .closed: return .none
    }
    let body = Body(head: head, start: now, lastProgress: now)
    state = .collecting(body)
    if let length = head.length, length > head.bytesMax { return refuse(.tooLarge(limit: head.bytesMax)) }
    guard head.expectsContinue, head.isChunked || head.length ?? 0 > 0 else { return .none }
    // The sender waits for us, so the memory comes first, whatever the size.
    return .reserve(length: head.knownLength)
  }

  mutating func bodyReceived(_ count: Int, now: NIODeadline) -> Action {
    switch state {
    case .collecting(var body):
      body.received += count
      body.lastProgress = now
      state = .collecting(body)
      return collected(body)
    case .waiting(var body, let since, let isComplete):
      body.received += count
      state = .waiting(body, since: since, isComplete: isComplete)
      if body.received > body.head.bytesMax { return refuse(.tooLarge(limit: body.head.bytesMax)) }
      return body.received - body.reserved > limits.unreservedBytesMax ? refuse(.overloaded) : .append
    case .idle, .readingHead, .answering, .lingering, .closed:
      return .none
    }
  }

  mutating func endReceived(now: NIODeadline) -> Action {
    switch state {
    case .collecting(let body):
      state = .answering(closes: !body.head.keepsAlive || isStopping)
      return .handOver
    case .waiting(let body, let since, _):
      state = .waiting(body, since: since, isComplete: true)
      return .none
    case .idle, .readingHead, .answering, .lingering, .closed:
      return .none
    }
  }

  /// The memory that was asked for is there.
  mutating func admitted(bytes: Int, now: NIODeadline) -> Action {
    switch state {
    case .collecting(var body):
      body.reserved += bytes
      state = .collecting(body)
      return continued(body)
    case .waiting(var body, let since, let isComplete):
      body.reserved += bytes
      body.start = body.start + (now - since)
      body.lastProgress = now
      state = .collecting(body)
      return isComplete ? endReceived(now: now) : continued(body)
    case .idle, .readingHead, .answering, .lingering, .closed:
      return .none
    }
  }

  mutating func mustWait(now: NIODeadline) -> Action {
    guard case .collecting(let body) = state else { return .none }
    if isStopping { return refuse(.closing) }
    state = .waiting(body, since: now, isComplete: false)
    return .none
  }

  /// Every action but a refusal goes with keeping the bytes.
  private mutating func collected(_ body: Body) -> Action {
    if body.received > body.head.bytesMax { return refuse(.tooLarge(limit: body.head.bytesMax)) }
    if body.reserved > 0 {
      return body.head.knownLength == nil && body.received > body.reserved ? .reserveMore : .append
    }
    if let length = body.head.knownLength, length <= limits.unreservedLengthMax { return .append }
    return body.received >= limits.probationBytes ? .reserve(length: body.head.knownLength) : .append
  }

  private func continued(_ body: Body) -> Action {
    body.head.expectsContinue && body.received == 0 ? .sendContinue : .none
  }

  mutating func refuse(_ reason: IntakeRefusal) -> Action {
    state = .answering(closes: true)
    return .refuse(reason)
  }
}
