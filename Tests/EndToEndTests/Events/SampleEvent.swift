/// An invented event, with everything that a test may want to find again.
struct SampleEvent: Sendable {
  struct Picture: Sendable {
    /// The word for its role, as `events --pictures` writes it.
    var role: String
    var bytes: [UInt8]
  }

  var index: Int
  var form: String
  /// Unique; the only thing that ties a stored event to the one that was sent.
  var personID: String
  var isRealtime: Bool
  /// What is sent, byte for byte, when it is sent as JSON.
  var json: [UInt8]
  /// In the order in which they stand in ``json``.
  var pictures: [Picture]

  var lane: String { isRealtime ? "realtime" : "history" }
  var path: String { isRealtime ? "/RealTimeEvent" : "/HistoryEvent" }
}

/// One request's worth of events.
struct Shipment: Sendable {
  enum Encoding: Sendable { case json, array, formData }

  var number: Int
  var encoding: Encoding
  /// One, except for an array. All of one lane.
  var events: [SampleEvent]
  var body: [UInt8]
  var contentType: String?

  var request: HTTPRequest { HTTPRequest("POST", events[0].path, body: body, type: contentType) }
}
