#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
public import FaceEvents
import FoundationEssentials

/// The right to write to a data directory: an advisory lock on its file `lock` (flock(2)), which the kernel takes back when the process
/// ends, however it ends. The file says who holds it, one `key: value` a line, and stays when the lock is gone.
public final class DataDirectoryLock: Sendable {
  /// Who holds a lock, in the words of the lock file.
  public struct Holder: Sendable, Equatable {
    public var processID: Int32
    public var host: String
    /// RFC 3339, UTC.
    public var since: String
    public var command: String
  }

  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// - Parameters:
  ///   - directory: exists (``DataDirectory/prepare(_:)``).
  ///   - command: what the holder is doing, for the message that another one gets; for example `fogcatcher serve`.
  /// - Returns: the lock, held until the last reference to it is gone.
  /// - Throws: ``StorageError/locked(_:)`` with the holder and what to do when another process, or this one, holds it already.
  public static func acquire(directory: String, command: String) throws(StorageError) -> DataDirectoryLock {
    let path = "\(directory)/lock"
    while true {
      let descriptor = Int32(SystemCall.retrying { Int(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)) })
      guard descriptor >= 0 else {
        throw SystemCall.storageError("open the lock file \(path)", remedy: "check that this user may write to the data directory")
      }
      let lock = DataDirectoryLock(descriptor: descriptor)
      guard SystemCall.retrying({ Int(flock(descriptor, LOCK_EX | LOCK_NB)) }) == 0 else {
        guard errno == EWOULDBLOCK else { throw SystemCall.storageError("lock \(path)") }
        throw .locked(refusal(directory: directory, holder: holder(directory: directory)))
      }
      // Somebody may have removed the file between open and flock; then the lock guards nothing.
      guard lock.isOfFile(path) else { continue }
      try lock.sign(command: command, path: path)
      return lock
    }
  }

  /// Who signed the lock file last; nil when it cannot be read. Says nothing about whether the lock is still held.
  public static func holder(directory: String) -> Holder? {
    let path = "\(directory)/lock"
    guard let file = try? OpenFile(path, O_RDONLY), let storage = try? file.contents(bytesMax: 4_096, path: path) else { return nil }
    var fields: [Substring: String] = [:]
    for line in String(decoding: storage.bytes, as: UTF8.self).split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[line[..<colon]] = line[colon...].dropFirst().drop { $0 == " " }.description
    }
    guard let processID = fields["pid"].flatMap({ Int32($0) }) else { return nil }
    return Holder(
      processID: processID, host: fields["host"] ?? "", since: fields["since"] ?? "", command: fields["command"] ?? "")
  }

  private static func refusal(directory: String, holder: Holder?) -> String {
    let who = holder.map { "process \($0.processID) on \($0.host) (\($0.command), since \($0.since))" } ?? "another process"
    return "the data directory \(directory) is in use by \(who); stop that process, or choose another data directory"
  }

  private func isOfFile(_ path: String) -> Bool {
    var mine = stat()
    var named = stat()
    return fstat(descriptor, &mine) == 0 && stat(path, &named) == 0 && mine.st_ino == named.st_ino && mine.st_dev == named.st_dev
  }

  private func sign(command: String, path: String) throws(StorageError) {
    let oneLine = String(decoding: command.utf8.map { $0 < 0x20 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    let since = Date.now.formatted(Date.ISO8601FormatStyle())
    let text = Array("pid: \(getpid())\nhost: \(Self.hostName())\nsince: \(since)\ncommand: \(oneLine)\n".utf8)
    // Written before it is cut to size: a reader finds a holder at any moment.
    guard pwrite(descriptor, text, text.count, 0) == text.count, ftruncate(descriptor, off_t(text.count)) == 0 else {
      throw SystemCall.storageError("write the lock file \(path)")
    }
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, 255) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
