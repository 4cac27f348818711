/// Sends what sources hold, some at once, and prints the answers as they come.
struct SendRun: Sendable {
  /// No receiver takes more, so a longer one is a mistake in the file.
  private static let eventBytesMax = 1 << 30

  let sender: EventSender
  let insertion: PictureInsertion
  let concurrency: Int

  /// - Throws: ``FileError`` when a source cannot be read; what was under way is finished first.
  func send(_ sources: [EventSource]) async throws -> SendTally {
    try await withThrowingTaskGroup(of: (place: String, outcome: EventSender.Outcome).self) { tasks in
      var tally = SendTally()
      var running = 0
      for source in sources {
        var reader = try EventReader(source, eventBytesMax: Self.eventBytesMax)
        defer { reader.finish() }
        while let element = try await reader.next() {
          if running == concurrency, let done = try await tasks.next() {
            report(done.place, done.outcome, &tally)
            running -= 1
          }
          let place = "\(source.name):\(element.line)"
          let json = OriginalLine.original(of: element.bytes)
          tasks.addTask { (place, await sender.send(insertion.isEmpty ? json : insertion.apply(to: json))) }
          running += 1
        }
      }
      while let done = try await tasks.next() { report(done.place, done.outcome, &tally) }
      return tally
    }
  }

  private func report(_ place: String, _ outcome: EventSender.Outcome, _ tally: inout SendTally) {
    tally.note(outcome)
    Terminal.clearProgress()
    switch outcome {
    case .answered(let answer): for line in answer.lines { Terminal.printLine("\(place)  \(line)") }
    case .unanswered(let reason): Terminal.printLine("\(place)  no answer: \(TextWidth.printable(reason))")
    case .notSent(let reason): Terminal.printLine("\(place)  not sent: \(reason)")
    }
    Terminal.showProgress(tally.text)
  }
}
