import ArgumentParser
import Testing

@testable import FogcatcherCommands

@Suite("The command line")
struct HelpTests {
  @Test(
    "Each subcommand's help has an abstract and examples",
    arguments: ["serve", "send", "simulate", "bench", "events", "target", "backlog", "parked", "quarantine", "verify", "config", "version"])
  func examples(name: String) throws {
    let command = try #require(Fogcatcher.configuration.subcommands.first { $0.configuration.commandName == name })
    #expect(!command.configuration.abstract.isEmpty)
    let lines = command.configuration.discussion.split(separator: "\n").filter {
      $0.contains("fogcatcher \(name)") || $0.contains("--version")
    }
    #expect(lines.count >= 2 && lines.allSatisfy { $0.hasPrefix("  ") })
    #expect(Fogcatcher.helpMessage(for: command).contains("USAGE: fogcatcher \(name)"))
  }

  @Test(
    "Help names every setting with its range and its default",
    arguments: [ServeCommand.self, ConfigCommand.self] as [any ParsableCommand.Type])
  func settings(command: any ParsableCommand.Type) {
    let help = Fogcatcher.helpMessage(for: command, columns: 10_000)
    for setting in Setting.all {
      #expect(help.contains(setting.flag), "\(setting.key)")
      #expect(help.contains(setting.rule), "\(setting.key)")
    }
    #expect(help.contains("default: 32MiB"))
  }

  @Test(
    "The examples in help can be parsed",
    arguments: [
      "serve", "serve --listen 0.0.0.0:9528 --data /srv/fogcatcher", "serve --aliases /getRecord=history --log-format json",
      "send event.json --to http://127.0.0.1:9528/HistoryEvent --picture reference=face.jpg --picture scene=door.jpg",
      "send recordings/ --to http://127.0.0.1:9528/RealTimeEvent --concurrency 8", "send - --to https://a/b --form form-data --timeout 5s",
      "simulate --to http://127.0.0.1:9528", "simulate --to http://a --form G5 --realtime --stranger-share 0.5 --format form-data",
      "simulate --to http://127.0.0.1:9528 --seed 7 --start 2024-03-05T08:00:00Z --events 100 --form g3 --heartbeat 5s",
      "simulate --into ./data --events 100000 --people 2000 --boxes 30 --days 90 --without-pictures",
      "bench --data /srv/fogcatcher", "bench --connections 8 --duration 10s --size-max 2GiB",
      "bench --reference-kb 20 --spot-kb 500 --format form-data", "bench --without-pictures",
      "target list", "target add cloud --to https://a:9528/HistoryEvent --from beginning --form form-data --pictures scene,face",
      "target add display --lane realtime --to http://a/x --to http://b/y --classes vip --score-min 0.9 --no-insecure",
      "target set cloud --no-headers --period 5s --from 17", "target test cloud --event e.json", "target pause cloud --reason x",
      "target resume cloud", "target remove cloud", "backlog --format json", "parked list --target cloud", "parked show cloud 4711",
      "parked replay cloud --all", "parked drop cloud 1 2", "quarantine list --limit 5", "quarantine show 3 --out body.bin",
      "quarantine resubmit 3 --file mended.json", "quarantine drop --all",
      "events", "events --since 2h --class stranger", "events --person E-20417 --since 2024-03-01 --until 2024-03-31 --limit 1000 --oldest",
      "events --format original --pictures ./out", "verify --data /srv/fogcatcher --repair", "config --format yaml", "version",
    ])
  func parse(line: String) throws {
    _ = try Fogcatcher.parseAsRoot(line.split(separator: " ").map(String.init))
  }

  @Test(
    "Arguments that cannot be meant are refused before anything is done",
    arguments: [
      "send", "send a.json", "send a.json --to 127.0.0.1:9528", "send a.json --to http://a --concurrency 0",
      "send a.json --to http://a --picture x=y",
      "target add", "target add a --lane nowhere --to http://a", "target add a --to http://a --period 5", "parked replay cloud",
      "parked replay cloud 1 --all", "quarantine resubmit 1 2 --file a", "quarantine drop", "quarantine list --limit 0",
      "simulate", "simulate --to ftp://a", "simulate --to http://a --form G6", "simulate --to http://a --rate 0",
      "simulate --to http://a/b --realtime", "simulate --to http://a --into ./data", "simulate --into ./data --days 0",
      "simulate --to http://a --without-pictures",
      "bench --connections 0", "bench --duration 500ms", "bench --duration 2h", "bench --spot-kb 0", "bench --size-max 63MiB",
      "bench --without-pictures --spot-kb 90",
      "send a.json --to http://a --timeout 5", "serve --unknown", "config --format xml",
    ])
  func refused(line: String) {
    #expect(throws: (any Error).self) { try Fogcatcher.parseAsRoot(line.split(separator: " ").map(String.init)) }
  }

  @Test("Version says what somebody who helps needs to know")
  func version() {
    #expect(ProgramVersion.report.contains("fogcatcher \(ProgramVersion.text)"))
    #expect(ProgramVersion.report.contains("Swift"))
    #expect(ProgramVersion.report.contains("schema"))
  }
}
