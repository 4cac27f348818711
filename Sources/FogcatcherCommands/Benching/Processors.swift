#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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
