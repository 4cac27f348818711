/// How an event came: history is the box's record, sent in rounds and late; realtime is sent at once. They are never mixed.
public enum Lane: UInt8, Sendable, CaseIterable {
  case history = 1
  case realtime = 2

  public var word: String { self == .history ? "history" : "realtime" }

  public init?(word: String) {
    guard let lane = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = lane
  }
}

/// The generation of a payload (protocol.md 0.3), found from its keys. The raw value is what is stored.
public enum EventForm: String, Sendable, CaseIterable {
  case g1 = "G1"
  case g2 = "G2"
  case g3a = "G3a"
  case g3b = "G3b"
  case g3c = "G3c"
  case g4a = "G4a"
  case g4b = "G4b"
  case g4c = "G4c"
  case g5 = "G5"
  case r1 = "R1"
  case r2 = "R2"
  case r3 = "R3"
  case r4 = "R4"
  case unknown = "unknown"
}

/// The generation of a status report (protocol.md 4).
public enum StatusForm: String, Sendable, CaseIterable {
  case s1 = "S1"
  case s2 = "S2"
  case s3 = "S3"
  case s4 = "S4"
  case s5 = "S5"
  case s6 = "S6"
  case unknown = "unknown"
}

/// How the request body was written. Events that did not come as JSON are kept as the JSON that says the same.
public enum BodyEncoding: UInt8, Sendable, CaseIterable {
  case json = 1
  case formData = 2
  case urlencoded = 3
  case pythonLiteral = 4

  public var word: String {
    switch self {
    case .json: "json"
    case .formData: "form-data"
    case .urlencoded: "urlencoded"
    case .pythonLiteral: "python-literal"
    }
  }
}

/// What a person is to the site. Raw values 1 to 5 are the boxes' own codes (protocol.md 2.6).
public enum PersonClass: UInt8, Sendable, CaseIterable {
  case employee = 1
  case visitor = 2
  case blacklist = 3
  case stranger = 4
  case vip = 5
  case car = 6
  /// The box sent a class that nobody has documented; its own word is in the original.
  case other = 7

  public var word: String {
    switch self {
    case .employee: "employee"
    case .visitor: "visitor"
    case .blacklist: "blacklist"
    case .stranger: "stranger"
    case .vip: "vip"
    case .car: "car"
    case .other: "other"
    }
  }

  /// Reads a class word in any case; `MEMBER` is the platform's word for an employee.
  public init?(word: String) {
    let lower = word.lowercased()
    if lower == "member" {
      self = .employee
      return
    }
    guard let found = Self.allCases.first(where: { $0.word == lower }) else { return nil }
    self = found
  }
}

/// Which picture of the event this is (design: reference, scene, face, infrared).
public enum PictureRole: UInt8, Sendable, CaseIterable {
  case reference = 1
  case scene = 2
  case face = 3
  case infrared = 4
  case other = 5

  public var word: String {
    switch self {
    case .reference: "reference"
    case .scene: "scene"
    case .face: "face"
    case .infrared: "infrared"
    case .other: "other"
    }
  }

  public init?(word: String) {
    guard let role = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = role
  }
}

/// Milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Sendable, Comparable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
}
