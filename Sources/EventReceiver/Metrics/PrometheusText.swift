import NIOCore

/// The text format of Prometheus, version 0.0.4.
struct PrometheusText {
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  enum Kind: String { case counter, gauge, histogram }

  private(set) var buffer = ByteBufferAllocator().buffer(capacity: 8192)

  /// Metrics that somebody else has written in this format.
  mutating func append(_ text: String) { buffer.writeString(text) }

  /// Opens a metric; its samples follow.
  mutating func metric(_ name: String, _ kind: Kind, _ help: String) {
    buffer.writeString("# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n")
  }

  mutating func sample(_ name: String, label: (name: String, value: String)? = nil, _ value: some BinaryInteger) {
    line(name, label.map { "{\($0.name)=\"\($0.value)\"}" } ?? "", String(value))
  }

  mutating func sample(_ name: String, _ value: Double) { line(name, "", "\(value)") }

  /// A metric with a single sample.
  mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
    metric(name, kind, help)
    sample(name, value)
  }

  mutating func histogram(_ name: String, label: (name: String, value: String)? = nil, _ histogram: Histogram) {
    let labels = label.map { "\($0.name)=\"\($0.value)\"," } ?? ""
    var total: UInt64 = 0
    for (bound, count) in zip(histogram.bounds, histogram.counts) {
      total += count
      line(name, "_bucket{\(labels)le=\"\(Self.text(bound))\"}", String(total))
    }
    line(name, "_bucket{\(labels)le=\"+Inf\"}", String(histogram.count))
    let suffix = label.map { "{\($0.name)=\"\($0.value)\"}" } ?? ""
    line(name, "_sum\(suffix)", "\(histogram.sum)")
    line(name, "_count\(suffix)", String(histogram.count))
  }

  private mutating func line(_ name: String, _ suffix: String, _ value: String) {
    buffer.writeString("\(name)\(suffix) \(value)\n")
  }

  private static func text(_ bound: Double) -> String {
    bound == bound.rounded() ? String(Int(bound)) : "\(bound)"
  }
}
