/// The end of a bench, for people who wonder whether this machine will do.
struct BenchReport {
  var plan: BenchPlan
  var figures: Bench.Figures

  var lines: [String] {
    [diskLine, syncLine, "", receiveLine, answerLine] + costLines + ["", readLine, storedLine] + failureLines + ["", verdict]
      + disturbance + [""] + meaning
  }

  // MARK: Figures

  private var diskLine: String {
    let batch = "batches of \(ByteSize.rounded(figures.disk.batchBytes))"
    return Self.line("Disk alone", "\(Self.megabytes(figures.disk.bytesPerSecond)), \(batch), each with an fdatasync")
  }

  private var syncLine: String { Self.line("  fdatasync", Self.percentiles(figures.disk.syncs, [0.5, 0.99])) }

  private var receiveLine: String {
    let received = figures.received
    let pictures = plan.pictureBytes > 0 ? ", \(Self.megabytes(storedBytesPerSecond)) of pictures" : ""
    let isFull = received.kept.count + received.failed >= plan.eventsMax
    return Self.line(
      "Receive and store",
      "\(Self.rate(received.perSecond)) events/s\(pictures); \(received.kept.count) events in \(Self.seconds(received.time)), "
        + "\(received.failed) failed\(isFull ? "; ended early at --size-max" : "")")
  }

  private var answerLine: String { Self.line("  answer time", Self.percentiles(figures.received.answers, [0.5, 0.99, 0.999])) }

  private var costLines: [String] {
    let use = figures.use
    guard let node = use.nodeSeconds, let load = use.loadSeconds, let share = use.processorShare else { return [] }
    let perThousand = { (seconds: Double) in Self.decimal(seconds * 1_000 / Double(max(1, figures.received.kept.count)), digits: 2) }
    let memory = use.nodeResidentBytesMax.map { [Self.line("  memory", "node \(ByteSize.rounded($0)) at most")] } ?? []
    return [
      Self.line("  processor time", "node \(perThousand(node)) s, load \(perThousand(load)) s for 1000 events"),
      Self.line(
        "  processors",
        "\(Self.percent(share)) of \(Self.processors(use.processors)) busy: node \(Self.percent(use.share(of: node))), "
          + "load \(Self.percent(use.share(of: load))), others \(Self.percent(use.othersShare))"),
    ] + memory
  }

  private var readLine: String {
    let read = figures.read
    let part = read.events == figures.received.kept.count ? "all \(read.events)" : "a random \(read.events)"
    return Self.line(
      "Read back",
      "\(Self.rate(read.perSecond)) events/s, \(Self.megabytes(read.bytesPerSecond)); \(part) events with original and pictures, "
        + (read.failed == 0 ? "every byte as sent" : "\(read.failed) NOT AS SENT"))
  }

  private var storedLine: String {
    let (stored, kept) = (figures.storedEvents, Int64(figures.received.kept.count))
    let text = "\(stored) events are stored of \(kept) that were acknowledged"
    return Self.line("  after the end", stored < kept ? "\(text): \(kept - stored) ARE LOST" : text)
  }

