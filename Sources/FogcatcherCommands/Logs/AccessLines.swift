import EventCoding
import EventReceiver
import FaceEvents
import Logging

/// The access log: a line for each request to an event path, as ``LogLines`` would write it, put together without the dictionary and the
/// strings in between. At thousands of requests a second those cost more than decoding the event.
struct AccessLines: Sendable {
  let format: LogFormat
  let writer: LineWriter
  var now: @Sendable () -> Timestamp = { WallClock.now }

  func write(_ record: AccessRecord) {
    let line = record.line(format, at: now())
    writer.gather(line.count <= LineWriter.lineBytesMax ? line : record.shortened.line(format, at: now()))
  }
}

extension AccessRecord {
  /// With its line feed. The members are in the order of their names.
  fileprivate func line(_ format: LogFormat, at time: Timestamp) -> [UInt8] {
    switch format {
    case .text:
      var line: [UInt8] = []
      line.reserveCapacity(256)
      RFC3339.append(time, to: &line)
      line += " info     request".utf8
      eachMember { LogLine.append($0, $1, to: &line) }
      line.append(UInt8(ascii: "\n"))
      return line
    case .json:
      var line = JSONLine()
      line.object { line in
        line.member("time", RFC3339.text(time))
        line.member("level", "info")
        line.member("label", "fogcatcher")
        line.member("message", "request")
        eachMember { line.member($0, $1) }
      }
      return line.bytes + [UInt8(ascii: "\n")]
    }
  }

  private func eachMember(_ write: (String, String) -> Void) {
    if let boxCode { write("box", boxCode) }
    write("bytes", String(byteCount))
    if let first = ids.first { write("event", ids.count == 1 ? first.description : ids.map(\.description).joined(separator: " ")) }
    write("lane", kind.rawValue)
    write("ms", milliseconds)
    write("outcome", outcome)
    write("peer", peerAddress)
    write("status", String(httpStatus))
  }

  /// With two decimals.
  private var milliseconds: String {
    let (seconds, attoseconds) = duration.components
    let hundredths = max(0, seconds * 100_000 + attoseconds / 10_000_000_000_000)
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// Without what comes from outside, which is all that can be long.
  fileprivate var shortened: AccessRecord {
    var short = self
    short.boxCode = nil
    short.outcome = String(outcome.prefix(256))
    return short
  }
}
