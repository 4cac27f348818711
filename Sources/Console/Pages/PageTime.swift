import FaceEvents

/// Times as people in one zone read them.
enum PageTime {
  /// The parts of `<time>`: `datetime` for machines, `text` as `2024-03-05 08:15:02`, and the clock alone.
  static func view(_ time: Timestamp?, _ request: PageRequest) -> PageView? {
    guard let time else { return nil }
    let local = Timestamp(milliseconds: time.milliseconds + Int64(request.offsetMinutes) * 60_000)
    let text = RFC3339.text(local)
    return ["iso": RFC3339.text(time), "text": text.prefix(19).replacing("T", with: " "), "clock": String(text.dropFirst(11).prefix(8))]
  }

  /// `2024-03-05` on the viewer's clock.
  static func day(_ time: Timestamp, _ request: PageRequest) -> String {
    String(RFC3339.text(Timestamp(milliseconds: time.milliseconds + Int64(request.offsetMinutes) * 60_000)).prefix(10))
  }

  /// Hour of the viewer's day, 0 to 23.
  static func hour(_ time: Timestamp, _ request: PageRequest) -> Int {
    Int(flooring(time.milliseconds + Int64(request.offsetMinutes) * 60_000, 86_400_000) / 3_600_000)
  }

  /// When the viewer's day with this moment began.
  static func startOfDay(_ time: Timestamp, _ request: PageRequest) -> Timestamp {
    Timestamp(milliseconds: time.milliseconds - flooring(time.milliseconds + Int64(request.offsetMinutes) * 60_000, 86_400_000))
  }

  private static func flooring(_ value: Int64, _ size: Int64) -> Int64 { (value % size + size) % size }

  /// `UTC+08:00`.
  static func zoneName(_ minutes: Int) -> String { minutes == 0 ? "UTC" : "UTC" + zone(minutes) }

  /// `+08:00`.
  static func zone(_ minutes: Int) -> String {
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    return (minutes < 0 ? "-" : "+") + two(abs(minutes) / 60) + ":" + two(abs(minutes) % 60)
  }

  /// A span in its largest whole unit, for "5 min ago".
  static func span(_ milliseconds: Int64, _ texts: PageTexts) -> String {
    let seconds = abs(milliseconds) / 1000
    switch seconds {
    case ..<60: return texts.text("seconds", String(seconds))
    case ..<3_600: return texts.text("minutes", String(seconds / 60))
    case ..<172_800: return texts.text("hours", String(seconds / 3_600))
    default: return texts.text("days", String(seconds / 86_400))
    }
  }

  static func bytes(_ count: Int64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(count)
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    let tenths = Int((value * 10).rounded())
    return unit == 0 || tenths >= 1000 ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }

  /// `12 345 678`, with narrow blanks.
  static func number(_ value: Int64) -> String {
    var out = ""
    for (index, digit) in String(value.magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { out.append("\u{202F}") }
      out.append(digit)
    }
    return (value < 0 ? "−" : "") + String(out.reversed())
  }

  /// Reads what a form's field has, in the viewer's zone unless it names one, or milliseconds.
  static func parse(_ text: String, _ request: PageRequest) -> Timestamp? {
    if let milliseconds = Int64(text) {
      return Parameter.Kind.milliseconds.contains(milliseconds) ? Timestamp(milliseconds: milliseconds) : nil
    }
    let hasZone = text.hasSuffix("Z") || text.dropFirst(10).contains("+") || text.dropFirst(10).contains("-")
    return RFC3339.parse(text).map { time in
      Timestamp(milliseconds: time.milliseconds - (hasZone ? 0 : Int64(request.offsetMinutes) * 60_000))
    }
  }

  /// The value of an `<input type="datetime-local">`.
  static func input(_ time: Timestamp?, _ request: PageRequest) -> String {
    time.map { RFC3339.text(Timestamp(milliseconds: $0.milliseconds + Int64(request.offsetMinutes) * 60_000)).prefix(19) }.map(String.init)
      ?? ""
  }
}
