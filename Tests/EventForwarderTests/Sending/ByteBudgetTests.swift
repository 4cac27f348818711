import Synchronization
import Testing

@testable import EventForwarder

@Suite struct ByteBudgetTests {
  private struct Held {
    var bytes = 0
    var most = 0
    var order: [Int] = []
  }

  @Test("No more is held than the budget has, what is larger goes alone, and everybody gets a turn")
  func limit() async {
    let budget = ByteBudget(100)
    let held = Mutex(Held())
    let sizes = (0..<300).map { $0 % 29 == 0 ? 5_000 : 1 + $0 * 37 % 60 }
    await withTaskGroup(of: Void.self) { tasks in
      for size in sizes {
        tasks.addTask {
          await budget.holding(size) {
            held.withLock { held in
              held.bytes += min(size, 100)
              held.most = max(held.most, held.bytes)
            }
            for _ in 0..<5 { await Task.yield() }
            held.withLock { held in
              held.bytes -= min(size, 100)
              held.order.append(size)
            }
          }
        }
      }
    }
    let result = held.withLock { $0 }
    #expect(result.most <= 100 && result.most > 60 && result.bytes == 0)
    #expect(result.order.sorted() == sizes.sorted())
  }

  @Test("Its value is the body's")
  func value() async { #expect(await ByteBudget(1).holding(2) { 42 } == 42) }
}
