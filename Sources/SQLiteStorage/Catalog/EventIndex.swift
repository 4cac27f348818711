import FaceEvents

/// An index of events that gives them in the order of time, once all its columns before the time are fixed.
enum EventIndex: String, CaseIterable {
  case id = "event_id"
  case person = "event_person"
  case stratum = "event_stratum"
  case time = "event_time"

  /// All columns before the time.
  var condition: String {
    switch self {
    case .id: "id = ? AND lane = ?"
    // The second part is how SQLite sees that the partial index will do.
    case .person: "person_id = ? AND person_id <> '' AND lane = ?"
    case .stratum: "endpoint = ? AND person_class = ? AND form = ? AND has_warnings = ? AND score_quarter = ? AND lane = ?"
    case .time: "lane = ?"
    }
  }

  /// A value of ``condition``.
  enum Key {
    case id(EventID, Lane)
    case person(String, Lane)
    case stratum(Stratum)
    case all(Lane)

    func bind(_ parameters: inout SQLParameters) {
      switch self {
      case .id(let id, let lane):
        parameters.id(id)
        parameters.integer(Int64(lane.rawValue))
      case .person(let person, let lane):
        parameters.text(person)
        parameters.integer(Int64(lane.rawValue))
      case .stratum(let stratum): stratum.bind(&parameters)
      case .all(let lane): parameters.integer(Int64(lane.rawValue))
      }
    }
  }
}
