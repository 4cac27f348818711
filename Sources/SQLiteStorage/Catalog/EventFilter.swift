import FaceEvents

/// What has to be checked on the rows of a walk, because its index does not fix it.
struct EventFilter {
  private let query: EventQuery
  private let conditions: [Condition]
  /// ``NameParts/folded(_:)``; nil when names are not checked row by row.
  let namePart: String?

  init(_ query: EventQuery, walking index: EventIndex, checksNames: Bool) {
    self.query = query
    conditions = Condition.of(query).filter { !$0.isFixed(by: index) }
    namePart = checksNames ? query.namePart.map(NameParts.folded) : nil
    let readsNames = namePart != nil && !Condition.person.isIn(index)
    readsRows = readsNames || !conditions.allSatisfy { $0.isIn(index) }
  }

  /// Whether every row of the walk fits.
  var isEmpty: Bool { conditions.isEmpty && namePart == nil }

  /// Whether the walk has to leave its index for the rows of the table, which costs five to ten times as much (``ReadingCost``).
  let readsRows: Bool

  /// Whether each row asks for the endpoint that it names.
  var readsEndpoints: Bool { conditions.contains { $0 == .box || $0 == .endpoint } }

  /// True for a row that fits; the second column is the person, where names are checked.
  var columns: String {
    let fits = conditions.isEmpty ? "1" : conditions.map(\.rawValue).joined(separator: " AND ")
    return namePart == nil ? fits : "\(fits), person_id"
  }

  func bind(_ parameters: inout SQLParameters) {
    for condition in conditions {
      switch condition {
      case .person: parameters.text(query.personID)
      case .box: parameters.text(query.boxCode)
      case .endpoint: parameters.text(query.endpointID)
      case .personClass: parameters.integer(query.personClass.map { Int64($0.rawValue) })
      case .form: parameters.text(query.form?.rawValue)
      case .withWarnings, .withoutWarnings, .noStranger: break
      case .scoreMin: parameters.real(query.scoreMin ?? 0)
      case .scoreMax: parameters.real(query.scoreMax ?? 0)
      }
    }
  }

  private enum Condition: String {
    case person = "person_id = ?"
    /// Nobody's record is about them, whatever id they were sent with.
    case noStranger = "person_class <> 4"
    case box = "(SELECT endpoint.box FROM endpoint WHERE endpoint.key = event.endpoint) = (SELECT box.key FROM box WHERE box.code = ?)"
    case endpoint = "(SELECT endpoint.id FROM endpoint WHERE endpoint.key = event.endpoint) = ?"
    case personClass = "person_class = ?"
    case form = "form = ?"
    case withWarnings = "warnings IS NOT NULL"
    case withoutWarnings = "warnings IS NULL"
    case scoreMin = "score / iif(score_scale = 2, 100.0, 1.0) >= ?"
    case scoreMax = "score / iif(score_scale = 2, 100.0, 1.0) <= ?"

    static func of(_ query: EventQuery) -> [Condition] {
      var conditions: [Condition] = []
      if query.personID != nil { conditions.append(.person) }
      if query.namePart != nil { conditions.append(.noStranger) }
      if query.boxCode != nil { conditions.append(.box) }
      if query.endpointID != nil { conditions.append(.endpoint) }
      if query.personClass != nil { conditions.append(.personClass) }
      if query.form != nil { conditions.append(.form) }
      if let hasWarnings = query.hasWarnings { conditions.append(hasWarnings ? .withWarnings : .withoutWarnings) }
      if query.scoreMin != nil { conditions.append(.scoreMin) }
      if query.scoreMax != nil { conditions.append(.scoreMax) }
      return conditions
    }

    /// A stratum fixes the quarter of the score, not the score.
    func isFixed(by index: EventIndex) -> Bool {
      switch self {
      case .person: index == .person
      case .box, .endpoint, .personClass, .form, .withWarnings, .withoutWarnings: index == .stratum
      case .scoreMin, .scoreMax, .noStranger: false
      }
    }

    /// Whether the index has what the condition is about, behind the columns that it fixes.
    func isIn(_ index: EventIndex) -> Bool {
      switch self {
      case .scoreMin, .scoreMax, .noStranger: index == .person || index == .stratum
      case .person: index == .stratum
      case .box, .endpoint, .personClass, .form: index == .person
      case .withWarnings, .withoutWarnings: false
      }
    }
  }
}
