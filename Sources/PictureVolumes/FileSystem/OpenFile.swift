/// A descriptor that is closed when the last user lets go of it, so that a file can leave a cache while it is read.
final class OpenFile: Sendable {
  let descriptor: FileDescriptor
  private let fileSystem: any FileSystem

  init(_ path: String, _ access: FileAccess, on fileSystem: any FileSystem) throws(FileError) {
    descriptor = try fileSystem.open(path, access)
    self.fileSystem = fileSystem
  }

  deinit { fileSystem.close(descriptor) }
}
