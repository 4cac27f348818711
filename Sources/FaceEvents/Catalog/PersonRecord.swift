/// A person as the newest of their events describes them. Strangers have no record.
public struct PersonRecord: Sendable, Equatable {
  public var id: String
  public var name: String?
  public var personClass: PersonClass
  public var group: String?
  public var firstSeen: Timestamp
  public var lastSeen: Timestamp
  public var eventCount: Int64
  /// The newest reference picture.
  public var picture: CatalogPicture?

  public init(
    id: String, name: String?, personClass: PersonClass, group: String?, firstSeen: Timestamp, lastSeen: Timestamp, eventCount: Int64,
    picture: CatalogPicture?
  ) {
    self.id = id
    self.name = name
    self.personClass = personClass
    self.group = group
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.eventCount = eventCount
    self.picture = picture
  }
}

/// A picture that is known by its digest, and where it is.
public struct CatalogPicture: Sendable, Equatable {
  public var digest: ContentDigest
  public var byteCount: Int
  public var location: PictureLocation

  public init(digest: ContentDigest, byteCount: Int, location: PictureLocation) {
    self.digest = digest
    self.byteCount = byteCount
    self.location = location
  }
}

/// Which people, seen last first.
public struct PeopleQuery: Sendable {
  /// A place in the order, exclusive.
  public struct Cursor: Sendable, Equatable {
    public var lastSeen: Timestamp
    public var id: String

    public init(lastSeen: Timestamp, id: String) {
      self.lastSeen = lastSeen
      self.id = id
    }
  }

  /// Part of the name, or the beginning of the id; letters of either case are the same.
  public var text: String?
  public var personClass: PersonClass?
  public var after: Cursor?
  public var limit = 100

  public init() {}
}

public struct PeoplePage: Sendable, Equatable {
  public var people: [PersonRecord]
  /// As ``EventPage/next``.
  public var next: PeopleQuery.Cursor?

  public init(people: [PersonRecord], next: PeopleQuery.Cursor?) {
    self.people = people
    self.next = next
  }
}

public struct VisitQuery: Sendable {
  public var personID: String
  /// Inclusive.
  public var since: Timestamp
  /// Inclusive.
  public var until: Timestamp
  /// Of the viewer's clock, east positive: where a day begins.
  public var utcOffsetSeconds: Int

  public init(personID: String, since: Timestamp, until: Timestamp, utcOffsetSeconds: Int) {
    self.personID = personID
    self.since = since
    self.until = until
    self.utcOffsetSeconds = utcOffsetSeconds
  }
}

/// One person on one day at one endpoint.
public struct DayVisit: Sendable, Equatable {
  /// When the day begins on the viewer's clock.
  public var day: Timestamp
  public var box: String
  /// Nil for events without an endpoint.
  public var endpoint: String?
  public var first: Timestamp
  public var last: Timestamp
  public var eventCount: Int

  public init(day: Timestamp, box: String, endpoint: String?, first: Timestamp, last: Timestamp, eventCount: Int) {
    self.day = day
    self.box = box
    self.endpoint = endpoint
    self.first = first
    self.last = last
    self.eventCount = eventCount
  }
}
