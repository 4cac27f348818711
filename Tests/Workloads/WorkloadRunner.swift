/// Does the work of one workload, after getting it ready.
public actor WorkloadRunner {
  private let workload: Workload
  private var work: Work?
  private var runsDone = 0

  public init(_ workload: Workload) { self.workload = workload }

  /// - Parameter runs: how often ``run(_:)`` will be asked for a run at most, over all calls.
  public func prepare(runs: Int) async throws {
    runsDone = 0
    work = try await workload.prepare(min(runs, workload.runsMax))
  }

  public func run(_ count: Int) async throws {
    guard let work else { throw WorkloadFailure(description: "\(workload.name) is not prepared") }
    for number in runsDone..<runsDone + count { try await work.run(number) }
    runsDone += count
  }

  /// Lets go of everything, and removes the files.
  public func end() async throws {
    try await work?.end()
    work = nil
  }
}
