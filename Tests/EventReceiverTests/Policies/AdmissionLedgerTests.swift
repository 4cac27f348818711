import Testing

@testable import EventReceiver

@Suite("Admission by bytes")
struct AdmissionLedgerTests {
  private static let mebibyte = 1 << 20

  /// 64 MiB for bodies of at most 32 MiB, as the settings have it.
  private func ledger() -> AdmissionLedger { AdmissionLedger(totalBytes: 64 * Self.mebibyte, bodyBytesMax: 32 * Self.mebibyte) }

  @Test("Small bodies share one half, large ones the other")
  func splits() {
    var ledger = ledger()
    let large = ledger.firstShare(ofLength: 30 * Self.mebibyte)
    let small = ledger.firstShare(ofLength: 160_000)
    #expect(large == .init(lane: .large, bytes: 30 * Self.mebibyte) && small == .init(lane: .small, bytes: 160_000))
    #expect(ledger.requested(large, id: 1) == .granted)
    #expect(ledger.requested(large, id: 2) == .queued)
    #expect(ledger.requested(small, id: 3) == .granted)
    #expect(ledger.released(large) == [2])
  }

  @Test("The border between small and large", arguments: [(2 << 20, true), (2 << 20 + 1, false)])
  func decidesLane(length: Int, isSmall: Bool) {
    #expect((ledger().firstShare(ofLength: length).lane == .small) == isSmall)
  }

  @Test("Never more than the total is granted, whoever comes first is served first")
  func isFair() {
    var ledger = AdmissionLedger(totalBytes: 1000, bodyBytesMax: 1000)
    func share(_ bytes: Int) -> AdmissionLedger.Share { ledger.firstShare(ofLength: bytes) }
    #expect(ledger.requested(share(600), id: 1) == .granted)
    #expect(ledger.requested(share(500), id: 2) == .queued)
    // It would fit, but it came later.
    #expect(ledger.requested(share(100), id: 3) == .queued)
    #expect(ledger.bytesInUse == 600 && ledger.waitingCount == 2)
    #expect(ledger.released(share(600)) == [2, 3])
    #expect(ledger.bytesInUse == 600 && ledger.waitingCount == 0)
  }

  @Test("Exactly the total fits, one byte more waits", arguments: [(400, true), (401, false)])
  func fillsUp(bytes: Int, fits: Bool) {
    var ledger = AdmissionLedger(totalBytes: 1000, bodyBytesMax: 1000)
    _ = ledger.requested(ledger.firstShare(ofLength: 600), id: 1)
    #expect(ledger.requested(ledger.firstShare(ofLength: bytes), id: 2) == (fits ? .granted : .queued))
  }

  @Test("Who gives up lets those behind pass")
  func passesOn() {
    var ledger = AdmissionLedger(totalBytes: 1000, bodyBytesMax: 1000)
    _ = ledger.requested(ledger.firstShare(ofLength: 600), id: 1)
    _ = ledger.requested(ledger.firstShare(ofLength: 900), id: 2)
    _ = ledger.requested(ledger.firstShare(ofLength: 400), id: 3)
    #expect(ledger.gaveUp(2, lane: .large) == [3])
    #expect(ledger.gaveUp(2, lane: .large).isEmpty)
    #expect(ledger.bytesInUse == 1000)
  }

  @Test("Bodies of unknown length can always finish, however many there are")
  func doesNotDeadlock() {
    var ledger = ledger()
    let first = ledger.firstShare(ofLength: nil)
    var admitted: [UInt64] = []
    for id in 0..<100 where ledger.requested(first, id: UInt64(id)) == .granted { admitted.append(UInt64(id)) }
    #expect(admitted.count == 16)
    // All of them outgrow their share: one at a time gets the maximum, and every one does.
    let more = ledger.nextShare(after: first)
    guard let more else { return #expect(Bool(false), "there is no more") }
    var running = admitted.filter { ledger.requested(more, id: 1000 + $0) == .granted }.map { 1000 + $0 }
    var finished = 0
    while running.popLast() != nil {
      finished += 1
      running += ledger.released(more)
    }
    #expect(finished == admitted.count)
  }

  @Test("Where there is no room for two lanes, one takes everything")
  func worksWithOneLane() {
    var ledger = AdmissionLedger(totalBytes: 1 << 20, bodyBytesMax: 1 << 20)
    let unknown = ledger.firstShare(ofLength: nil)
    #expect(unknown.bytes == 1 << 20 && ledger.nextShare(after: unknown) == nil)
    #expect(ledger.requested(unknown, id: 1) == .granted)
    #expect(ledger.requested(ledger.firstShare(ofLength: 1), id: 2) == .queued)
  }

  /// Random requests, releases and withdrawals against a model that adds up what is granted.
  @Test("Random histories never grant more than the budget and leave nothing behind", arguments: 0..<20)
  func conserves(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var ledger = AdmissionLedger(totalBytes: 8 << 20, bodyBytesMax: 4 << 20)
    var shares: [UInt64: AdmissionLedger.Share] = [:]
    var held: Set<UInt64> = []
    var waiting: Set<UInt64> = []
    func granted(_ ids: [UInt64]) { for id in ids { held.insert(waiting.remove(id) ?? id) } }
    for id in UInt64(0)..<2000 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0, 1:
        let share = ledger.firstShare(ofLength: Bool.random(using: &random) ? Int.random(in: 0...4 << 20, using: &random) : nil)
        shares[id] = share
        waiting.insert(id)
        if ledger.requested(share, id: id) == .granted { granted([id]) }
      case 2:
        guard let one = held.randomElement(using: &random), let share = shares[one] else { continue }
        held.remove(one)
        granted(ledger.released(share))
      default:
        guard let one = waiting.randomElement(using: &random), let share = shares[one] else { continue }
        waiting.remove(one)
        granted(ledger.gaveUp(one, lane: share.lane))
      }
      let sum = held.reduce(0) { $0 + (shares[$1]?.bytes ?? 0) }
      #expect(sum == ledger.bytesInUse && sum <= 8 << 20 && waiting.count == ledger.waitingCount, "seed \(seed), step \(id)")
    }
    while let one = held.popFirst() { granted(ledger.released(shares[one] ?? .init(lane: .small, bytes: 0))) }
    #expect(ledger.bytesInUse == 0 && waiting.isEmpty, "seed \(seed)")
  }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
