public import FaceEvents

/// How much a store holds, for `/metrics` and the start message.
public struct StoreCounts: Sendable, Equatable {
  /// The last number given to an event: all events ever stored, also those deleted since.
  public var events: Int64 = 0
  /// As ``events``, of status reports.
  public var statusReports: Int64 = 0
  public var boxes: Int64 = 0
  public var endpoints: Int64 = 0
  public var people: Int64 = 0
  public var referencePictures: Int64 = 0
  public var quarantined: Int64 = 0
}

/// The pictures that one event row names.
public struct EventPictures: Sendable {
  public var sequence: Int64
  /// Nil when the row is so damaged that even the id cannot be read.
  public var id: EventID?
  /// One location per picture.
  public var pictures: [EventPicture]
  public var locations: [PictureLocation]
  /// True when the row's checksum does not agree or its columns cannot be read; there are no pictures then.
  public var isDamaged: Bool
}
