/// A piece of work that is measured: its time by `make bench`, its instructions by `make bench-check`. Both begin after ``prepare``.
public struct Workload: Sendable {
  /// What is done, and on what: `decode G1, large`.
  public let name: String
  /// How often it is done for one figure of time: what takes microseconds is done a thousand times, or the clock would be measured too.
  public let runsPerSample: Int
  /// How often it is done while instructions are counted, some thousand times slower than without.
  public let countedRuns: Int
  /// How often it can be done, where each run uses something up.
  public let runsMax: Int

  /// Makes what the work needs.
  /// - Parameter runs: how often it will be done at most.
  let prepare: @Sendable (_ runs: Int) async throws -> Work

  init(
    _ name: String, runsPerSample: Int = 1, countedRuns: Int, runsMax: Int = .max,
    prepare: @escaping @Sendable (_ runs: Int) async throws -> Work
  ) {
    self.name = name
    self.runsPerSample = runsPerSample
    self.countedRuns = countedRuns
    self.runsMax = runsMax
    self.prepare = prepare
  }

  /// Everything there is, in the order of an event's way through the program.
  public static let all = decoding + parsing + volumes + rows + queries + delivery
}

/// What is left to do once everything is there.
struct Work: Sendable {
  /// - number: of the run, from 0.
  var run: @Sendable (_ number: Int) async throws -> Void
  var end: @Sendable () async throws -> Void = {}
}

/// A run did not do what it is measured for.
struct WorkloadFailure: Error, CustomStringConvertible {
  var description: String
}

/// The result is also what keeps a compiler from leaving the work out.
func expect(_ isTrue: Bool, _ what: @autoclosure () -> String) throws(WorkloadFailure) {
  if !isTrue { throw WorkloadFailure(description: what()) }
}
