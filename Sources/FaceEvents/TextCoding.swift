// In JSON, ids and digests are the texts that people see, and times are milliseconds.

extension Timestamp: Codable {
  public init(from decoder: any Decoder) throws { self.init(milliseconds: try Int64(from: decoder)) }

  public func encode(to encoder: any Encoder) throws { try milliseconds.encode(to: encoder) }
}

extension EventID: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try String(from: decoder)
    guard let id = EventID(text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not an event id"))
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

extension ContentDigest: Codable {
  public init(from decoder: any Decoder) throws {
    let digits = Array(try String(from: decoder).utf8).compactMap(Hex.value)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    guard digits.count == 64, let digest = ContentDigest(bytes: bytes) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a SHA-256 in hexadecimal digits"))
    }
    self = digest
  }

  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}
