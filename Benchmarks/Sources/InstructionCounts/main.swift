import CCountMarks
import Dispatch
import Foundation
import Workloads

// For scripts/bench-check:
//
//     InstructionCounts list            each workload, a tab, how many runs are counted
//     InstructionCounts run <workload>  its runs between the two marks

let arguments = Array(CommandLine.arguments.dropFirst())

switch arguments.first {
case "list":
  for workload in Workload.all { print("\(workload.name)\t\(workload.countedRuns)") }
case "run":
  guard let workload = Workload.all.first(where: { [$0.name] == arguments.dropFirst() }) else { fail("there is no such workload") }
  // An async `main` would park this thread in dispatch_main(), which waits by sigsuspend(2) with a constant mask. Valgrind 3.19 writes into
  // that mask and crashes.
  let finished = DispatchSemaphore(value: 0)
  Task.detached {
    do { try await count(workload) } catch { fail("\(error)") }
    finished.signal()
  }
  finished.wait()
default:
  fail("say list, or run and a workload")
}

func count(_ workload: Workload) async throws {
  // What is done the first time only (tables, prepared statements, caches) is done before the first mark.
  let warmUpRuns = 3
  let runner = WorkloadRunner(workload)
  try await runner.prepare(runs: warmUpRuns + workload.countedRuns)
  try await runner.run(warmUpRuns)
  count_begins()
  try await runner.run(workload.countedRuns)
  count_ends()
  try await runner.end()
}

func fail(_ problem: String) -> Never {
  FileHandle.standardError.write(Data("InstructionCounts: \(problem)\n".utf8))
  exit(1)
}
