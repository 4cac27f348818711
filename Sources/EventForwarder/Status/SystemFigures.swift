import NIOCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the system says of the machine (proc(5), sysfs). Nil where it says nothing.
enum SystemFigures {
  /// Bytes.
  static func memory() -> (total: Int64, available: Int64)? {
    let fields = lines("/proc/meminfo").reduce(into: [Substring: Int64]()) { fields, line in
      let words = line.split { $0 == ":" || $0 == " " }
      if words.count >= 2 { fields[words[0]] = Int64(words[1]).map { $0 * 1024 } }
    }
    guard let total = fields["MemTotal"], let available = fields["MemAvailable"] else { return nil }
    return (total, available)
  }

  static func diskBytes(_ path: String) -> Int64? {
    var figures = statvfs()
    return statvfs(path, &figures) == 0 ? Int64(figures.f_blocks) * Int64(figures.f_frsize) : nil
  }

  /// Of the first sensor, in °C.
  static func temperature() -> Int? {
    lines("/sys/class/thermal/thermal_zone0/temp").first.flatMap { Int($0) }.map { $0 / 1000 }
  }

  /// Of the first interface that is not loopback; IPv4 if it has one.
  static func mainAddress() -> (ip: String, mac: String)? {
    let devices = ((try? System.enumerateDevices()) ?? []).compactMap { device -> (name: String, ip: String)? in
      guard let ip = device.address?.ipAddress, !ip.hasPrefix("127."), ip != "::1", !ip.hasPrefix("fe80:") else { return nil }
      return (device.name, ip)
    }
    guard let device = devices.first(where: { !$0.ip.contains(":") }) ?? devices.first else { return nil }
    return (device.ip, lines("/sys/class/net/\(device.name)/address").first.map(String.init) ?? "")
  }

  static func lines(_ path: String) -> [Substring] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
  }
}

/// How busy all processors were since the last look, in percent.
final class ProcessorMeter: Sendable {
  private let last = Mutex<(busy: Int64, total: Int64)>((0, 0))

  func percent() -> Double {
    let fields = (SystemFigures.lines("/proc/stat").first ?? "").split(separator: " ").dropFirst().prefix(8).compactMap { Int64($0) }
    guard fields.count >= 5 else { return 0 }
    let total = fields.reduce(0, +)
    // The fourth and fifth are idle and waiting for a disk.
    let busy = total - fields[3] - fields[4]
    return last.withLock { last in
      defer { last = (busy, total) }
      return total > last.total ? 100 * Double(busy - last.busy) / Double(total - last.total) : 0
    }
  }
}
