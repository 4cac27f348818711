import ArgumentParser

struct VersionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Prints the version of the program and of the data it writes.",
    discussion: """
      Say this when you report a problem:

        fogcatcher version
        fogcatcher --version       # the number alone
      """)

  func run() async throws { Terminal.printLine(ProgramVersion.report) }
}
