import CCountMarks
import Workloads

// For scripts/bench-check:
//
//     InstructionCounts list            each workload, a tab, how many runs are counted
//     InstructionCounts run <workload>  its runs between the two marks
//
// What is done the first time only (tables, prepared statements, caches) is done before the first mark.
let warmUpRuns = 3

switch CommandLine.arguments.dropFirst().first {
case "list":
  for workload in Workload.all { print("\(workload.name)\t\(workload.countedRuns)") }
case "run":
  let name = CommandLine.arguments.dropFirst(2).first
  guard let workload = Workload.all.first(where: { $0.name == name }) else { throw Usage(problem: "no workload \"\(name ?? "")\"") }
  let runner = WorkloadRunner(workload)
  try await runner.prepare(runs: warmUpRuns + workload.countedRuns)
  try await runner.run(warmUpRuns)
  count_begins()
  try await runner.run(workload.countedRuns)
  count_ends()
  try await runner.end()
default:
  throw Usage(problem: "say list, or run and a workload")
}

struct Usage: Error { var problem: String }
