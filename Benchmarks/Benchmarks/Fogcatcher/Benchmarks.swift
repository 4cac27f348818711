import Benchmark
import Workloads

/// Every workload, timed. Instructions are not counted here but by scripts/bench-check, which needs no counters of the processor.
let benchmarks: @Sendable () -> Void = {
  for workload in Workload.all {
    let runner = WorkloadRunner(workload)
    let scale: BenchmarkScalingFactor = workload.runsPerSample == 1 ? .one : .kilo
    let samplesMax = 10_000
    let warmUp = 1
    let configuration = Benchmark.Configuration(
      metrics: [.wallClock, .throughput], warmupIterations: warmUp, scalingFactor: scale, maxDuration: .milliseconds(500),
      maxIterations: min(samplesMax, workload.runsMax / scale.rawValue - warmUp))
    Benchmark(workload.name, configuration: configuration) { _ in
      try await runner.run(scale.rawValue)
    } setup: {
      try await runner.prepare(runs: (samplesMax + warmUp) * scale.rawValue)
    } teardown: {
      try await runner.end()
    }
  }
}
