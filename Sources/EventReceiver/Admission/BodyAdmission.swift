import Synchronization

/// Admission of bodies by bytes over all connections: ``AdmissionLedger`` behind a lock, with somebody to call when a share is granted.
final class BodyAdmission: Sendable {
  /// Called once, on any thread, unless the request is withdrawn before.
  typealias Grant = @Sendable (Reservation) -> Void

  enum Decision {
    case granted(Reservation)
    case waiting(Ticket)
  }

  /// A place in the queue.
  struct Ticket: Sendable {
    fileprivate var id: UInt64
    fileprivate var share: AdmissionLedger.Share
  }

  private struct State {
    var ledger: AdmissionLedger
    var lastID: UInt64 = 0
    var grants: [UInt64: (share: AdmissionLedger.Share, grant: Grant)] = [:]
  }

  private let state: Mutex<State>

  init(totalBytes: Int, bodyBytesMax: Int) {
    state = Mutex(State(ledger: AdmissionLedger(totalBytes: totalBytes, bodyBytesMax: bodyBytesMax)))
  }

  /// Reserves what a body needs at first; nil length means unknown.
  func reserve(length: Int?, onGrant: @escaping Grant) -> Decision {
    state.withLock { state in
      let share = state.ledger.firstShare(ofLength: length)
      return request(share, in: &state, onGrant: onGrant)
    }
  }

  /// Reserves the greatest body's size on top, for a body of unknown length.
  /// - Returns: nil when `reservation` covers that already.
  func reserveMore(after reservation: Reservation, onGrant: @escaping Grant) -> Decision? {
    state.withLock { state in
      guard let share = state.ledger.nextShare(after: reservation.share) else { return nil }
      return request(share, in: &state, onGrant: onGrant)
    }
  }

  /// - Returns: true when the place is given up; false when the grant came first and is, or has been, handed out.
  @discardableResult
  func withdraw(_ ticket: Ticket) -> Bool {
    let (wasWaiting, granted) = state.withLock { state in
      guard state.grants.removeValue(forKey: ticket.id) != nil else { return (false, [Granted]()) }
      let ids = state.ledger.gaveUp(ticket.id, lane: ticket.share.lane)
      return (true, Self.take(ids, from: &state))
    }
    hand(out: granted)
    return wasWaiting
  }

  var bytesInUse: Int { state.withLock { $0.ledger.bytesInUse } }
  var waitingCount: Int { state.withLock { $0.ledger.waitingCount } }

  fileprivate func release(_ share: AdmissionLedger.Share) {
    let granted = state.withLock { state in
      let ids = state.ledger.released(share)
      return Self.take(ids, from: &state)
    }
    hand(out: granted)
  }

  private typealias Granted = (share: AdmissionLedger.Share, grant: Grant)

  private func request(_ share: AdmissionLedger.Share, in state: inout State, onGrant: @escaping Grant) -> Decision {
    state.lastID += 1
    switch state.ledger.requested(share, id: state.lastID) {
    case .granted: return .granted(Reservation(share: share, admission: self))
    case .queued:
      state.grants[state.lastID] = (share, onGrant)
      return .waiting(Ticket(id: state.lastID, share: share))
    }
  }

  private static func take(_ ids: [UInt64], from state: inout State) -> [Granted] {
    ids.isEmpty ? [] : ids.compactMap { state.grants.removeValue(forKey: $0) }
  }

  private func hand(out granted: [Granted]) {
    for (share, grant) in granted { grant(Reservation(share: share, admission: self)) }
  }
}

/// Memory that a body may use. Given back when nobody refers to it any more, so it is kept beside the bytes that it stands for.
final class Reservation: Sendable {
  let share: AdmissionLedger.Share
  private let admission: BodyAdmission

  fileprivate init(share: AdmissionLedger.Share, admission: BodyAdmission) {
    self.share = share
    self.admission = admission
  }

  deinit { admission.release(share) }

  var bytes: Int { share.bytes }
}
