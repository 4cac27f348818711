import Synchronization

/// What went wrong in the harness itself or against the contract, in words.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Collects what threads have to say, at most so much that a report can be read.
final class Findings: Sendable {
  private let lines = Mutex<[String]>([])
  private let countMax = 20

  func add(_ line: String) {
    lines.withLock { if $0.count < countMax { $0.append(line) } }
  }

  var all: [String] { lines.withLock { $0 } }
  var isEmpty: Bool { all.isEmpty }
}
