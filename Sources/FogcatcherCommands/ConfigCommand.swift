import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Prints the settings that count, and where each came from.",
    discussion: """
      A flag counts more than a variable, a variable more than the file, the file more than the default. Every setting can be given in \
      all three ways: --body-max 64MiB, FOGCATCHER_BODY_MAX=64MiB, or body-max: 64MiB in fogcatcher.yaml.

      The file is the one of --config, else of FOGCATCHER_CONFIG, else ./fogcatcher.yaml, else fogcatcher.yaml in the data directory. \
      Only one file is read. What is unknown or out of range is an error here as it is for serve (exit code 78).

        fogcatcher config
        fogcatcher config --listen [::]:9528
        fogcatcher config --format yaml > my.yaml     # a file to start from
        fogcatcher config --format json --body-max 64MiB
        fogcatcher config --config my.yaml            # is this file good?
      """)

  @Option(help: "How to print: table, yaml (comes out as a settings file) or json.") var format = ConfigFormat.table
  @OptionGroup var options: SettingOptions

  func run() async throws {
    do {
      let loaded = try options.loader.load()
      Terminal.printLine(SettingsReport(loaded).text(format))
    } catch {
      throw CommandFailure(error)
    }
  }
}

enum ConfigFormat: String, ExpressibleByArgument, CaseIterable {
  case table, yaml, json
}
