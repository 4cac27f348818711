import Foundation

/// Holds what is stored against what was sent.
struct Comparison {
  /// Everything that was ever sent, acknowledged or not.
  private let sent: [EventKey: SampleEvent]
  private let isFormData: Set<EventKey>
  /// The ids that were answered.
  private let acknowledged: [EventKey: String]
  private let findings = Findings()

  init(sent: [SampleEvent], formData: Set<EventKey> = [], acknowledged: [EventKey: String]) {
    self.sent = Dictionary(sent.map { ($0.key, $0) }) { first, _ in first }
    isFormData = formData
    self.acknowledged = acknowledged
  }

  /// Every acknowledged event exactly once under its id, nothing that was not sent, all bytes equal.
  /// - Returns: what is wrong, in words; empty when all is well.
  func problems(in node: Node) throws -> [String] {
    let records = try node.records()
    compare(records)
    let originals = try node.originals()
    if originals.exit != .code(0) { findings.add("events --format original: \(originals.exit) \(originals.errorOutput.prefix(300))") }
    compareOriginals(originals.texts, isComplete: true)
    comparePictures(originals.pictures, records)
    return findings.all
  }

  /// What may be said after damage: whatever is given back is what was sent.
  func forgeries(in node: Node) throws -> (problems: [String], originals: Node.Originals) {
    let originals = try node.originals()
    compareOriginals(originals.texts, isComplete: false)
    let known = Set(sent.values.flatMap(\.pictures).map { sha256($0.bytes) })
    for (name, bytes) in originals.pictures where !known.contains(sha256(bytes)) { findings.add("\(name) has bytes that nobody sent") }
    return (findings.all, originals)
  }

  private func compare(_ records: [StoredRecord]) {
    let stored = Dictionary(grouping: records, by: \.key)
    for (key, copies) in stored where copies.count > 1 { findings.add("\(key) is there \(copies.count) times") }
    for (key, id) in acknowledged {
      guard let row = stored[key]?.first?.row else {
        findings.add("\(key) was acknowledged and is not there")
        continue
      }
      if row.id != id { findings.add("\(key) is stored as \(row.id) and was answered \(id)") }
    }
    for record in records {
      guard let event = sent[record.key] else {
        findings.add("\(record.key) is there and was never sent")
        continue
      }
      if record.row.pictures != event.expectedPictures { findings.add("\(record.key), \(event.form): its pictures are not those sent") }
      if record.row.form != event.form { findings.add("\(record.key) is stored as \(record.row.form) and was sent as \(event.form)") }
    }
  }

  private func compareOriginals(_ texts: [[UInt8]], isComplete: Bool) {
    var seen: [EventKey: Int] = [:]
    for text in texts {
      guard let key = key(of: text), let event = sent[key] else {
        findings.add("an original that nobody sent: \(text.count) bytes")
        continue
      }
      seen[key, default: 0] += 1
      if isFormData.contains(key) ? !means(text, event.json) : text != event.json {
        findings.add("the original of \(key), \(event.form), is not what was sent")
      }
    }
    for (key, count) in seen where count > 1 { findings.add("\(key) has \(count) originals") }
    for key in acknowledged.keys where isComplete && seen[key] == nil { findings.add("\(key) has no original") }
  }

  /// Person ids of the two lanes differ, so the person is the event.
  private func key(of text: [UInt8]) -> EventKey? {
    guard let object = try? JSONSerialization.jsonObject(with: Data(text)) as? [String: Any], let person = object["identity_id"] as? String
    else { return nil }
    return [EventKey(personID: person, lane: "history"), EventKey(personID: person, lane: "realtime")].first { sent[$0] != nil }
  }

  private func means(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    let trees = [a, b].map { try? JSONSerialization.jsonObject(with: Data($0)) as? NSDictionary }
    return trees[0] != nil && trees[0] == trees[1]
  }

  private func comparePictures(_ files: [(name: String, bytes: [UInt8])], _ records: [StoredRecord]) {
    let written = Dictionary(files.map { ($0.name, $0.bytes) }) { first, _ in first }
    let byID = Dictionary(grouping: written.keys) { name in name.split(separator: "_").dropFirst().first.map(String.init) ?? "" }
    for record in records {
      guard let event = sent[record.key], acknowledged[record.key] != nil else { continue }
      let names = (byID[record.row.id] ?? []).sorted()
      if names.compactMap({ written[$0] }) != event.pictures.map(\.bytes) {
        findings.add("the picture files of \(record.key) are not what was sent")
      }
    }
    let expected = Set(records.flatMap { record in record.row.pictures.map(\.sha256) })
    for (name, bytes) in files where !expected.contains(sha256(bytes)) { findings.add("\(name) has bytes that no event has") }
  }
}
