extension Node {
  struct Finished: Sendable {
    var exit: ChildProcess.Exit
    var output: String
    var errorOutput: String
    var outputPath: String

    var all: String { output + errorOutput }
  }

  /// Runs a subcommand to its end.
  func run(
    _ arguments: [String], input: String = "/dev/null", environment: [String: String] = [:], within duration: Duration = .seconds(180)
  ) throws -> Finished {
    try Program.run(
      wrapper + [Surroundings.executable] + arguments, input: input, environment: environment, directory: directory, within: duration)
  }

  func verify(_ flags: String...) throws -> Finished { try run(["verify", "--data", data] + flags) }
}

/// Any program, run to its end.
enum Program {
  static func run(
    _ command: [String], input: String = "/dev/null", environment: [String: String] = [:], directory: TemporaryDirectory,
    within duration: Duration = .seconds(180)
  ) throws -> Node.Finished {
    let name = directory.file("run-\(UInt64.random(in: 0...UInt64.max))")
    let child = try ChildProcess(command, input: input, output: name, environment: environment)
    guard let exit = child.wait(within: duration) else {
      throw Failure("\(command.prefix(3).joined(separator: " ")) did not end within \(duration); \(child.errorOutput.suffix(2000))")
    }
    return Node.Finished(exit: exit, output: child.output, errorOutput: child.errorOutput, outputPath: child.outputPath)
  }
}
