// swift-tools-version: 6.2

import PackageDescription

let workloads = Target.Dependency.product(name: "Workloads", package: "fogcatcher")

// A package of its own, so that whoever builds the program does not build a benchmark harness. What is measured is the target Workloads of
// the program's package: most of it is not public.
let package = Package(
  name: "fogcatcher-benchmarks",
  dependencies: [
    .package(name: "fogcatcher", path: ".."),
    // Without its traits: they put another allocator and another runtime under what is measured.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Fogcatcher", dependencies: [workloads, .product(name: "Benchmark", package: "benchmark")], path: "Benchmarks/Fogcatcher",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    .target(name: "CCountMarks"),
    .executableTarget(name: "InstructionCounts", dependencies: [workloads, "CCountMarks"]),
  ]
)

for target in package.targets where target.name != "CCountMarks" {
  target.swiftSettings = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
  ]
}
