import EventCoding
import EventKeeping
import FaceEvents

/// Puts the passages of a fleet into a data directory as if its boxes had reported them: through the decoder and the keeper, without HTTP.
struct PassageFilling: Sendable {
  var fleet: SimulatedFleet
  var times: PassageTimes
  var count: Int
  /// Report every passage as a realtime event too.
  var isRealtimeToo: Bool
  var hasPictures: Bool

  struct Progress: Sendable {
    var passages = 0
    var events = 0
    var duplicates = 0
  }

  /// Passages that are made ahead of the writer as one; with pictures each has some 150 KB.
  private var chunk: Int { hasPictures ? 64 : 4_096 }
  private static let chunksAhead = 3

  static var keeperSettings: KeeperSettings {
    var settings = KeeperSettings()
    settings.batchItemsMax = 8_192
    return settings
  }

  /// Ends when everything is kept, or `stop` was asked for.
  func run(into keeper: EventKeeper, stop: StopRequest, _ note: @Sendable (Progress) -> Void) async throws -> Progress {
    var progress = Progress()
    try await withThrowingTaskGroup(of: (Int, [KeepItem]).self) { makers in
      let starts = Array(stride(from: 0, to: count, by: chunk))
      var made: [Int: [KeepItem]] = [:]
      var begun = 0
      for index in starts.indices where !stop.wasMade {
        while begun < starts.count, begun < index + Self.chunksAhead {
          let number = begun
          makers.addTask { (number, try items(starts[number]..<min(starts[number] + chunk, count))) }
          begun += 1
        }
        while made[index] == nil, let (number, items) = try await makers.next() { made[number] = items }
        let results = await keeper.keep(made.removeValue(forKey: index) ?? [])
        for result in results { if try result.get().isDuplicate { progress.duplicates += 1 } }
        progress.events += results.count
        progress.passages = min(starts[index] + chunk, count)
        note(progress)
      }
    }
    return progress
  }

  /// One status report of each box, as of now; but for the fifth generation, whose reports do not say which box it is.
  func reportStatus(into keeper: EventKeeper, at time: Timestamp) async throws {
    let boxes = (0..<fleet.size.boxes).map(fleet.box).filter { $0.form != .g5 }
    let items = try boxes.map { box in
      try item(HeartbeatWriter.json(of: box, number: 0, seed: fleet.seed), .status, of: box, at: time)
    }
    for result in await keeper.keep(items) { _ = try result.get() }
  }

  private func items(_ numbers: Range<Int>) throws -> [KeepItem] {
    var items: [KeepItem] = []
    items.reserveCapacity(numbers.count * (isRealtimeToo ? 2 : 1))
    for number in numbers {
      let time = times.time(of: number)
      let passage = fleet.passage(number, at: time, hasPictures: hasPictures)
      // Sent at once, it is here within a second; a round of history a little later.
      let delay = Int64(passage.surety % 700)
      if isRealtimeToo {
        let json = PassageWriter.json(passage, as: PassageWriter.realtimeForm(of: passage.box.form))
        items.append(try item(json, .realtime, of: passage.box, at: Timestamp(milliseconds: time.milliseconds + 100 + delay)))
      }
      let json = PassageWriter.json(passage, as: passage.box.form)
      items.append(try item(json, .history, of: passage.box, at: Timestamp(milliseconds: time.milliseconds + 400 + delay * 7)))
    }
    return items
  }

  private func item(_ json: [UInt8], _ kind: RouteKind, of box: SimulatedBox, at time: Timestamp) throws -> KeepItem {
    let body = ByteStorage(capacity: json.count)
    json.withUnsafeBytes { body.append($0) }
    let request = EncodedRequest(
      body: body, contentType: "application/json", kind: kind, source: RequestSource(address: box.address, path: Self.path(kind)),
      receivedAt: time)
    guard let element = EventDecoder().decode(request).elements.first else { throw CommandFailure("an empty report was made") }
    switch element {
    case .success(.event(let event, let pictures)): return .event(event, pictures: pictures)
    case .success(.status(let report)): return .status(report)
    case .failure(let error): throw CommandFailure("a report was made that cannot be read: \(error.message)")
    }
  }

  private static func path(_ kind: RouteKind) -> String {
    switch kind {
    case .history: "/HistoryEvent"
    case .realtime: "/RealTimeEvent"
    case .status: "/DeviceStatus"
    }
  }
}
