import NIOPosix

/// Threads for work that blocks, one for each connection.
struct BenchThreads: Sendable {
  private let pool: NIOThreadPool

  /// Gives threads to `body` and ends them after it.
  static func with<Result>(_ count: Int, _ body: (BenchThreads) async throws -> Result) async throws -> Result {
    let pool = NIOThreadPool(numberOfThreads: count)
    pool.start()
    do {
      let result = try await body(BenchThreads(pool: pool))
      try await pool.shutdownGracefully()
      return result
    } catch {
      try await pool.shutdownGracefully()
      throw error
    }
  }

  func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result { try await pool.runIfActive(work) }

  /// - Parameter work: gets the numbers from 0 on, each on a thread of its own as long as there are as many threads.
  func run<Result: Sendable>(_ count: Int, _ work: @escaping @Sendable (Int) throws -> Result) async throws -> [Result] {
    try await withThrowingTaskGroup(of: Result.self) { tasks in
      for number in 0..<count { tasks.addTask { try await run { try work(number) } } }
      var results: [Result] = []
      for try await result in tasks { results.append(result) }
      return results
    }
  }
}
