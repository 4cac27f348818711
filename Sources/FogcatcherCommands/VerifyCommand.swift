import ArgumentParser
import FaceEvents
import PictureVolumes
import SQLiteStorage

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Reads everything that is kept and says whether it is what was written.",
    discussion: """
      Checks the database, every picture's CRC and SHA-256, and that every event's pictures are there. It works while serve runs; a batch that
      is being written at that moment is no damage.

        fogcatcher verify
        fogcatcher verify --data /srv/fogcatcher && echo all is well
        fogcatcher verify --data /srv/fogcatcher --repair      # stop serve first

      --repair takes what is broken out of the volumes and puts it into quarantine/volumes in the data directory, so that it is not met again.
      The events stay, and say that their picture is damaged. Damage of the database itself is only reported: restore it from a copy.

      The exit code is 0 when nothing is damaged, and 1 with a list when something is.
      """)

  @Option(help: ArgumentHelp("Data directory (default: as for serve).", valueName: "directory")) var data: String?
  @Option(help: ArgumentHelp("Settings file, for the data directory.", valueName: "file")) var config: String?
  @Flag(help: "Set aside what is broken. Nothing else may use the data directory.") var repair = false

  func run() async throws {
    let loader = SettingsLoader(flags: data.map { ["data": [$0]] } ?? [:], file: config, environment: ProcessEnvironment.variables)
    let directory: String
    do { directory = try loader.dataDirectory() } catch { throw CommandFailure(error) }
    let outcome: VerifyOutcome
    do { outcome = try await (repair ? verifyAndRepair(directory) : verify(directory)) } catch { throw CommandFailure(error) }
    Terminal.clearProgress()
    for line in outcome.lines { Terminal.printLine(line) }
    Terminal.printError(outcome.summary)
    if !outcome.isClean { throw ExitCode(ProgramExit.failure.rawValue) }
  }

  private func verify(_ directory: String) async throws(StorageError) -> VerifyOutcome {
    let store = try SQLiteStore.openReadOnly(directory: directory)
    let volumes = try PictureVolumes.openForReading(directory: OpenData.picturesDirectory(in: directory))
    let outcome = try await Verification(store: store, volumes: volumes).run()
    await volumes.close()
    try store.close()
    return outcome
  }

  private func verifyAndRepair(_ directory: String) async throws(StorageError) -> VerifyOutcome {
    var settings = ServeSettings()
    settings.dataDirectory = directory
    guard Directory.exists(directory) else { throw .failed("there is no data directory \(directory)") }
    let data = try await OpenData.open(settings, command: "fogcatcher verify --repair")
    var outcome = try await Verification(store: data.store, volumes: data.volumes).run()
    let findings = outcome.volumeFindings
    if !findings.isEmpty {
      let actions = try await data.volumes.repair(findings, quarantine: "\(directory)/quarantine/volumes")
      outcome.repairs = actions.map { "repair: \($0)" }
    }
    try await data.close()
    return outcome
  }
}
