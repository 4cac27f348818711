extension ForwardTarget: Codable {
  private enum Key: String, CodingKey {
    case id, name, group, lane, urls, format, pictures, offPicture, periodSeconds, batch, concurrency, timeoutMilliseconds, headers, classes
    case scoreMin, tls, pause
  }

  /// Roles, classes and the rest are written as the words that people use. What is missing has its default.
  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: Key.self)
    func value<Value: Decodable>(_ key: Key, or fallback: Value) throws -> Value {
      try box.decodeIfPresent(Value.self, forKey: key) ?? fallback
    }
    func words<Word>(_ key: Key, _ make: (String) -> Word?) throws -> [Word]? {
      try box.decodeIfPresent([String].self, forKey: key)?.map { word in
        guard let value = make(word) else {
          throw DecodingError.dataCorruptedError(forKey: key, in: box, debugDescription: "\(word) is none of the words for \(key.rawValue)")
        }
        return value
      }
    }
    self.init(
      id: try box.decode(String.self, forKey: .id), name: try box.decodeIfPresent(String.self, forKey: .name),
      lane: try box.decode(TargetLane.self, forKey: .lane), urls: try box.decode([String].self, forKey: .urls))
    group = try box.decodeIfPresent(String.self, forKey: .group)
    format = try value(.format, or: format)
    pictures = try words(.pictures, PictureRole.init(word:)).map(Set.init) ?? pictures
    offPicture = try value(.offPicture, or: offPicture)
    periodSeconds = try value(.periodSeconds, or: periodSeconds)
    batch = try value(.batch, or: batch)
    concurrency = try value(.concurrency, or: concurrency)
    timeoutMilliseconds = try value(.timeoutMilliseconds, or: timeoutMilliseconds)
    headers = try value(.headers, or: headers)
    classes = try words(.classes, PersonClass.init(word:)).map(Set.init)
    scoreMin = try box.decodeIfPresent(Double.self, forKey: .scoreMin)
    tls = try value(.tls, or: tls)
    pause = try box.decodeIfPresent(TargetPause.self, forKey: .pause)
  }

  public func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: Key.self)
    try box.encode(id, forKey: .id)
    try box.encode(name, forKey: .name)
    try box.encodeIfPresent(group, forKey: .group)
    try box.encode(lane, forKey: .lane)
    try box.encode(urls, forKey: .urls)
    try box.encode(format, forKey: .format)
    try box.encode(PictureRole.allCases.filter(pictures.contains).map(\.word), forKey: .pictures)
    try box.encode(offPicture, forKey: .offPicture)
    try box.encode(periodSeconds, forKey: .periodSeconds)
    try box.encode(batch, forKey: .batch)
    try box.encode(concurrency, forKey: .concurrency)
    try box.encode(timeoutMilliseconds, forKey: .timeoutMilliseconds)
    try box.encode(headers, forKey: .headers)
    try box.encodeIfPresent(classes.map { classes in PersonClass.allCases.filter(classes.contains).map(\.word) }, forKey: .classes)
    try box.encodeIfPresent(scoreMin, forKey: .scoreMin)
    try box.encode(tls, forKey: .tls)
    try box.encodeIfPresent(pause, forKey: .pause)
  }
}
