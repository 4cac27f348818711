import ArgumentParser
import FaceEvents

extension TargetCommand {
  struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sends one invented event to a target and shows its whole answer.",
      discussion: """
        The event is of nobody: identity_id is "fogcatcher-test". It goes out as all others do, with the target's form and headers. The exit \
        code is 0 when it was accepted.

          fogcatcher target test cloud
          fogcatcher target test cloud --event my-event.json
        """)

    @Argument(help: ArgumentHelp("The target.", valueName: "target")) var id: String
    @Option(help: ArgumentHelp("Send this event instead.", valueName: "file")) var event: String?
    @OptionGroup var node: AdministrationOptions

    func run() async throws {
      let given = try event.map { try FileBytes.given($0, bytesMax: 32 << 20) }
      let answers = try await node.withNode { forwarding, _ in
        guard let target = try await forwarding.targets().first(where: { $0.id == id }) else { throw ForwardingError.noSuchTarget(id) }
        return try await forwarding.testTarget(id, event: target.lane == .status ? nil : given ?? Self.inventedEvent(for: target.lane))
      }
      for answer in answers { for line in Self.lines(answer) { Terminal.printLine(line) } }
      if !answers.allSatisfy(\.isAccepted) { throw ExitCode(ProgramExit.failure.rawValue) }
    }

    /// One that nobody takes for somebody.
    static func inventedEvent(for lane: TargetLane) -> [UInt8] {
      var passage = SimulatedFleet(SimulatedFleet.Size(boxes: 1, people: 1, strangerShare: 0, form: .g3a), seed: 0)
        .passage(0, at: WallClock.now)
      passage.person = .test
      return PassageWriter.json(passage, as: lane == .realtime ? .r2 : .g3a)
    }

    static func lines(_ answer: TargetAnswer) -> [String] {
      var lines = [answer.url]
      if let status = answer.httpStatus {
        lines.append("HTTP \(status) after \(answer.milliseconds) ms: \(answer.isAccepted ? "accepted" : "not accepted")")
        lines += answer.headers.map { TextWidth.printable("\($0.name): \($0.value)") }
        let text = String(decoding: answer.body, as: UTF8.self)
        if !text.isEmpty {
          lines += [""] + text.split(separator: "\n", omittingEmptySubsequences: false).map { TextWidth.printable(String($0)) }
        }
      } else {
        lines.append("no answer after \(answer.milliseconds) ms: \(TextWidth.printable(answer.failure ?? "for an unknown reason"))")
      }
      return lines
    }
  }
}
