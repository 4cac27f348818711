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

/// The processors of this machine, as far as this process may use them.
enum Processors {
  /// How many, in whole ones unless a control group allows a part (cgroups(7), `cpu.max`).
  static var available: Double {
    let online = Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    let quota = ProcFile.text("/sys/fs/cgroup/cpu.max").split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard quota.count == 2, quota[1] > 0 else { return online }
    return min(online, quota[0] / quota[1])
  }

  /// Seconds that all of them were busy since the machine started, whoever had them. Nil where the system says nothing.
  static var busySeconds: Double? {
    let fields = (ProcFile.text("/proc/stat").split(separator: "\n").first ?? "").split(separator: " ").dropFirst().prefix(8)
      .compactMap { Double($0) }
    guard fields.count == 8 else { return nil }
    // The fourth and fifth are idle and waiting for a disk.
    return (fields.reduce(0, +) - fields[3] - fields[4]) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}

private enum ProcFile {
  static func text(_ path: String) -> String { String(decoding: (try? FileBytes.read(path, bytesMax: 1 << 20)) ?? [], as: UTF8.self) }
}
