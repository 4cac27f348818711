import FaceEvents
import Foundation
import GRDB
import SQLiteStorage
import TestSupport

/// In memory where there is such a place: these tests sync thousands of times, and none of them pulls the plug.
private let temporaryDirectory =
  FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()

/// A directory of its own for the body, gone afterwards.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let directory = temporaryDirectory + "fogcatcher-sqlite-\(UUID().uuidString)"
  try DataDirectory.prepare(directory)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  return try await body(directory)
}

/// Picture records in these tests: the bytes plus a head of 64.
func sampleRecordEnd(_ location: PictureLocation, _ byteCount: Int) -> UInt64 { location.offset + 64 + UInt64(byteCount) }

func openStore(_ directory: String, _ change: (inout SQLiteStoreSettings) -> Void = { _ in }) throws -> SQLiteStore {
  var settings = SQLiteStoreSettings()
  change(&settings)
  return try SQLiteStore.open(directory: directory, settings: settings, recordEnd: { sampleRecordEnd($0, $1) })
}

/// An empty store in a directory of its own, closed and gone afterwards.
func withStore<Result>(
  _ change: (inout SQLiteStoreSettings) -> Void = { _ in }, _ body: (SQLiteStore) async throws -> Result
) async throws -> Result {
  try await withDirectory { directory in
    let store = try openStore(directory, change)
    defer { try? store.close() }
    return try await body(store)
  }
}
