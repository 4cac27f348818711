/// Reads the text format of Prometheus 0.0.4 strictly enough to find what a scraper would refuse.
struct PrometheusPage {
  struct Sample: Equatable {
    var name: String
    var labels: [String: String]
    var value: Double
  }

  struct Failure: Error { var line: String }

  private(set) var types: [String: String] = [:]
  private(set) var samples: [Sample] = []

  init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Failure(line: "the last line has no end") }
    var current = ""
    var helped: Set<String> = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      if line.hasPrefix("# HELP ") {
        guard words.count == 4, helped.insert(words[2]).inserted else { throw Failure(line: String(line)) }
        current = words[2]
      } else if line.hasPrefix("# TYPE ") {
        guard words.count == 4, words[2] == current, types[current] == nil else { throw Failure(line: String(line)) }
        guard ["counter", "gauge", "histogram"].contains(words[3]) else { throw Failure(line: String(line)) }
        types[current] = words[3]
      } else {
        let sample = try Self.sample(String(line))
        let base = types[current] == "histogram" ? Self.withoutSuffix(sample.name) : sample.name
        guard base == current, types[current] != nil else { throw Failure(line: String(line)) }
        guard !samples.contains(where: { $0.name == sample.name && $0.labels == sample.labels }) else { throw Failure(line: String(line)) }
        samples.append(sample)
      }
    }
  }

  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    samples.first { $0.name == name && $0.labels == labels }?.value
  }

  private static func withoutSuffix(_ name: String) -> String {
    for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) { return String(name.dropLast(suffix.count)) }
    return name
  }

  private static func sample(_ line: String) throws -> Sample {
    guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else { throw Failure(line: line) }
    var name = String(line[..<space])
    var labels: [String: String] = [:]
    if let open = name.firstIndex(of: "{") {
      guard name.hasSuffix("}") else { throw Failure(line: line) }
      for pair in name[name.index(after: open)...].dropLast().split(separator: ",") {
        let parts = pair.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[1].hasPrefix("\""), parts[1].hasSuffix("\""), parts[1].count >= 2 else { throw Failure(line: line) }
        labels[String(parts[0])] = String(parts[1].dropFirst().dropLast())
      }
      name = String(name[..<open])
    }
    let isGoodName = name.utf8.allSatisfy { $0 == 95 || $0 == 58 || (48...57).contains($0) || (97...122).contains($0 | 32) }
    guard isGoodName, !name.isEmpty else { throw Failure(line: line) }
    return Sample(name: name, labels: labels, value: value)
  }
}
