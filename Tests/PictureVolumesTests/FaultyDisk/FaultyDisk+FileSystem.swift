import PictureVolumes
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension FaultyDisk {
  func open(_ path: String, _ access: FileAccess) throws(FileError) -> FileDescriptor {
    try call("open") { (state, _) throws(FileError) in
      switch (access, state.names[path]) {
      case (.read, nil), (.readAndWrite, nil): throw FileError(call: "open", code: ENOENT)
      case (.create, .some): throw FileError(call: "open", code: EEXIST)
      case (.create, nil), (.createOrEmpty, nil):
        if let capacity = state.capacity, state.usedBytes >= capacity { throw FileError(call: "open", code: ENOSPC) }
        state.filesMade += 1
        state.files[state.filesMade] = SimulatedFile()
        state.names[path] = state.filesMade
      case (.createOrEmpty, .some(let key)): state.files[key]?.resize(to: 0)
      case (.read, .some), (.readAndWrite, .some): break
      }
      state.descriptorsMade += 1
      let descriptor = FileDescriptor(number: state.descriptorsMade)
      state.open[descriptor] = state.names[path]
      return descriptor
    }
  }

  func close(_ file: FileDescriptor) {
    state.withLock { $0.open[file] = nil }
  }

  func write(_ pieces: ArraySlice<UnsafeRawBufferPointer>, to file: FileDescriptor, at offset: UInt64) throws(FileError) -> Int {
    // As the real one, so that long runs are continued here too.
    let bytes = pieces.prefix(1_024).flatMap { Array($0) }
    return try call("pwritev") { (state, fault) throws(FileError) in
      let key = try Self.key(file, "pwritev", state)
      var room = bytes.count
      switch fault {
      case .short: room = min(room, max(1, room / 2))
      case .powerFailure: room = Self.wholeSectors(room / 2, at: Int(offset))
      case .nothing: room = 0
      case .error, nil: break
      }
      if let capacity = state.capacity {
        let growth = max(0, Int(offset) + room - (state.files[key]?.written.count ?? 0))
        room = min(room, room - min(growth, max(0, growth - max(0, capacity - state.usedBytes))))
      }
      state.files[key]?.write(bytes.prefix(room), at: Int(offset))
      if fault == .powerFailure { throw FileError(call: "pwritev", code: EIO) }
      if room == 0 && !bytes.isEmpty && fault == nil { throw FileError(call: "pwritev", code: ENOSPC) }
      return room
    }
  }

  func read(_ file: FileDescriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileError) -> Int {
    try call("pread") { (state, fault) throws(FileError) in
      let key = try Self.key(file, "pread", state)
      guard let written = state.files[key]?.written, let start = Int(exactly: offset), start < written.count else { return 0 }
      let count = min(buffer.count, written.count - start, fault == nil ? .max : max(1, buffer.count / 2))
      buffer.copyBytes(from: written[start..<(start + count)])
      return count
    }
  }

  func synchronize(_ file: FileDescriptor) throws(FileError) {
    let forget = { (state: inout State) in
      if let key = state.open[file] { state.files[key]?.failToSynchronize(using: &state.random) }
    }
    try call("fdatasync", onError: forget) { (state, _) throws(FileError) in
      let key = try Self.key(file, "fdatasync", state)
      state.files[key]?.synchronize()
    }
  }

  func synchronizeDirectory(_ path: String) throws(FileError) {
    try call("fsync") { (state, _) throws(FileError) in
      for name in Set(state.names.keys).union(state.durableNames.keys) where name.hasPrefix(path + "/") {
        state.durableNames[name] = state.names[name]
      }
    }
  }

  func size(of file: FileDescriptor) throws(FileError) -> UInt64 {
    try call("fstat") { (state, _) throws(FileError) in
      UInt64(state.files[try Self.key(file, "fstat", state)]?.written.count ?? 0)
    }
  }

  func truncate(_ file: FileDescriptor, to size: UInt64) throws(FileError) {
    try call("ftruncate") { (state, _) throws(FileError) in
      state.files[try Self.key(file, "ftruncate", state)]?.resize(to: Int(size))
    }
  }

  func punchHole(_ file: FileDescriptor, _ range: Range<UInt64>) throws(FileError) {
    try call("fallocate") { (state, _) throws(FileError) in
      let key = try Self.key(file, "fallocate", state)
      state.files[key]?.write([UInt8](repeating: 0, count: range.count), at: Int(range.lowerBound))
    }
  }

  func files(in directory: String) throws(FileError) -> [FileListing] {
    try call("opendir") { (state, _) throws(FileError) in
      state.names.compactMap { name, key in
        guard name.hasPrefix(directory + "/") else { return nil }
        return FileListing(name: String(name.dropFirst(directory.count + 1)), byteCount: UInt64(state.files[key]?.written.count ?? 0))
      }
    }
  }

  func freeBytes(in directory: String) throws(FileError) -> Int64 {
    try call("statvfs") { (state, _) throws(FileError) in Int64((state.capacity ?? (1 << 40)) - state.usedBytes) }
  }

  func makeDirectory(_ path: String) throws(FileError) -> Bool {
    try call("mkdir") { (state, _) throws(FileError) in state.directories.insert(path).inserted }
  }

  func rename(_ path: String, to newPath: String) throws(FileError) {
    try call("rename") { (state, _) throws(FileError) in
      guard let key = state.names.removeValue(forKey: path) else { throw FileError(call: "rename", code: ENOENT) }
      state.names[newPath] = key
    }
  }

  func remove(_ path: String) throws(FileError) {
    try call("unlink") { (state, _) throws(FileError) in
      guard state.names.removeValue(forKey: path) != nil else { throw FileError(call: "unlink", code: ENOENT) }
    }
  }

  /// A sector is never written in part.
  private static func wholeSectors(_ count: Int, at offset: Int) -> Int {
    max(0, (offset + count) / SimulatedFile.sectorByteCount * SimulatedFile.sectorByteCount - offset)
  }

  /// Counts the call and lets its fault happen. `body` learns of the faults that concern how far a call gets.
  private func call<Result: Sendable>(
    _ name: String, onError: (inout State) -> Void = { _ in },
    _ body: (inout State, Fault?) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    try state.withLock { (state) throws(FileError) in
      let fault = state.faults[state.calls.count]
      state.calls.append(name)
      if state.isDead { throw FileError(call: name, code: EIO) }
      switch fault {
      case .error(let code):
        onError(&state)
        throw FileError(call: name, code: code)
      case .powerFailure:
        state.isDead = true
        if name == "pwritev" { _ = try body(&state, fault) }
        throw FileError(call: name, code: EIO)
      case .short, .nothing, nil: return try body(&state, fault)
      }
    }
  }

  private static func key(_ file: FileDescriptor, _ call: String, _ state: State) throws(FileError) -> Int {
    guard let key = state.open[file] else { throw FileError(call: call, code: EBADF) }
    return key
  }
}
