#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import FaceEvents

/// The bodies of quarantined requests, one file each, named after their digest.
struct QuarantineFolder: Sendable {
  private let path: String
  private static let suffix = ".request"

  /// - Parameter isReadOnly: then the folder may be missing.
  init(directory: String, isReadOnly: Bool) throws(StorageError) {
    path = "\(directory)/quarantine"
    if !isReadOnly { try DataDirectory.prepare(path) }
  }

  static func name(_ digest: ContentDigest) -> String { digest.description.prefix(32) + suffix }

  func has(_ digest: ContentDigest) -> Bool { DataDirectory.hasFile("\(path)/\(Self.name(digest))") }

  /// Writes beside the target, syncs, renames, syncs the folder: the file is whole and on stable storage, or not there.
  func write(_ body: SharedBytes, digest: ContentDigest) throws(StorageError) {
    let target = "\(path)/\(Self.name(digest))"
    let draft = target + ".draft"
    do throws(StorageError) {
      let file = try OpenFile(draft, O_WRONLY | O_CREAT | O_TRUNC)
      try body.withUnsafeBytes { bytes throws(StorageError) in try file.append(bytes, path: draft) }
      try file.sync(path: draft)
      guard rename(draft, target) == 0 else { throw SystemCall.storageError("rename \(draft)") }
    } catch {
      unlink(draft)
      throw error
    }
    try OpenFile(path, O_RDONLY | O_DIRECTORY).sync(path: path)
  }

  /// - Returns: nil when there is no such file.
  func read(_ digest: ContentDigest, bytesMax: Int) throws(StorageError) -> SharedBytes? {
    guard has(digest) else { return nil }
    let file = "\(path)/\(Self.name(digest))"
    let storage = try OpenFile(file, O_RDONLY).contents(bytesMax: bytesMax, path: file)
    return storage.share(0..<storage.count)
  }

  /// The file may be gone already.
  func remove(_ digest: ContentDigest) { unlink("\(path)/\(Self.name(digest))") }

  /// Removes drafts and bodies that `isListed` does not know: what a crash between file and row left behind.
  func removeAll(unless isListed: (_ name: String) -> Bool) throws(StorageError) {
    guard let folder = opendir(path) else { throw SystemCall.storageError("read the folder \(path)") }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let isOurs = name.hasSuffix(Self.suffix) || name.hasSuffix(".draft")
      if isOurs && !isListed(name) { unlink("\(path)/\(name)") }
    }
  }
}
