import FaceEvents
import Foundation

/// Where workloads keep their files: FOGCATCHER_BENCH_DATA, else a directory of the package's build folder. On the disk that is to be
/// measured, not in memory.
enum WorkPlace {
  private static var folder: URL {
    URL(fileURLWithPath: ProcessInfo.processInfo.environment["FOGCATCHER_BENCH_DATA"] ?? ".build/bench-data", isDirectory: true)
  }

  /// An empty directory.
  static func make() throws -> URL {
    let directory = folder.appendingPathComponent("run-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    return directory
  }

  static func remove(_ directory: URL) throws { try FileManager.default.removeItem(at: directory) }

  /// A directory that is filled once and stays.
  static func filled(_ name: String, _ fill: (URL) async throws -> Void) async throws -> URL {
    let directory = folder.appendingPathComponent(name, isDirectory: true)
    guard !FileManager.default.fileExists(atPath: directory.path) else { return directory }
    let new = try make()
    try await fill(new)
    try FileManager.default.moveItem(at: new, to: directory)
    return directory
  }
}
