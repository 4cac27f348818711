import FaceEvents

extension EventCatalogContract {
  static let people: [Case] = [
    Case("people come seen last first, page by page, whatever their class; strangers are not among them") { store in
      for number in 0..<40 {
        let personClass = PersonClass.allCases[number % 7]
        // Several were last seen in the same millisecond.
        _ = try await store.append(
          SampleRecords.event(
            "e\(number)", at: Int64(number * 7 % 11), person: Person(id: "p-\(number)", name: "N\(number)", personClass: personClass)))
      }
      let expected = (0..<40).filter { PersonClass.allCases[$0 % 7] != .stranger }
      for limit in [1, 3, 100] {
        let people = try await store.allPeople(limit: limit)
        try requireEqual(Set(people.map(\.id)), Set(expected.map { "p-\($0)" }), "people")
        try requireEqual(people.count, expected.count, "number of people")
        let times = people.map(\.lastSeen)
        try requireEqual(times, times.sorted(by: >), "order")
        let visitors = try await store.allPeople(limit: limit) { $0.personClass = .visitor }
        try requireEqual(visitors, people.filter { $0.personClass == .visitor }, "visitors")
      }
      try requireEqual(try await store.totals().people, expected.count, "people in total")
    },
    Case("a text finds people by a part of their name or the beginning of their id, in any case and script") { store in
      let names = ["Ada Nebel", "Bo Sørland", "白露", "nebelhorn", nil, "Zoë 白 Quill"]
      for (number, name) in names.enumerated() {
        _ = try await store.append(
          SampleRecords.event("e\(number)", at: Int64(number), person: Person(id: "E-\(number)", name: name)))
      }
      let expected: [String: [String]] = [
        "nebel": ["E-3", "E-0"], "NEBEL": ["E-3", "E-0"], "ØR": ["E-1"], "白": ["E-5", "E-2"], "露": ["E-2"], "e-4": ["E-4"],
        "E-": ["E-5", "E-4", "E-3", "E-2", "E-1", "E-0"], "-4": [], "a n": ["E-0"], "ada nebel and more": [], "%": [],
      ]
      for (text, ids) in expected {
        for limit in [1, 10] {
          try requireEqual(try await store.allPeople(limit: limit) { $0.text = text }.map(\.id), ids, "people with \(text)")
        }
      }
    },
    Case("of two with one name, one who gets another leaves the other to be found by it") { store in
      func seen(_ id: String, _ name: String, at time: Int64) -> FaceEvent {
        SampleRecords.event("\(id) \(time)", at: time, person: Person(id: id, name: name))
      }
      func found(_ text: String) async throws -> [String] {
        var query = PeopleQuery()
        query.text = text
        return try await store.people(query).people.map(\.id).sorted()
      }
      _ = try await store.append(seen("p", "Ada Nebel", at: 1))
      _ = try await store.append(seen("q", "Ada Nebel", at: 2))
      try requireEqual(try await found("nebel"), ["p", "q"], "both")
      _ = try await store.append(seen("p", "Ada Brume", at: 3))
      try requireEqual(try await found("nebel"), ["q"], "the one who kept it")
      _ = try await store.append(seen("q", "Ada Brume", at: 4))
      try requireEqual(try await found("nebel"), [], "nobody has it any more")
      try requireEqual(try await found("brume"), ["p", "q"], "both by the new one")
    },
    Case("who gets another name is found by that one and no longer by the old one") { store in
      func name(_ name: String?, at time: Int64) -> FaceEvent {
        SampleRecords.event("\(time)", at: time, person: Person(id: "p", name: name))
      }
      _ = try await store.append(name("Ada Nebel", at: 10))
      _ = try await store.append(name("Ada Brume", at: 20))
      _ = try await store.append(name("Ada Alt", at: 5))
      _ = try await store.append(name(nil, at: 30))
      for (text, count) in [("ada", 1), ("brume", 1), ("nebel", 0), ("alt", 0)] {
        try requireEqual(try await store.allPeople(limit: 5) { $0.text = text }.count, count, "people with \(text)")
        var query = EventQuery()
        query.namePart = text
        try requireEqual(try await store.page(query).entries.count, count * 4, "events of people with \(text)")
      }
    },
    Case("a person is as their newest event says, with the newest reference picture") { store in
      let event = SampleRecords.fullEvent()
      _ = try await store.append(event)
      guard let id = event.person.id, let found = try await store.person(id) else {
        throw ContractViolation(description: "the person is found")
      }
      try requireEqual(found.name, event.person.name, "name")
      try requireEqual([found.firstSeen, found.lastSeen], [event.time, event.time], "times")
      try requireEqual(found.eventCount, 1, "events")
      let index = event.pictures.firstIndex { $0.role == .reference }
      let picture = index.map {
        CatalogPicture(
          digest: event.pictures[$0].digest, byteCount: event.pictures[$0].byteCount, location: SampleLocations.of(event)[$0])
      }
      try requireEqual(found.picture, picture, "picture")
      try require(try await store.person("nobody") == nil, "nobody is nobody")
    },
    Case("visits are the first and last passage of each of the viewer's days at each endpoint, over both lanes") { store in
      let hour: Int64 = 3_600_000
      // The samples begin at 8 o'clock UTC: 16 o'clock at UTC+8, so that the next day there begins after 8 hours.
      let passages: [(Int64, Lane, String?)] = [
        (0, .history, "gate-1"), (0, .realtime, "gate-1"), (2, .history, "gate-1"), (3, .history, nil), (7, .history, "gate-1"),
        (9, .history, "gate-1"), (31, .history, "gate-1"), (33, .realtime, "gate-2"),
      ]
      for (number, passage) in passages.enumerated() {
        let seed = passage.1 == .realtime && passage.0 == 0 ? "0" : "\(number)"
        _ = try await store.append(
          SampleRecords.event(seed, at: passage.0 * hour, lane: passage.1, endpoint: passage.2),
          SampleRecords.event("other \(number)", at: passage.0 * hour, lane: passage.1, person: Person(id: "p-99")))
      }
      func time(_ hours: Int64) -> Timestamp { Timestamp(milliseconds: SampleRecords.start + hours * hour) }
      func visit(_ day: Int64, _ endpoint: String?, _ first: Int64, _ last: Int64, _ count: Int) -> DayVisit {
        DayVisit(day: time(day), box: "BOX-A", endpoint: endpoint, first: time(first), last: time(last), eventCount: count)
      }
      let query = VisitQuery(personID: "p-17", since: time(0), until: time(33), utcOffsetSeconds: 8 * 3_600)
      try requireEqual(
        try await store.visits(query),
        [
          visit(-16, "gate-1", 0, 7, 4), visit(-16, nil, 3, 3, 1), visit(8, "gate-1", 9, 31, 2), visit(32, "gate-2", 33, 33, 1),
        ], "visits")
      let part = VisitQuery(personID: "p-17", since: time(2), until: time(7), utcOffsetSeconds: 8 * 3_600)
      try requireEqual(try await store.visits(part), [visit(-16, "gate-1", 2, 7, 2), visit(-16, nil, 3, 3, 1)], "visits of a time")
      try requireEqual(
        try await store.visits(VisitQuery(personID: "nobody", since: time(0), until: time(99), utcOffsetSeconds: 0)), [], "of nobody")
    },
  ]
}
