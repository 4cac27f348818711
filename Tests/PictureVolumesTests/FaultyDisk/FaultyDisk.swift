import PictureVolumes
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file system in memory that fails on demand, fills up, and loses what was not synchronized when the power goes.
///
/// Sectors of 512 bytes are written whole or not at all, each for itself. A name that was made, moved or removed counts only once the
/// directory is synchronized. After a failed fdatasync nothing of it is tried again.
final class FaultyDisk: FileSystem {
  enum Fault: Equatable {
    case error(Int32)
    /// A read or write that moves only part of the bytes.
    case short
    /// A write that takes no byte and gives no reason.
    case nothing
    /// Nothing works any more from this call on, until ``losePower(seed:)``. A write gets half through.
    case powerFailure
  }

  struct State {
    var files: [Int: SimulatedFile] = [:]
    var names: [String: Int] = [:]
    var durableNames: [String: Int] = [:]
    var directories: Set<String> = []
    var open: [FileDescriptor: Int] = [:]
    var filesMade = 0
    var descriptorsMade: Int32 = 2
    var calls: [String] = []
    var faults: [Int: Fault] = [:]
    var isDead = false
    var capacity: Int?
    var random = SplitMix64(seed: 0)

    var usedBytes: Int { names.values.reduce(0) { $0 + (files[$1]?.written.count ?? 0) } }
  }

  let state = Mutex(State())

  /// The names of the calls so far, in order.
  var calls: [String] { state.withLock { $0.calls } }

  func count(_ call: String) -> Int { calls.count { $0 == call } }

  /// - Parameter call: 0 is the next one.
  func fail(call: Int, with fault: Fault) {
    state.withLock { $0.faults[$0.calls.count + call] = fault }
  }

  /// What was planned and has not happened is off.
  func forgetFaults() {
    state.withLock { $0.faults = [:] }
  }

  /// - Parameter bytes: Room for this much more, or nil for a disk without end.
  func limit(freeBytes bytes: Int?) {
    state.withLock { state in state.capacity = bytes.map { state.usedBytes + $0 } }
  }

  func losePower(seed: UInt64) {
    state.withLock { state in
      state.random = SplitMix64(seed: seed)
      for key in state.files.keys.sorted() { state.files[key]?.losePower(using: &state.random) }
      for name in Set(state.names.keys).union(state.durableNames.keys).sorted() where state.random.chance(50) {
        state.durableNames[name] = state.names[name]
      }
      state.names = state.durableNames
      state.open = [:]
      state.isDead = false
      state.faults = [:]
    }
  }

  /// `kill -9`: the descriptors are gone, the system's memory of the files is not.
  func killProcess() {
    state.withLock { state in
      state.open = [:]
      state.isDead = false
      state.faults = [:]
    }
  }

  func contents(_ path: String) -> [UInt8]? {
    state.withLock { state in state.names[path].flatMap { state.files[$0]?.written } }
  }

  /// A file that was there before, whole and synchronized.
  func place(_ path: String, _ bytes: [UInt8]) {
    state.withLock { state in
      var file = SimulatedFile()
      file.write(bytes, at: 0)
      file.synchronize()
      state.filesMade += 1
      state.files[state.filesMade] = file
      state.names[path] = state.filesMade
      state.durableNames[path] = state.filesMade
    }
  }

  /// Somebody has deleted the file.
  func lose(_ path: String) {
    state.withLock { state in
      state.names[path] = nil
      state.durableNames[path] = nil
    }
  }

  func change(_ path: String, _ body: (inout SimulatedFile) -> Void) {
    state.withLock { state in
      guard let key = state.names[path], var file = state.files[key] else { return }
      body(&file)
      state.files[key] = file
    }
  }

  var paths: [String] { state.withLock { $0.names.keys.sorted() } }

  /// Whether the power has failed, and has not come back yet.
  var isDead: Bool { state.withLock { $0.isDead } }

  var openCount: Int { state.withLock { $0.open.count } }
}
