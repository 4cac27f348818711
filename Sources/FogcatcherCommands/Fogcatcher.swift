public import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The program: receives face-recognition events, keeps them, and gives them back.
public struct Fogcatcher: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "fogcatcher",
    abstract: "Receives the face-recognition events that SophonFog boxes send, and keeps them.",
    discussion: """
      Start it, paste one of the addresses that it prints into a box, and look at what arrives:

        fogcatcher serve
        fogcatcher events --since 1h
        fogcatcher send event.json --to http://127.0.0.1:9528/HistoryEvent
        fogcatcher simulate --to http://127.0.0.1:9528
      """,
    version: ProgramVersion.text,
    subcommands: [
      ServeCommand.self, SendCommand.self, SimulateCommand.self, BenchCommand.self, EventsCommand.self, TargetCommand.self,
      BacklogCommand.self,
      ParkedCommand.self, QuarantineCommand.self, VerifyCommand.self, ConfigCommand.self, VersionCommand.self, MeasureCommand.self,
    ])

  public init() {}

  /// Runs the command line and ends the process: 0 when all went well, else a code of sysexits.h that says what did not.
  public static func runToExit(_ arguments: [String]? = nil) async -> Never {
    do {
      var command = try parseAsRoot(arguments)
      if var waiting = command as? any AsyncParsableCommand { try await waiting.run() } else { try command.run() }
      exit()
    } catch let failure as CommandFailure {
      Terminal.printError("fogcatcher: \(failure)")
      exit(withError: ExitCode(failure.code.rawValue))
    } catch {
      exit(withError: error)
    }
  }
}
