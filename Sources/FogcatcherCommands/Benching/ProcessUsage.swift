#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a process has used so far, as `/proc` tells it (proc(5)); nothing where there is no such thing.
struct ProcessUsage: Sendable {
  /// User and system, of all threads that ever were.
  var processorSeconds: Double
  /// Of each thread that lives.
  var threadSeconds: [String: Double]
  /// The most that was ever resident.
  var residentBytesMax: Int64

  static func of(_ pid: Int32) -> ProcessUsage? {
    guard let seconds = seconds("/proc/\(pid)/stat") else { return nil }
    let threads = ((try? Directory.names(in: "/proc/\(pid)/task")) ?? []).map { ($0, Self.seconds("/proc/\(pid)/task/\($0)/stat") ?? 0) }
    let peak = ProcFile.text("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kibibytes = peak?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int64($0) } ?? 0
    return ProcessUsage(
      processorSeconds: seconds, threadSeconds: Dictionary(threads) { $1 }, residentBytesMax: kibibytes * 1024)
  }

  static var own: ProcessUsage? { of(getpid()) }

  /// The most that one thread used between two looks.
  static func busiestThreadSeconds(_ before: ProcessUsage, _ after: ProcessUsage) -> Double {
    after.threadSeconds.map { $0.value - (before.threadSeconds[$0.key] ?? 0) }.max() ?? 0
  }

  /// The second field is a name in brackets and may hold anything: fields are counted from behind the last bracket.
  private static func seconds(_ path: String) -> Double? {
    let text = ProcFile.text(path)
    guard let bracket = text.lastIndex(of: ")") else { return nil }
    let fields = text[bracket...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return nil }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
