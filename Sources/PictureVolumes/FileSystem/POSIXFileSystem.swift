import CChecksum

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The real file system. Files and directories are made for their owner alone: they hold faces.
package struct POSIXFileSystem: FileSystem {
  /// IOV_MAX on Linux and on Apple systems, which Swift does not import from either.
  private static let piecesMax = 1024
  /// What goes out in one call. The device works on it while the next is copied, and less is left for ``synchronize(_:)`` to wait for.
  private static let runBytesMax = 256 << 10

  package init() {}

  package func open(_ path: String, _ access: FileAccess) throws(FileError) -> FileDescriptor {
    let flags =
      switch access {
      case .read: O_RDONLY
      case .readAndWrite: O_RDWR
      case .create: O_RDWR | O_CREAT | O_EXCL
      case .createOrEmpty: O_RDWR | O_CREAT | O_TRUNC
      }
    return FileDescriptor(number: try retrying("open") { openFile(path, flags | O_CLOEXEC, 0o600) })
  }

  package func close(_ file: FileDescriptor) {
    _ = closeFile(file.number)
  }

  package func write(
    _ pieces: ArraySlice<UnsafeRawBufferPointer>, to file: FileDescriptor, at offset: UInt64
  ) throws(FileError) -> Int {
    var vectors: [iovec] = []
    var room = Self.runBytesMax
    for piece in pieces.prefix(Self.piecesMax) {
      guard room > 0 else { break }
      let count = min(piece.count, room)
      vectors.append(iovec(iov_base: UnsafeMutableRawPointer(mutating: piece.baseAddress), iov_len: count))
      room -= count
    }
    let written = try retrying("pwritev") { pwritev(file.number, vectors, Int32(vectors.count), off_t(offset)) }
    if room == 0 { volume_start_writing(file.number, Int64(offset), Int64(written)) }
    return written
  }

  package func read(_ file: FileDescriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileError) -> Int {
    guard let signedOffset = off_t(exactly: offset) else { return 0 }
    return try retrying("pread") { pread(file.number, buffer.baseAddress, buffer.count, signedOffset) }
  }

  package func synchronize(_ file: FileDescriptor) throws(FileError) {
    _ = try retrying("fdatasync") { volume_synchronize_data(file.number) }
  }

  package func synchronizeDirectory(_ path: String) throws(FileError) {
    let directory = try retrying("open") { openFile(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
    defer { _ = closeFile(directory) }
    _ = try retrying("fsync") { fsync(directory) }
  }

  package func size(of file: FileDescriptor) throws(FileError) -> UInt64 {
    var status = stat()
    _ = try retrying("fstat") { fstat(file.number, &status) }
    return UInt64(status.st_size)
  }

  package func truncate(_ file: FileDescriptor, to size: UInt64) throws(FileError) {
    _ = try retrying("ftruncate") { ftruncate(file.number, off_t(size)) }
  }

  package func punchHole(_ file: FileDescriptor, _ range: Range<UInt64>) throws(FileError) {
    guard !range.isEmpty else { return }
    _ = try retrying("fallocate") { volume_punch_hole(file.number, Int64(range.lowerBound), Int64(range.upperBound - range.lowerBound)) }
  }

  package func files(in directory: String) throws(FileError) -> [FileListing] {
    guard let stream = opendir(directory) else { throw FileError(call: "opendir", code: errno) }
    defer { closedir(stream) }
    var listings: [FileListing] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { String(cString: $0) }
      }
      var status = stat()
      guard fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
        // Removed since it was listed.
        if errno == ENOENT { continue }
        throw FileError(call: "fstatat", code: errno)
      }
      if status.st_mode & S_IFMT == S_IFREG { listings.append(FileListing(name: name, byteCount: UInt64(status.st_size))) }
    }
    guard errno == 0 else { throw FileError(call: "readdir", code: errno) }
    return listings
  }

  package func freeBytes(in directory: String) throws(FileError) -> Int64 {
    var status = statvfs()
    _ = try retrying("statvfs") { statvfs(directory, &status) }
    let bytes = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return bytes.overflow ? .max : Int64(clamping: bytes.partialValue)
  }

  package func makeDirectory(_ path: String) throws(FileError) -> Bool {
    if mkdir(path, 0o700) == 0 { return true }
    if errno == EEXIST { return false }
    throw FileError(call: "mkdir", code: errno)
  }

  package func rename(_ path: String, to newPath: String) throws(FileError) {
    _ = try retrying("rename") { renameFile(path, newPath) }
  }

  package func remove(_ path: String) throws(FileError) {
    _ = try retrying("unlink") { unlink(path) }
  }

  /// Makes the call until it is not interrupted by a signal.
  private func retrying<Result: SignedInteger>(_ name: String, _ call: () -> Result) throws(FileError) -> Result {
    while true {
      let result = call()
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { throw FileError(call: name, code: code) }
    }
  }
}

// Inside the type these names mean its own methods.
private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { open(path, flags, mode) }
private func closeFile(_ file: Int32) -> Int32 { close(file) }
private func renameFile(_ path: String, _ newPath: String) -> Int32 { rename(path, newPath) }
