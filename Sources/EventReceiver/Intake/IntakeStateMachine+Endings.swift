import NIOCore

// MARK: - The answer

extension IntakeStateMachine {
  /// Whether the answer that begins now is the connection's last.
  /// - Parameter hasMore: whether more of what was sent (pipelining) waits to be looked at.
  func closesAfterAnswer(hasMore: Bool) -> Bool {
    guard case .answering(let closes) = state else { return true }
    return closes || isStopping || (inputEnd == .closed && !hasMore)
  }

  mutating func answerWritten(hasMore: Bool, now: NIODeadline) -> Action {
    guard case .answering = state else { return .none }
    if closesAfterAnswer(hasMore: hasMore) { return linger(now: now) }
    if !hasMore, case .failed(let reason) = inputEnd { return reject(reason, now: now) }
    state = .idle(since: now)
    return .nextRequest
  }

  /// What waited while a request was answered has been looked at.
  mutating func caughtUp(now: NIODeadline) -> Action {
    switch inputEnd {
    case nil: .none
    case .closed: inputClosed(hasMore: false, now: now)
    case .failed(let reason): parserFailed(reason, hasMore: false, now: now)
    }
  }

  /// More was sent ahead than is kept: the answer under way is the last.
  mutating func overflowed() -> Action {
    switch state {
    case .answering: state = .answering(closes: true)
    case .waiting(var body, let since, let isComplete):
      body.head.keepsAlive = false
      state = .waiting(body, since: since, isComplete: isComplete)
    case .readingHead, .idle: return close()
    case .collecting, .lingering, .closed: break
    }
    return .none
  }

  /// Bytes of a lingering connection were thrown away.
  mutating func discarded(_ count: Int) -> Action {
    guard case .lingering(let until, let bytesLeft) = state else { return .none }
    guard count <= bytesLeft else { return close() }
    state = .lingering(until: until, bytesLeft: bytesLeft - count)
    return .none
  }

  private mutating func reject(_ reason: HeaderRefusal, now: NIODeadline) -> Action {
    _ = linger(now: now)
    return .reject(reason)
  }

  private mutating func linger(now: NIODeadline) -> Action {
    // A sender that has shut its side down already only has to be written to.
    state = .lingering(until: now + lingerTime, bytesLeft: limits.lingerBytesMax)
    return .linger
  }

  /// A stop does not wait for a sender that neither reads nor closes.
  private var lingerTime: TimeAmount { isStopping ? min(limits.linger, .seconds(1)) : limits.linger }
}

// MARK: - Time

extension IntakeStateMachine {
  /// To be called several times within the shortest limit.
  /// - Parameter isContended: whether bodies wait for memory that others hold.
  mutating func ticked(now: NIODeadline, isContended: Bool) -> Action {
    switch state {
    case .readingHead(let since, let hasBytes):
      guard now - since >= limits.headerRead else { return .none }
      return hasBytes ? reject(.timeout, now: now) : close()
    case .idle(let since): return now - since >= limits.idle ? close() : .none
    case .collecting(let body): return lateness(of: body, now: now, isContended: isContended).map { refuse($0) } ?? .none
    case .waiting(_, let since, _): return now - since >= limits.admissionWait ? refuse(.overloaded) : .none
    case .lingering(let until, _): return now >= until ? close() : .none
    case .answering, .closed: return .none
    }
  }

  private func lateness(of body: Body, now: NIODeadline, isContended: Bool) -> IntakeRefusal? {
    if now - body.lastProgress >= limits.bodyStall { return .stalled }
    if let deadline = body.deadline, now >= deadline { return .closing }
    let elapsed = now - body.start
    let isUnderPressure = isContended && body.reserved > 0
    let grace = isUnderPressure ? limits.graceUnderPressure : limits.bodyStall
    guard elapsed >= grace else { return nil }
    // Under pressure the whole time counts, otherwise only what is beyond the grace.
    let counted = isUnderPressure ? elapsed : elapsed - grace
    let expected = Double(counted.nanoseconds) / 1e9 * Double(limits.bodyBytesPerSecondMin)
    return Double(body.received) < expected ? .tooSlow : nil
  }
}

// MARK: - Ends

extension IntakeStateMachine {
  /// What came is not HTTP, or ended in the middle of a request. The decoder delivers nothing more.
  /// - Parameter hasMore: whether something that came before still waits to be looked at.
  mutating func parserFailed(_ reason: HeaderRefusal, hasMore: Bool, now: NIODeadline) -> Action {
    inputEnd = .failed(reason)
    switch state {
    case .readingHead, .idle: return hasMore ? .none : reject(reason, now: now)
    case .collecting: return refuse(.incomplete)
    case .waiting(_, _, let isComplete): return isComplete ? .none : refuse(.incomplete)
    case .answering, .lingering, .closed: return .none
    }
  }

  /// The sender will send nothing more; it may still read.
  /// - Parameter hasMore: whether something that came before still waits to be looked at.
  mutating func inputClosed(hasMore: Bool, now: NIODeadline) -> Action {
    if inputEnd == nil { inputEnd = .closed }
    switch state {
    case .readingHead, .idle: return hasMore ? .none : close()
    case .collecting: return refuse(.incomplete)
    case .waiting(_, _, let isComplete): return isComplete ? .none : refuse(.incomplete)
    case .answering, .lingering, .closed: return .none
    }
  }

  /// The program stops: what is complete is answered, what is on its way gets a last chance, what waits is sent away.
  mutating func stopping(now: NIODeadline) -> Action {
    isStopping = true
    switch state {
    case .readingHead, .idle: return close()
    case .collecting(var body):
      body.deadline = now + limits.shutdownBody
      state = .collecting(body)
      return .none
    case .waiting(_, _, let isComplete): return isComplete ? .none : refuse(.closing)
    case .lingering(let until, let bytesLeft):
      state = .lingering(until: min(until, now + lingerTime), bytesLeft: bytesLeft)
      return .none
    case .answering, .closed: return .none
    }
  }

  mutating func channelClosed() {
    state = .closed
  }

  private mutating func close() -> Action {
    state = .closed
    return .close
  }
}
