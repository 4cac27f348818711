public import FaceEvents

/// What every ``QuarantineStore`` promises. The bound on bytes of the store under test lies between 100 KB and 1 MB.
public enum QuarantineStoreContract {
  public typealias Case = ContractCase<any QuarantineStore>

  public static let cases: [Case] = [
    Case("a request is kept with everything that is known of it") { store in
      let request = SampleRecords.request("{broken", at: 5)
      let entry = try await store.quarantine(request)
      try requireEqual(try await store.quarantinedBody(entry.id)?.array, request.body.array, "body")
      try requireEqual(entry.reason, request.reason, "reason")
      try requireEqual(entry.contentType, request.contentType, "content type")
      try requireEqual(entry.source, request.source, "source")
      try requireEqual(entry.byteCount, 7, "size")
      try requireEqual([entry.firstReceivedAt, entry.lastReceivedAt], [request.receivedAt, request.receivedAt], "times")
      try requireEqual(entry.count, 1, "count")
      try requireEqual(try await store.quarantineEntries(limit: 10), [entry], "entries")
    },
    Case("the same bytes again are one entry with a count") { store in
      let first = try await store.quarantine(SampleRecords.request("{broken", at: 5))
      let again = try await store.quarantine(SampleRecords.request("{broken", at: 90))
      try requireEqual(again.id, first.id, "id")
      try requireEqual(again.count, 2, "count")
      try requireEqual(again.firstReceivedAt, first.firstReceivedAt, "first time")
      try requireEqual(again.lastReceivedAt.milliseconds, SampleRecords.start + 90, "last time")
      try requireEqual(try await store.quarantineTotals(), QuarantineTotals(entries: 1, bytes: 7, evicted: 0), "totals")
    },
    Case("an empty body is an entry too") { store in
      let entry = try await store.quarantine(SampleRecords.request(""))
      try requireEqual(try await store.quarantinedBody(entry.id)?.count, 0, "size of the body")
    },
    Case("entries come newest first, at most as many as asked for") { store in
      for number in 0..<5 { _ = try await store.quarantine(SampleRecords.request("body \(number)", at: Int64(number))) }
      _ = try await store.quarantine(SampleRecords.request("body 1", at: 100))
      let entries = try await store.quarantineEntries(limit: 3)
      let expected = [1, 4, 3].map { SampleRecords.request("body \($0)").digest }
      try requireEqual(entries.map(\.digest), expected, "entries")
      try requireEqual(try await store.quarantineEntries(limit: 0).count, 0, "entries for a limit of 0")
      let rest = try await store.quarantineEntries(after: entries.last.map { QuarantinePosition(of: $0) }, limit: 3)
      try requireEqual(rest.map(\.digest), [2, 0].map { SampleRecords.request("body \($0)").digest }, "entries of the next page")
    },
    Case("pages skip and repeat nothing when many came in one millisecond") { store in
      for number in 0..<7 { _ = try await store.quarantine(SampleRecords.request("body \(number)", at: 4)) }
      var ids: [Int64] = []
      var position: QuarantinePosition?
      while let last = try await store.quarantineEntries(after: position, limit: 2).map({ entry in
        ids.append(entry.id)
        return QuarantinePosition(of: entry)
      }).last { position = last }
      try requireEqual(ids, try await store.quarantineEntries(limit: 10).map(\.id), "entries of all pages")
      try requireEqual(ids.count, 7, "entries")
    },
    Case("of a body the first bytes can be read alone") { store in
      let entry = try await store.quarantine(SampleRecords.request("{broken"))
      try requireEqual(try await store.quarantinedBody(entry.id, bytesMax: 3)?.array, Array("{br".utf8), "the first bytes")
      try requireEqual(try await store.quarantinedBody(entry.id, bytesMax: 100)?.count, 7, "all bytes")
    },
    Case("an unknown id has no body") { store in
      try require(try await store.quarantinedBody(4_711) == nil, "there is no body")
    },
    Case("entries are dropped by id or all, and what is not there is not counted") { store in
      var ids: [Int64] = []
      for number in 0..<4 { ids.append(try await store.quarantine(SampleRecords.request("body \(number)")).id) }
      try requireEqual(try await store.quarantineEntry(ids[2])?.id, ids[2], "entry")
      try requireEqual(try await store.dropQuarantined([ids[1], ids[2], 4_711]), 2, "dropped")
      try require(try await store.quarantineEntry(ids[2]) == nil, "the entry is gone")
      try require(try await store.quarantinedBody(ids[2]) == nil, "the body is gone")
      try requireEqual(Set(try await store.quarantineEntries(limit: 10).map(\.id)), [ids[0], ids[3]], "entries that stay")
      try requireEqual(try await store.dropQuarantined(nil), 2, "all dropped")
      try requireEqual(try await store.quarantineEntries(limit: 10), [], "entries")
    },
    Case("when the bound on bytes is reached the oldest go first, and are counted") { store in
      let filler = String(repeating: "x", count: 20_000)
      for number in 0..<60 { _ = try await store.quarantine(SampleRecords.request("\(number)\(filler)", at: Int64(number))) }
      let totals = try await store.quarantineTotals()
      try require(totals.bytes <= 1 << 20 && totals.entries < 60, "the bound holds")
      try requireEqual(totals.evicted, Int64(60 - totals.entries), "evicted entries")
      let kept = try await store.quarantineEntries(limit: 100)
      let newest = (60 - totals.entries..<60).reversed().map { SampleRecords.request("\($0)\(filler)").digest }
      try requireEqual(kept.map(\.digest), newest, "kept entries")
    },
  ]
}
