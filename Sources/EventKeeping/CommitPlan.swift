import FaceEvents

/// What one batch writes, worked out from what the store has already: which pictures, which rows, and whose answer comes from where.
struct CommitPlan {
  /// Where a picture of a row is or will be.
  private enum Place {
    case at(PictureLocation)
    /// Index into ``pictures``.
    case written(Int)
    /// Of an event that is there already: the store does not look at it.
    case unused
  }

  private enum Row {
    case event(FaceEvent, [Place])
    case status(StatusReport)
  }

  /// Where the answer to an item comes from.
  enum Outcome: Equatable {
    case row(Int)
    /// The same event stands earlier in the batch: its row answers, as a duplicate.
    case repeated(row: Int)
    /// The caller gave a different number of pictures than the event names.
    case mismatched
  }

  private(set) var pictures: [NewPicture] = []
  private var rows: [Row] = []
  private(set) var outcomes: [Outcome] = []
  private var referencePictures: [ContentDigest: Int] = [:]
  private var rowOfEvent: [EventID: Int] = [:]

  /// - Parameter known: of those events of `items` that have pictures, in order.
  init(items: [KeepItem], known: [KnownEvent]) {
    var known = known.makeIterator()
    for item in items {
      switch item {
      case .status(let report):
        rows.append(.status(report))
        outcomes.append(.row(rows.count - 1))
      case .event(let event, let pictures):
        let there = event.pictures.isEmpty ? nil : known.next()
        outcomes.append(add(event, pictures: pictures, known: there))
      }
    }
  }

  var rowCount: Int { rows.count }

  /// The rows once the pictures are written; `written` has one location per element of ``pictures``.
  func entries(written: [PictureLocation]) -> [StoreEntry] {
    rows.map { row in
      switch row {
      case .status(let report): .status(report)
      case .event(let event, let places):
        .event(
          event,
          locations: places.map { place in
            switch place {
            case .at(let location): location
            case .written(let index): written[index]
            case .unused: PictureLocation(volume: 0, offset: 0)
            }
          })
      }
    }
  }

  private mutating func add(_ event: FaceEvent, pictures: [SharedBytes], known: KnownEvent?) -> Outcome {
    if let row = rowOfEvent[event.id] { return .repeated(row: row) }
    guard pictures.count == event.pictures.count, known?.locations.count ?? 0 == pictures.count else { return .mismatched }
    var places: [Place] = []
    places.reserveCapacity(pictures.count)
    for (index, picture) in event.pictures.enumerated() {
      if let location = known?.locations[index] {
        places.append(.at(location))
      } else if known?.isDuplicate == true {
        places.append(.unused)
      } else {
        places.append(.written(write(picture, bytes: pictures[index], receivedAt: event.receivedAt)))
      }
    }
    rowOfEvent[event.id] = rows.count
    rows.append(.event(event, places))
    return .row(rows.count - 1)
  }

  /// - Returns: the picture's index in ``pictures``. A reference picture comes with every passage of its person, so it is written once.
  private mutating func write(_ picture: EventPicture, bytes: SharedBytes, receivedAt: Timestamp) -> Int {
    let isReference = picture.role == .reference
    if isReference, let index = referencePictures[picture.digest] { return index }
    pictures.append(NewPicture(role: picture.role, digest: picture.digest, bytes: bytes, receivedAt: receivedAt))
    if isReference { referencePictures[picture.digest] = pictures.count - 1 }
    return pictures.count - 1
  }
}
