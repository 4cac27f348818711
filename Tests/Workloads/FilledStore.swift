import FaceEvents
import Foundation
import PictureVolumes
import SQLiteStorage

/// A store with many rows. FOGCATCHER_BENCH_STORE is the data directory of one that `fogcatcher simulate --into` has filled; workloads add
/// rows to it, so nobody else may need it. Without it, a store of FOGCATCHER_BENCH_ROWS rows (100,000) is filled once.
enum FilledStore {
  typealias Opened = (store: SQLiteStore, end: @Sendable () async throws -> Void)

  private static let given = ProcessInfo.processInfo.environment["FOGCATCHER_BENCH_STORE"].flatMap { $0.isEmpty ? nil : $0 }
  private static let rows = ProcessInfo.processInfo.environment["FOGCATCHER_BENCH_ROWS"].flatMap(Int.init) ?? 100_000

  /// Passages from this number on are newer than those of a store that was filled here.
  static var firstNew: Int { rows }

  /// Of passages that are not in the store: a given one keeps those of earlier runs.
  static let seedOfNew = given == nil ? 2 : UInt64.random(in: 3..<1 << 40)

  /// To add rows to: a copy, unless it is a given one.
  static func open() async throws -> Opened {
    if let given {
      let store = try self.store(in: URL(fileURLWithPath: given, isDirectory: true))
      return (store, { try store.close() })
    }
    let (source, directory) = (try await filled(), try WorkPlace.make())
    try FileManager.default.copyItem(
      at: source.appendingPathComponent(SQLiteStore.databaseName), to: directory.appendingPathComponent(SQLiteStore.databaseName))
    return try storeWithEnd(in: directory)
  }

  static func openToRead() async throws -> Opened {
    let directory = if let given { given } else { try await filled().path }
    var settings = SQLiteStoreSettings()
    // What is counted must not depend on how quickly it is counted.
    settings.searchTimeMax = .seconds(3_600)
    let store = try SQLiteStore.openReadOnly(directory: directory, settings: settings)
    return (store, { try store.close() })
  }

  private static func filled() async throws -> URL { try await WorkPlace.filled("store-\(rows)") { try await fill($0) } }

  static func openEmpty() throws -> Opened {
    try storeWithEnd(in: try WorkPlace.make())
  }

  private static func storeWithEnd(in directory: URL) throws -> Opened {
    let store = try self.store(in: directory)
    return (
      store,
      {
        try store.close()
        try WorkPlace.remove(directory)
      }
    )
  }

  private static func store(in directory: URL) throws(StorageError) -> SQLiteStore {
    try SQLiteStore.open(directory: directory.path) { PictureVolumes.recordEnd(of: $0, byteCount: $1) }
  }

  private static func fill(_ directory: URL) async throws {
    let store = try store(in: directory)
    let passages = PassageMaker(seed: 1)
    for start in stride(from: 0, to: rows, by: 4_096) { _ = try await store.append(passages.entries(start..<min(start + 4_096, rows))) }
    try store.close()
  }
}
