import PictureVolumes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A new directory on the disk that is to be measured, for one bench. Whoever makes it removes it.
struct BenchDirectory: Sendable {
  static let namePrefix = "fogcatcher-bench-"

  let path: String

  /// - Parameter parent: has to be there.
  /// - Throws: also when less than `bytesNeeded` are free; nothing was made then.
  static func make(in parent: String, bytesNeeded: Int64) throws(CommandFailure) -> BenchDirectory {
    guard access(parent, W_OK | X_OK) == 0 else { throw CommandFailure(FileError(path: parent)) }
    let free: Int64
    do { free = try POSIXFileSystem().freeBytes(in: parent) } catch {
      throw CommandFailure("\(error.storageError(parent))", code: .storage)
    }
    guard free >= bytesNeeded else {
      throw CommandFailure(
        "\(ByteSize.rounded(bytesNeeded)) have to be free in \(OpenData.absolutePath(parent)), and \(ByteSize.rounded(free)) are; "
          + "give a smaller --size-max, or another disk with --data", code: .storage)
    }
    var template = Array("\(parent)/\(namePrefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CommandFailure(FileError(path: parent)) }
    return BenchDirectory(path: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  var dataPath: String { file("data") }
  var picturesPath: String { OpenData.picturesDirectory(in: dataPath) }

  func remove() throws(CommandFailure) {
    do { try Directory.removeTree(path) } catch { throw CommandFailure(error) }
  }

  /// Whether files there are in memory, so that they say nothing about a disk. False where the system does not say.
  static func isInMemory(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    let device = UInt64(status.st_dev)
    // As makedev(3) puts them together.
    let (major, minor) = (device >> 8 & 0xFFF | device >> 32 & ~0xFFF, device & 0xFF | device >> 12 & ~0xFF)
    let mounts = (try? FileBytes.read("/proc/self/mountinfo", bytesMax: 4 << 20)) ?? []
    return String(decoding: mounts, as: UTF8.self).split(separator: "\n").contains { line in
      // The device is the third field, the type the first behind a lone dash (proc(5)).
      let fields = line.split(separator: " ")
      guard fields.count > 2, fields[2] == "\(major):\(minor)", let dash = fields.firstIndex(of: "-") else { return false }
      return ["tmpfs", "ramfs"].contains(fields[dash...].dropFirst().first)
    }
  }
}
