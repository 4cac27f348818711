import FaceEvents

/// The directory that holds the volumes.
struct VolumeDirectory: Sendable {
  let path: String
  let fileSystem: any FileSystem

  func path(of volume: VolumeID) -> String { path + "/" + volume.name }

  func open(_ volume: VolumeID, _ access: FileAccess) throws(FileError) -> OpenFile {
    try OpenFile(path(of: volume), access, on: fileSystem)
  }

  /// The volumes that are there, oldest first, and how many other files stand beside them.
  func listing() throws(FileError) -> (volumes: [(id: VolumeID, byteCount: UInt64)], otherFiles: Int) {
    let files = try fileSystem.files(in: path)
    let volumes = files.compactMap { file in VolumeID(name: file.name).map { (id: $0, byteCount: file.byteCount) } }
    return (volumes.sorted { $0.id < $1.id }, files.count - volumes.count)
  }

  /// Makes the directory where it is missing, in such a way that it is there after a power failure.
  func make() throws(FileError) {
    guard try fileSystem.makeDirectory(path) else { return }
    let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    try fileSystem.synchronizeDirectory(parent.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : parent)
  }
}
