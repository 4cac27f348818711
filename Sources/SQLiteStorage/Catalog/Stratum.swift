import FaceEvents

/// What the events of a stratum have in common, as their rows hold it.
struct Stratum: Hashable {
  var endpoint: Int64
  var personClass: Int64
  var form: String
  var hasWarnings: Bool
  var scoreQuarter: Int64
  var lane: Int64

  init(_ event: FaceEvent, endpoint: Int64) {
    self.endpoint = endpoint
    personClass = Int64(event.person.personClass.rawValue)
    form = event.form.rawValue
    hasWarnings = !event.warnings.isEmpty
    scoreQuarter = ScoreQuarter.of(event.score)
    lane = Int64(event.lane.rawValue)
  }

  init(_ columns: inout SQLColumns) {
    endpoint = columns.integer()
    personClass = columns.integer()
    form = columns.text()
    hasWarnings = columns.integer() != 0
    scoreQuarter = columns.integer()
    lane = columns.integer()
  }

  func bind(_ parameters: inout SQLParameters) {
    parameters.integer(endpoint)
    parameters.integer(personClass)
    parameters.text(form)
    parameters.integer(hasWarnings)
    parameters.integer(scoreQuarter)
    parameters.integer(lane)
  }
}

/// What one batch says about a stratum.
struct StratumTally {
  var seen: TimeSpan
  var eventCount: Int64 = 0
  var lastSequence: Int64 = 0

  init(_ event: FaceEvent) { seen = TimeSpan(event.time) }

  mutating func add(_ event: FaceEvent, sequence: Int64) {
    eventCount += 1
    seen.include(event.time)
    lastSequence = sequence
  }
}
