/// The system calls that volumes make, and nothing else: the seam at which tests put a disk that fails, fills up and loses power.
///
/// Every call blocks. An interrupted call (EINTR) is made again inside; everything else that a system may answer comes through, short reads
/// and writes included (``writeAll(_:to:at:)`` and ``readFully(_:into:at:)`` continue them).
package protocol FileSystem: Sendable {
  func open(_ path: String, _ access: FileAccess) throws(FileError) -> FileDescriptor
  /// Never fails as far as the caller can tell: what had to reach the disk was synchronized before.
  func close(_ file: FileDescriptor)

  /// Writes the pieces one after the other, beginning at `offset`. The file grows as needed.
  /// - Returns: How many bytes went out, which may be fewer than there are.
  func write(
    _ pieces: ArraySlice<UnsafeRawBufferPointer>, to file: FileDescriptor, at offset: UInt64
  ) throws(FileError) -> Int

  /// - Returns: How many bytes came, which may be fewer than the buffer takes; 0 at the end of the file.
  func read(_ file: FileDescriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileError) -> Int

  /// Bytes and size of the file are on stable storage when this returns (fdatasync).
  func synchronize(_ file: FileDescriptor) throws(FileError)
  /// Names that were made, moved or removed in the directory are on stable storage when this returns.
  func synchronizeDirectory(_ path: String) throws(FileError)

  func size(of file: FileDescriptor) throws(FileError) -> UInt64
  /// Cuts the file, or lengthens it with zeros.
  func truncate(_ file: FileDescriptor, to size: UInt64) throws(FileError)
  /// Gives storage back; the bytes read as zeros from then on. ENOTSUP where the system cannot.
  func punchHole(_ file: FileDescriptor, _ range: Range<UInt64>) throws(FileError)

  /// The regular files in the directory, in no order.
  func files(in directory: String) throws(FileError) -> [FileListing]
  /// Bytes that an ordinary user can still write there.
  func freeBytes(in directory: String) throws(FileError) -> Int64
  /// - Returns: False when it was there already.
  func makeDirectory(_ path: String) throws(FileError) -> Bool
  func rename(_ path: String, to newPath: String) throws(FileError)
  func remove(_ path: String) throws(FileError)
}

package struct FileDescriptor: Hashable, Sendable {
  package var number: Int32

  package init(number: Int32) { self.number = number }
}

package enum FileAccess: Sendable {
  case read
  case readAndWrite
  /// To read and write; fails with EEXIST when there is such a file.
  case create
  /// To read and write; an existing file is emptied.
  case createOrEmpty
}

package struct FileListing: Sendable, Equatable {
  package var name: String
  package var byteCount: UInt64

  package init(name: String, byteCount: UInt64) {
    self.name = name
    self.byteCount = byteCount
  }
}
