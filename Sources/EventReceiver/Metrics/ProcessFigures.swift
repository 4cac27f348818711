#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the system knows of this process, read from `/proc` (proc(5)). Nil where there is no such thing.
struct ProcessFigures {
  var residentBytes: Int64?
  var openFiles: Int?
  var cpuSeconds: Double?
  /// Since 1970.
  var startSeconds: Double?

  static func read() -> ProcessFigures {
    var figures = ProcessFigures()
    if let pages = text(ofFile: "/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap({ Int64($0) }) {
      figures.residentBytes = pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
    figures.openFiles = fileCount()
    // The second field is the program's name in brackets and may hold anything: fields are counted from behind the last bracket.
    if let stat = text(ofFile: "/proc/self/stat"), let bracket = stat.lastIndex(of: ")") {
      let fields = stat[bracket...].split(separator: " ").map { Double($0) ?? 0 }
      let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
      if fields.count > 20 {
        figures.cpuSeconds = (fields[12] + fields[13]) / ticks
        figures.startSeconds = bootSeconds().map { $0 + fields[20] / ticks }
      }
    }
    return figures
  }

  private static func bootSeconds() -> Double? {
    text(ofFile: "/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
  }

  private static func fileCount() -> Int? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    // Neither "." and ".." nor the directory that is being read.
    return count - 3
  }

  private static func text(ofFile path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 1 << 20 {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
