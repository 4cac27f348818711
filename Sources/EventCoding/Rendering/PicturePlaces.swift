import FaceEvents

/// Where the members of an event's pictures stand in its text.
struct PicturePlaces {
  private let document: JSONDocument
  /// By picture: the index of its string in the document.
  private let values: [Int]

  /// - Returns: nil when a picture is not where its event says.
  init?(_ event: FaceEvent, depthMax: Int, valuesMax: Int) {
    let storage = ByteStorage(capacity: event.originalText.count)
    event.originalText.withUnsafeBytes { storage.append($0) }
    let bytes = UnsafeRawBufferPointer(storage.bytes)
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let document = try? JSONScanner.scan(bytes, from: start, depthMax: depthMax, valuesMax: valuesMax),
      document.values[0].kind == .object
    else { return nil }
    // Pictures that stayed in the text are found as they were at first.
    var left = EventTree(document: document, storage: storage, root: 0).pictures.makeIterator()
    var values: [Int] = []
    var search = 0
    for picture in event.pictures {
      if let cut = picture.cut {
        while search < document.values.count, !Self.isEmptyString(document.values[search], at: cut.offset) { search += 1 }
        guard search < document.values.count else { return nil }
        values.append(search)
      } else {
        guard let place = left.next() else { return nil }
        values.append(place.value)
      }
    }
    self.document = document
    self.values = values
  }

  private static func isEmptyString(_ value: JSONDocument.Value, at offset: Int) -> Bool {
    value.kind == .string && value.keyStart >= 0 && Int(value.start) == offset && value.range.isEmpty
  }

  /// What stands between the quotation marks of a picture.
  func contents(of picture: Int) -> Range<Int> { document.values[values[picture]].range }

  /// What has to go so that the members of these pictures are not there: names, values, and as many commas.
  func members(_ pictures: [Int]) -> [Range<Int>] {
    let removed = Set(pictures.map { values[$0] })
    guard !removed.isEmpty else { return [] }
    var ranges: [Range<Int>] = []
    for (index, value) in document.values.enumerated() where value.kind == .object {
      let members = Array(document.children(of: index))
      guard members.contains(where: removed.contains) else { continue }
      var hasKept = false
      for (place, member) in members.enumerated() {
        guard removed.contains(member) else {
          hasKept = true
          continue
        }
        let end = end(of: member)
        if hasKept {
          // With the comma before it.
          ranges.append(self.end(of: members[place - 1])..<end)
        } else {
          let next = place + 1 < members.count ? Int(document.values[members[place + 1]].keyStart) - 1 : end
          ranges.append(Int(document.values[member].keyStart) - 1..<next)
        }
      }
    }
    return ranges
  }

  private func end(of index: Int) -> Int {
    let value = document.values[index]
    return Int(value.end) + (value.kind == .string ? 1 : 0)
  }
}
