import EventCoding
import FaceEvents
import TestSupport

extension Workload {
  /// A body becomes an event: structure, pictures, columns, identity. It comes in memory of its own each time, because pictures are decoded
  /// over their texts; that copy is part of the figure.
  static let decoding: [Workload] =
    decoding(.small) + decoding(.large) + [
      Workload("decode an array of 100 events", countedRuns: 4) { _ in work(decoding: try .array(100), events: 100) }
    ]

  private static func decoding(_ size: WireBody.Size) -> [Workload] {
    let forms = Fixtures.eventForms.map { form in decode(form.rawValue, size) { try .json(form, size) } }
    return forms + [
      decode("form-data", size) { try .formData(size) },
      decode("urlencoded", size) { try .urlencoded(size) },
      decode("Python literal", size) { try .pythonLiteral(size) },
    ]
  }

  private static func decode(_ name: String, _ size: WireBody.Size, _ body: @escaping @Sendable () throws -> WireBody) -> Workload {
    Workload("decode \(name), \(size.rawValue)", runsPerSample: size == .small ? 1_000 : 1, countedRuns: size == .small ? 100 : 20) { _ in
      work(decoding: try body(), events: 1)
    }
  }

  private static func work(decoding body: WireBody, events: Int) -> Work {
    let decoder = EventDecoder()
    return Work { _ in
      let elements = decoder.decode(body.request).elements
      guard case .success(.event) = elements.first else { throw WorkloadFailure(description: "the body is not an event") }
      try expect(elements.count == events, "the body has \(elements.count) events")
    }
  }
}
