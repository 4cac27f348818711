import Foundation

/// A directory of its own for one test, removed when the object goes.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    var template = Array((NSTemporaryDirectory() + "fogcatcher-e2e.XXXXXX").utf8CString)
    guard let made = mkdtemp(&template) else { throw Failure("no temporary directory: errno \(errno)") }
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }
}

/// Files by their path below `directory`, sorted.
func files(below directory: String) -> [String] {
  guard let found = FileManager.default.enumerator(atPath: directory) else { return [] }
  return found.compactMap { $0 as? String }.filter { path in
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: directory + "/" + path, isDirectory: &isDirectory) && !isDirectory.boolValue
  }.sorted()
}

func contents(_ path: String) -> [UInt8] { (try? Data(contentsOf: URL(fileURLWithPath: path))).map(Array.init) ?? [] }

func text(_ path: String) -> String { String(decoding: contents(path), as: UTF8.self) }