  private var failureLines: [String] {
    figures.received.failures.merging(figures.read.failures) { $0 + $1 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(10)
      .map { "failed \($0.value) times: \($0.key)" }
  }

  // MARK: Meaning

  private var storedBytesPerSecond: Double { figures.received.perSecond * Double(plan.pictureBytes) }

  var bottleneck: Bottleneck {
    Bottleneck(
      Bottleneck.Facts(
        storedBytesPerSecond: storedBytesPerSecond, diskBytesPerSecond: figures.disk.bytesPerSecond,
        processorShare: figures.use.processorShare, othersShare: figures.use.othersShare,
        busiestThreadShare: figures.use.busiestThreadShare,
        commitShare: figures.use.commitShare))
  }

  private var verdict: String {
    switch bottleneck {
    case .diskRate:
      let share = storedBytesPerSecond / max(1, figures.disk.bytesPerSecond)
      return "Bound by the disk: pictures are stored at \(Self.percent(share)) of the rate that it has alone. A faster disk stores more."
    case .diskWaits:
      return
        "Bound by the disk: the node waits for it to confirm (fdatasync) while processors are idle. A disk that confirms sooner, such as "
        + "one with power-loss protection, stores more."
    case .processors:
      let load = figures.use.share(of: figures.use.loadSeconds ?? 0)
      return
        "Bound by the processors: all are busy, \(Self.percent(load)) of them with making this load, which boxes do elsewhere. More or "
        + "faster processors store more."
    case .otherPrograms:
      return
        "Bound by other programs: they had \(Self.percent(figures.use.othersShare)) of the processors, and all are busy. Stop them and "
        + "measure again."
    case .oneThread:
      return "Bound by one processor: a thread of the node has it for itself. Faster processors store more, further ones do not."
    case .load:
      return "Bound by neither disk nor processor: the node waits for events. With more --connections it may store more."
    }
  }

  /// Somewhat more than what a quiet system does beside.
  private static let disturbanceShare = 0.1

  private var disturbance: [String] {
    let share = figures.use.othersShare
    guard share > Self.disturbanceShare, bottleneck != .otherPrograms else { return [] }
    return ["Other programs had \(Self.percent(share)) of the processors meanwhile: without them it is faster."]
  }

  /// In units that a site is planned in.
  private var meaning: [String] {
    let perSecond = figures.received.perSecond
    let boxes =
      "This machine stores \(Self.rate(perSecond)) such events a second. A box reports \(BenchPlan.boxEventsPerSecond) a second at most, in "
      + "practice far fewer: it keeps up with \(Int(perSecond) / BenchPlan.boxEventsPerSecond) boxes at their most."
    guard plan.pictureBytes > 0 else { return [boxes] }
    // Frames and acknowledgements take some five percent.
    let network = 125e6 * 0.95 / Double(max(1, figures.requestBytes))
    let isNarrow = network < perSecond
    return [
      boxes,
      "A network of 1 Gbit/s carries \(Self.rate(network)) of them a second\(isNarrow ? ": there it is the network that bounds." : ".")",
    ]
  }

  // MARK: Writing

  private static func line(_ title: String, _ text: String) -> String { "\(TextWidth.padded(title, to: 19))\(text)" }

  private static func percentiles(_ times: LatencyHistogram, _ shares: [Double]) -> String {
    let parts = shares.map { share in
      // 0.999 is p99.9.
      let percent = decimal(share * 100, digits: 1)
      return "p\(percent.hasSuffix(".0") ? String(percent.dropLast(2)) : percent) \(SimulationReport.milliseconds(times.percentile(share)))"
    }
    return (parts + ["max \(SimulationReport.milliseconds(times.longest))"]).joined(separator: ", ") + " ms"
  }

  private static func megabytes(_ bytesPerSecond: Double) -> String { "\(rate(bytesPerSecond / 1e6)) MB/s" }

  /// With a digit below only where it says something.
  static func rate(_ value: Double) -> String { value >= 100 ? String(Int(value.rounded())) : decimal(value, digits: 1) }

  private static func seconds(_ time: Duration) -> String { "\(decimal(time / .seconds(1), digits: 1)) s" }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  private static func processors(_ count: Double) -> String {
    let text = count == count.rounded() ? String(Int(count)) : decimal(count, digits: 1)
    return "\(text) \(count == 1 ? "processor" : "processors")"
  }

  static func decimal(_ value: Double, digits: Int) -> String {
    let factor = digits == 1 ? 10 : 100
    let scaled = Int((max(0, value) * Double(factor)).rounded())
    let below = String(scaled % factor)
    return "\(scaled / factor)." + String(repeating: "0", count: digits - below.count) + below
  }
}
