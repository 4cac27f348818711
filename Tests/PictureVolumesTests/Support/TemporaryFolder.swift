#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder on the real disk for one test, gone afterwards however the test ends.
struct TemporaryFolder {
  let path: String

  var volumes: String { path + "/pictures" }

  func file(_ name: String) -> String { volumes + "/" + name }

  func contents(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { throw FolderError(call: "open", path: path, code: errno) }
    defer { close(file) }
    let size = Int(lseek(file, 0, SEEK_END))
    var bytes = [UInt8](repeating: 0, count: size)
    guard pread(file, &bytes, size, 0) == size else { throw FolderError(call: "pread", path: path, code: errno) }
    return bytes
  }

  /// Storage that the file takes, in units of 512 bytes.
  func blocks(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_blocks) : 0
  }

  func remove(_ path: String) {
    unlink(path)
  }

  func replace(_ path: String, with bytes: [UInt8]) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard file >= 0 else { throw FolderError(call: "open", path: path, code: errno) }
    defer { close(file) }
    guard bytes.isEmpty || pwrite(file, bytes, bytes.count, 0) == bytes.count else {
      throw FolderError(call: "pwrite", path: path, code: errno)
    }
  }
}

struct FolderError: Error {
  var call: String
  var path: String
  var code: Int32
}

func withTemporaryFolder(_ body: (TemporaryFolder) async throws -> Void) async throws {
  var template = Array("/tmp/picture-volumes-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { throw FolderError(call: "mkdtemp", path: "/tmp", code: errno) }
  let path = template.withUnsafeBufferPointer { String(decoding: $0.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) }
  defer { removeTree(path) }
  try await body(TemporaryFolder(path: path))
}

private func removeTree(_ path: String) {
  guard let stream = opendir(path) else {
    unlink(path)
    return
  }
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { removeTree(path + "/" + name) }
  }
  closedir(stream)
  rmdir(path)
}
