import Testing

@testable import FogcatcherCommands

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("The directory of a bench")
struct BenchDirectoryTests {
  @Test("It is removed with everything in it, and a link's target stays")
  func removal() async throws {
    try await withTemporaryDirectory { parent in
      let directory = try BenchDirectory.make(in: parent, bytesNeeded: 0)
      #expect(directory.path.hasPrefix("\(parent)/\(BenchDirectory.namePrefix)"))
      let kept = "\(parent)/kept"
      try Directory.make(kept)
      try write("1", to: "\(kept)/file")
      try Directory.make(directory.picturesPath)
      try write("1", to: "\(directory.picturesPath)/volume")
      #expect(symlink(kept, directory.file("link")) == 0)
      try directory.remove()
      #expect(try Directory.names(in: parent) == ["kept"])
      #expect(try Directory.names(in: kept) == ["file"])
    }
  }

  @Test("Without enough room, or in a directory that is not there, nothing is made, and the message says what to do")
  func refusal() async throws {
    try await withTemporaryDirectory { parent in
      let full = #expect(throws: CommandFailure.self) { try BenchDirectory.make(in: parent, bytesNeeded: 1 << 58) }
      #expect(
        full?.message.contains("262144 TiB have to be free") == true && full?.message.contains("--size-max") == true, "\(full as Any)")
      let names = try Directory.names(in: parent)
      #expect(names.isEmpty)
      let missing = #expect(throws: CommandFailure.self) { try BenchDirectory.make(in: "\(parent)/missing", bytesNeeded: 0) }
      #expect(missing?.message.contains("/missing: No such file") == true && missing?.code == .storage)
    }
  }
}

@Suite("Parts of a bench")
struct BenchPartsTests {
  @Test("The disk measure appends until its time or its size is over, and leaves no file")
  func disk() async throws {
    try await withTemporaryDirectory { directory in
      let measure = DiskMeasure(path: "\(directory)/disk", batchBytes: 64 << 10, duration: .seconds(3_600), bytesMax: 200 << 10)
      let figures = try measure.run(stop: StopRequest())
      #expect(figures.bytes == 192 << 10 && figures.syncs.count == 3 && figures.time > .zero && figures.bytesPerSecond > 0)
      let stop = StopRequest()
      stop.request()
      #expect(try measure.run(stop: stop).bytes == 0)
      #expect(try Directory.names(in: directory).isEmpty)
    }
  }

  @Test("A node's port is read from its first line")
  func port() {
    #expect(BenchNode.port(in: "fogcatcher 0.1.0 listens on 127.0.0.1:40123") == 40_123)
    #expect(BenchNode.port(in: "") == nil)
  }

  @Test("Histograms of several connections add up")
  func histograms() {
    var (first, second) = (LatencyHistogram(), LatencyHistogram())
    for _ in 0..<9 { first.record(.microseconds(100)) }
    second.record(.seconds(2))
    first.add(second)
    #expect(first.count == 10 && first.longest == .seconds(2))
    #expect(first.percentile(0.9) == .microseconds(100) && first.percentile(0.99) == .seconds(2))
  }

  @Test("What a plan needs is known before: its size and a reserve, and no more events than fit")
  func plan() {
    var plan = BenchPlan()
    plan.bytesMax = 1 << 30
    #expect(plan.bytesNeeded == 2 << 30)
    #expect(plan.eventsMax * (120_000 + BenchPlan.rowBytes) <= 1 << 30)
    #expect(plan.batchBytes == 3_840_000)
    (plan.referenceBytes, plan.sceneBytes) = (0, 0)
    #expect(plan.batchBytes == 64 << 10)
    plan.sceneBytes = 10_000_000
    #expect(plan.batchBytes == 32 << 20)
  }
}
