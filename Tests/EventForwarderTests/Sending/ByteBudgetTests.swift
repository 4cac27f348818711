import Synchronization
import Testing

@testable import EventForwarder

@Suite struct ByteBudgetTests {
  private final class Held: Sendable {
    struct State {
      var bytes = 0
      var most = 0
      var done: [Int] = []
    }

    let state = Mutex(State())
  }

  @Test("No more is held than the budget has, what is larger goes alone, and everybody gets a turn")
  func limit() async {
    let budget = ByteBudget(100)
    let held = Held()
    let sizes = (0..<300).map { $0 % 29 == 0 ? 5_000 : 1 + $0 * 37 % 60 }
    await withTaskGroup(of: Void.self) { tasks in
      for size in sizes {
        tasks.addTask {
          await budget.holding(size) {
            held.state.withLock { state in
              state.bytes += min(size, 100)
              state.most = max(state.most, state.bytes)
            }
            for _ in 0..<5 { await Task.yield() }
            held.state.withLock { state in
              state.bytes -= min(size, 100)
              state.done.append(size)
            }
          }
        }
      }
    }
    let result = held.state.withLock { $0 }
    #expect(result.most <= 100 && result.most > 60 && result.bytes == 0)
    #expect(result.done.sorted() == sizes.sorted())
  }

  @Test("Its value is the body's")
  func value() async { #expect(await ByteBudget(1).holding(2) { 42 } == 42) }
}
