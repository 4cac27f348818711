import ArgumentParser
import FaceEvents
import PictureVolumes
import SQLiteStorage

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Reads everything that is kept and says whether it is what was written.",
    discussion: """
      Checks the database, every picture's CRC and SHA-256, and that every event's pictures are there. It works while serve runs; a batch \
      that is being written at that moment is no damage.

        fogcatcher verify
        fogcatcher verify --data /srv/fogcatcher && echo all is well
        fogcatcher verify --data /srv/fogcatcher --repair    # stop serve first

      --repair takes what is broken out of the volumes and puts it into quarantine/volumes in the data directory, so that it is not met \
      again. The events stay, and say that their picture is damaged. What cannot be brought back is listed in quarantine/known-damage.txt \
      and is only a note from then on. Damage of the database's structure cannot be repaired: restore it from a copy.

      The exit code is 0 when nothing is damaged, 1 with a list when something is, and 74 when the database cannot be read or, with --repair, \
      not be repaired.
      """)

  @Option(help: ArgumentHelp("Data directory (default: as for serve).", valueName: "directory")) var data: String?
  @Option(help: ArgumentHelp("Settings file, for the data directory.", valueName: "file")) var config: String?
  @Flag(help: "Set aside what is broken. Nothing else may use the data directory.") var repair = false

  func run() async throws {
    let loader = SettingsLoader(flags: data.map { ["data": [$0]] } ?? [:], file: config, environment: ProcessEnvironment.variables)
    let directory: String
    do { directory = try loader.dataDirectory() } catch { throw CommandFailure(error) }
    let outcome: VerifyOutcome
    do {
      outcome = try await (repair ? verifyAndRepair(directory) : verify(directory))
    } catch let error as StorageError {
      throw CommandFailure(error)
    } catch let error as FileError {
      throw CommandFailure(error)
    }
    Terminal.clearProgress()
    for line in outcome.lines { Terminal.printLine(line) }
    Terminal.printError(outcome.summary)
    if repair, !outcome.databaseDamages.isEmpty {
      throw CommandFailure("the database is damaged and cannot be repaired here; restore it from a copy", code: .storage)
    }
    if !outcome.isClean { throw ExitCode(ProgramExit.failure.rawValue) }
  }

  private func verify(_ directory: String) async throws -> VerifyOutcome {
    let known = try KnownDamage(dataDirectory: directory)
    let store = try SQLiteStore.openReadOnly(directory: directory)
    let volumes = try PictureVolumes.openForReading(directory: OpenData.picturesDirectory(in: directory))
    let outcome = try await Verification(store: store, volumes: volumes, known: known).run()
    await volumes.close()
    try store.close()
    return outcome
  }

  private func verifyAndRepair(_ directory: String) async throws -> VerifyOutcome {
    // Opening for writing would make what is missing.
    try SQLiteStore.openReadOnly(directory: directory).close()
    var settings = ServeSettings()
    settings.dataDirectory = directory
    let data = try await OpenData.open(settings, command: "fogcatcher verify --repair")
    let outcome = try await Repair(data: data, directory: directory).run()
    try await data.close()
    return outcome
  }
}
