/// What has become of what was sent so far.
struct SendTally: Sendable, Equatable {
  var sent = 0
  var accepted = 0
  var duplicates = 0
  var warned = 0
  var failed = 0

  mutating func note(_ outcome: EventSender.Outcome) {
    sent += 1
    guard case .answered(let answer) = outcome, answer.isAccepted else {
      failed += 1
      return
    }
    accepted += 1
    if answer.entries.contains(where: \.isDuplicate) { duplicates += 1 }
    if answer.entries.contains(where: { !$0.warnings.isEmpty }) { warned += 1 }
  }

  var text: String { "\(sent) sent, \(accepted) accepted (\(duplicates) duplicate, \(warned) with warnings), \(failed) not" }
}
