import Foundation
import Testing

/// Programs that others have written, as judges of our files.
enum Tool {
  struct Outcome {
    var status: Int32
    var output: String
  }

  static func isThere(_ name: String) -> Bool {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
  }

  static func run(_ name: String, _ arguments: [String], in directory: String) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.currentDirectoryURL = URL(filePath: directory)
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
  }

  /// Runs a script that prints JSON.
  static func python<Result: Decodable>(_ script: String, _ file: String, in directory: String, as type: Result.Type) throws -> Result {
    let outcome = try run("python3", ["-c", script, file], in: directory)
    try #require(outcome.status == 0, "\(outcome.output)")
    return try JSONDecoder().decode(type, from: Data(outcome.output.utf8))
  }

  static func inDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/fogcatcher-export-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }
}
