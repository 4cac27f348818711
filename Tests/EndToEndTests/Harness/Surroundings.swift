import Foundation

/// What the tests run against and with, most of it from the environment.
enum Surroundings {
  /// `FOGCATCHER_EXECUTABLE`, or the program beside the test bundle, where `swift build` leaves both.
  static let executable: String =
    variable("FOGCATCHER_EXECUTABLE") ?? URL(fileURLWithPath: ownPath).deletingLastPathComponent().appendingPathComponent("fogcatcher").path

  /// Kills in one run of the conservation test.
  static let kills = number("FOGCATCHER_KILLS") ?? 15
  /// A seed to repeat a failed run with; else each run takes a fixed one and a new one.
  static let seed = variable("FOGCATCHER_SEED").flatMap { UInt64($0) }
  /// Bodies of 30 MiB sent at once.
  static let bigBodies = number("FOGCATCHER_BIG_BODIES") ?? (isDebugBuild ? 12 : 40)
  /// Damages tried.
  static let damages = number("FOGCATCHER_DAMAGES") ?? 16

  static let seeds: [UInt64] = seed.map { [$0] } ?? [20_261_123, UInt64.random(in: 1...UInt64(Int64.max))]

  #if DEBUG
    static let isDebugBuild = true
  #else
    static let isDebugBuild = false
  #endif

  static func hasProgram(_ name: String) -> Bool {
    (variable("PATH") ?? "").split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }

  private static let ownPath: String = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""

  private static func variable(_ name: String) -> String? { ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 } }

  private static func number(_ name: String) -> Int? { variable(name).flatMap { Int($0) } }
}
