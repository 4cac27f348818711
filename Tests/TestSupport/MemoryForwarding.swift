public import FaceEvents
import Synchronization

/// Targets and parked events in memory; nothing is delivered.
public final class MemoryForwarding: Forwarding {
  private struct State {
    var targets: [ForwardTarget] = []
    var starts: [String: TargetStart] = [:]
    var parked: [ParkedEvent] = []
    var tested: [String: [UInt8]?] = [:]
  }

  /// Refused as the node itself.
  public static let ownURL = "http://127.0.0.1:1/itself"

  private let state = Mutex(State())
  private let failure: ForwardingError?

  /// - Parameter failure: what every call throws.
  public init(parked: [ParkedEvent] = [], failure: ForwardingError? = nil) {
    self.failure = failure
    state.withLock { $0.parked = parked }
  }

  /// What each target began with.
  public var starts: [String: TargetStart] { state.withLock { $0.starts } }
  /// What each target was tested with.
  public var tested: [String: [UInt8]?] { state.withLock { $0.tested } }

  public func targets() async throws(ForwardingError) -> [ForwardTarget] {
    if let failure { throw failure }
    return state.withLock { $0.targets }
  }

  public func check(_ target: ForwardTarget) async throws(ForwardingError) {
    if let failure { throw failure }
    do { try target.validate() } catch { throw .invalid(error) }
    for (index, url) in target.urls.enumerated() where url == Self.ownURL {
      throw .invalid(TargetProblem(field: "urls[\(index)]", message: "is this node itself"))
    }
  }

  public func save(_ target: ForwardTarget, start: TargetStart) async throws(ForwardingError) {
    try await check(target)
    state.withLock { state in
      if let place = state.targets.firstIndex(where: { $0.id == target.id }) {
        state.targets[place] = target
      } else {
        state.targets.append(target)
        state.starts[target.id] = start
      }
    }
  }

  public func removeTarget(_ id: String) async throws(ForwardingError) {
    try await change(id) { state, place in
      state.targets.remove(at: place)
      state.parked.removeAll { $0.target == id }
    }
  }

  public func pauseTarget(_ id: String, reason: String) async throws(ForwardingError) {
    try await change(id) {
      $0.targets[$1].pause = TargetPause(reason: reason, at: Timestamp(milliseconds: 1_709_626_502_345), isAutomatic: false)
    }
  }

  public func resumeTarget(_ id: String) async throws(ForwardingError) { try await change(id) { $0.targets[$1].pause = nil } }

  public func restartTarget(_ id: String, at start: TargetStart) async throws(ForwardingError) {
    try await change(id) { state, _ in state.starts[id] = start }
  }

  public func testTarget(_ id: String, event: [UInt8]?) async throws(ForwardingError) -> [TargetAnswer] {
    try await change(id) { state, _ in state.tested[id] = .some(event) }
    return state.withLock { state in
      state.targets.filter { $0.id == id }.flatMap(\.urls).map { url in
        TargetAnswer(
          url: TargetURL.masked(url), httpStatus: 200, headers: [TargetHeader(name: "Content-Type", value: "text/plain")],
          body: Array("thanks".utf8), failure: nil, milliseconds: 3)
      }
    }
  }

  public func backlog() async throws(ForwardingError) -> [TargetBacklog] {
    if let failure { throw failure }
    return state.withLock { state in
      state.targets.map { target in
        TargetBacklog(
          target: target.id, phase: target.pause == nil ? .idle : .paused, waitingEvents: 7, waitingBytesEstimate: nil,
          oldestReceivedAt: nil, inFlight: 0, parkedEvents: state.parked.count { $0.target == target.id }, eventsPerSecond: 1.5,
          forwarded: 3, lastAnswer: nil, nextTryAt: nil, pause: target.pause)
      }
    }
  }

  public func parked(target: String?, after sequence: Int64, limit: Int) async throws(ForwardingError) -> [ParkedEvent] {
    if let failure { throw failure }
    return state.withLock { state in
      Array(state.parked.filter { (target == nil || $0.target == target) && $0.sequence > sequence }.prefix(limit))
    }
  }

  public func replayParked(target: String, sequences: [Int64]?) async throws(ForwardingError) -> Int {
    try await change(target) { _, _ in }
    return state.withLock { state in
      let places = state.parked.indices.filter { Self.isMeant(state.parked[$0], target, sequences) && !state.parked[$0].isReplaying }
      for place in places { state.parked[place].isReplaying = true }
      return places.count
    }
  }

  public func dropParked(target: String, sequences: [Int64]?) async throws(ForwardingError) -> Int {
    try await change(target) { _, _ in }
    return state.withLock { state in
      let before = state.parked.count
      state.parked.removeAll { Self.isMeant($0, target, sequences) }
      return before - state.parked.count
    }
  }

  private static func isMeant(_ event: ParkedEvent, _ target: String, _ sequences: [Int64]?) -> Bool {
    event.target == target && sequences?.contains(event.sequence) ?? true
  }

  private func change(_ id: String, _ body: (inout State, Int) -> Void) async throws(ForwardingError) {
    if let failure { throw failure }
    let isKnown = state.withLock { state in
      guard let place = state.targets.firstIndex(where: { $0.id == id }) else { return false }
      body(&state, place)
      return true
    }
    guard isKnown else { throw .noSuchTarget(id) }
  }
}
