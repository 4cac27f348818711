public import FaceEvents

/// What every ``TargetStore`` promises. The store under test has no events, so that the end of the log is 0.
public enum TargetStoreContract {
  public typealias Case = ContractCase<any TargetStore>

  public static let cases: [Case] = targets + cursors + parking

  /// A target with something in every field.
  static func fullTarget(_ id: String) -> ForwardTarget {
    var target = ForwardTarget(id: id, name: "the cloud", lane: .history, urls: ["https://u:p@cloud.example:8443/HistoryEvent?k=v"])
    target.group = "history"
    target.format = .formData
    target.pictures = [.scene, .face]
    target.offPicture = .omit
    (target.periodSeconds, target.batch, target.concurrency, target.timeoutMilliseconds) = (7, 50, 3, 1_500)
    target.headers = [TargetHeader(name: "X-Site", value: "north \"gate\"")]
    target.classes = [.vip, .stranger]
    target.scoreMin = 0.82
    target.tls = TargetTLS(caFile: "/etc/ca.pem", certificateFile: "/etc/own.pem", keyFile: "/etc/own.key", isInsecure: true)
    target.pause = TargetPause(reason: "moved house", at: Timestamp(milliseconds: 5), isAutomatic: true)
    return target
  }

  static func target(_ id: String) -> ForwardTarget { ForwardTarget(id: id, lane: .history, urls: ["http://192.0.2.7:9528/HistoryEvent"]) }

  static func parked(_ target: String, _ sequence: Int64) -> ParkedEvent {
    ParkedEvent(
      target: target, sequence: sequence, eventID: SampleRecords.event("parked \(sequence)").id, httpStatus: 400, reason: "HTTP 400",
      excerpt: "{\"message\":\"no\"}", attempts: 2, parkedAt: Timestamp(milliseconds: 1_000 + sequence))
  }

  private static let targets: [Case] = [
    Case("a target comes back with everything it was saved with") { store in
      let full = fullTarget("full")
      try await store.save(full, start: .end)
      try requireEqual(try await store.targets(), [full], "targets")
    },
    Case("targets come in the order in which they were first saved") { store in
      for id in ["b", "c", "a"] { try await store.save(target(id), start: .end) }
      var changed = target("b")
      changed.name = "changed"
      try await store.save(changed, start: .end)
      try requireEqual(try await store.targets().map(\.name), ["changed", "c", "a"], "names")
    },
    Case("a removed target is gone with its cursor and what it had parked") { store in
      for id in ["a", "b"] {
        try await store.save(target(id), start: .end)
        try await store.park([parked(id, 3)])
      }
      try requireEqual(try await store.removeTarget("a"), true, "removed")
      try requireEqual(try await store.removeTarget("a"), false, "removed again")
      try requireEqual(try await store.targets().map(\.id), ["b"], "targets")
      try requireEqual(try await store.cursors(), ["b": 0], "cursors")
      try requireEqual(try await store.parkedCounts(), ["b": 1], "parked")
    },
    Case("a pause changes nothing else, and ends") { store in
      try await store.save(fullTarget("a"), start: .end)
      let pause = TargetPause(reason: "HTTP 401", at: Timestamp(milliseconds: 9), isAutomatic: true)
      try requireEqual(try await store.setPause(pause, ofTarget: "a"), true, "paused")
      var expected = fullTarget("a")
      expected.pause = pause
      try requireEqual(try await store.targets(), [expected], "paused target")
      try requireEqual(try await store.setPause(nil, ofTarget: "a"), true, "resumed")
      expected.pause = nil
      try requireEqual(try await store.targets(), [expected], "resumed target")
      try requireEqual(try await store.setPause(nil, ofTarget: "nobody"), false, "resumed nobody")
    },
  ]

  private static let cursors: [Case] = [
    Case("a new target begins where it was told to, and a later save does not move it") { store in
      try await store.save(target("end"), start: .end)
      try await store.save(target("beginning"), start: .beginning)
      try await store.save(target("middle"), start: .after(41))
      try await store.save(target("middle"), start: .beginning)
      try requireEqual(try await store.cursors(), ["end": 0, "beginning": 0, "middle": 41], "cursors")
    },
    Case("cursors advance together, never back, and not for targets that are gone") { store in
      for id in ["a", "b", "c"] { try await store.save(target(id), start: .after(10)) }
      try await store.advanceCursors(["a": 25, "b": 9, "nobody": 3])
      try requireEqual(try await store.cursors(), ["a": 25, "b": 10, "c": 10], "cursors")
      try await store.advanceCursors([:])
    },
    Case("a start moves a cursor in either direction") { store in
      try await store.save(target("a"), start: .after(10))
      try requireEqual(try await store.setStart(.after(4), ofTarget: "a"), true, "moved")
      try requireEqual(try await store.cursors(), ["a": 4], "cursor")
      try requireEqual(try await store.setStart(.beginning, ofTarget: "nobody"), false, "moved nobody")
    },
  ]

  private static let parking: [Case] = [
    Case("a parked event comes back with everything, also without id and status") { store in
      try await store.save(target("a"), start: .end)
      let first = parked("a", 1)
      var second = parked("a", 2)
      (second.eventID, second.httpStatus, second.excerpt) = (nil, nil, "")
      try await store.park([first, second])
      try requireEqual(try await store.parked(target: nil, after: 0, limit: 10), [first, second], "parked")
    },
    Case("parking again replaces, and nothing is parked for a target that is gone") { store in
      try await store.save(target("a"), start: .end)
      var again = parked("a", 1)
      again.attempts = 9
      try await store.park([parked("a", 1), again, parked("nobody", 1)])
      try requireEqual(try await store.parked(target: nil, after: 0, limit: 10), [again], "parked")
    },
    Case("pages go by sequence, of one target or of all") { store in
      for id in ["a", "b"] { try await store.save(target(id), start: .end) }
      try await store.park((1...6).map { parked($0 % 2 == 0 ? "a" : "b", $0) })
      let page = try await store.parked(target: nil, after: 2, limit: 3)
      try requireEqual(page.map(\.sequence), [3, 4, 5], "page of all")
      let own = try await store.parked(target: "a", after: 2, limit: 3)
      try requireEqual(own.map(\.sequence), [4, 6], "page of one")
      try requireEqual(try await store.parked(target: nil, after: 0, limit: 0).count, 0, "page of none")
      try requireEqual(try await store.parkedCounts(), ["a": 3, "b": 3], "counts")
    },
    Case("replaying marks events, once, and leaves them parked until they are dropped") { store in
      for id in ["a", "b"] { try await store.save(target(id), start: .end) }
      try await store.park([parked("a", 1), parked("a", 2), parked("a", 3), parked("b", 1)])
      try requireEqual(try await store.replayParked(target: "a", sequences: [2, 77]), 1, "marked")
      try requireEqual(try await store.replaying(target: "a", limit: 10).map(\.sequence), [2], "replaying")
      try requireEqual(try await store.replayParked(target: "a", sequences: nil), 2, "marked by all")
      try requireEqual(try await store.replaying(target: "a", limit: 2).map(\.sequence), [1, 2], "replaying all")
      try requireEqual(try await store.replaying(target: "b", limit: 2).count, 0, "of another target")
      try requireEqual(try await store.dropParked(target: "a", sequences: [1, 77]), 1, "dropped")
      try requireEqual(try await store.parkedCounts(), ["a": 2, "b": 1], "counts")
      try requireEqual(try await store.dropParked(target: "a", sequences: nil), 2, "dropped by all")
    },
  ]
}
