import Foundation

/// Real threads, since everything they do blocks.
final class Threads: Sendable {
  private let group = DispatchGroup()

  func start(_ body: @escaping @Sendable () -> Void) {
    group.enter()
    let thread = Thread { [group] in
      body()
      group.leave()
    }
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// - Returns: whether all have ended.
  func join(within duration: Duration) -> Bool {
    group.wait(timeout: .now() + .milliseconds(Int(duration / .milliseconds(1)))) == .success
  }

  /// Runs `body` on `count` threads and waits for all.
  static func run(_ count: Int, within duration: Duration, _ body: @escaping @Sendable (Int) -> Void) throws {
    let threads = Threads()
    for number in 0..<count { threads.start { body(number) } }
    guard threads.join(within: duration) else { throw Failure("\(count) threads did not end within \(duration)") }
  }
}
