#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Directories of the file system.
enum Directory {
  /// Names of what is in it, in no order, without `.` and `..`.
  static func names(in path: String) throws(FileError) -> [String] {
    guard let directory = opendir(path) else { throw FileError(path: path) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Makes the directory and those above it, as far as they are missing.
  static func make(_ path: String) throws(FileError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += "\(part)/"
      guard mkdir(made, 0o777) == 0 || errno == EEXIST else { throw FileError(path: made) }
    }
    guard access(path, W_OK | X_OK) == 0 else { throw FileError(path: path) }
  }

  /// Removes the directory and everything in it. Links are removed, not followed.
  static func removeTree(_ path: String) throws(FileError) {
    for name in try names(in: path) {
      let child = "\(path)/\(name)"
      var status = stat()
      guard lstat(child, &status) == 0 else { throw FileError(path: child) }
      if status.st_mode & S_IFMT == S_IFDIR {
        try removeTree(child)
      } else if unlink(child) != 0 {
        throw FileError(path: child)
      }
    }
    guard rmdir(path) == 0 else { throw FileError(path: path) }
  }
}
