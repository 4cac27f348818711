import FaceEvents

/// Reads the columns out of the fields: renames, both places of the extension members, classes, times, and who the box is.
struct EventMapping {
  private let fields: EventFields
  private let form: EventForm
  private let source: RequestSource
  private(set) var warnings: [String] = []
  private(set) var missing: [String] = []

  init(_ fields: EventFields, form: EventForm, source: RequestSource) {
    self.fields = fields
    self.form = form
    self.source = source
    noteMissing()
  }

  private mutating func noteMissing() {
    for (field, scope) in form.requiredFields where !fields.isGiven(field, scope) && !fields.isGiven(field, scope == .top ? .ext : .top) {
      missing.append(field.name)
      warnings.append("\(field.name) is missing")
    }
  }

  mutating func person() -> Person {
    Person(
      id: fields.string((.identity_id, .top), (.userId, .top)), name: fields.string((.identity_name, .top), (.userName, .top)),
      personClass: personClass(), group: fields.string((.group_name, .top)))
  }

  /// Absent means employee (protocol.md T5). The field is trusted, never the name (T6).
  private mutating func personClass() -> PersonClass {
    let field = fields.filled((.person_type, .ext), (.person_type, .top), (.user_type, .top), (.userType, .top))
    guard let field else { return .employee }
    if let code = Double(field) {
      if let found = UInt8(exactly: code).flatMap(PersonClass.init(rawValue:)), code <= 5 { return found }
    } else if let found = PersonClass(word: field) {
      return found
    }
    warnings.append("the person's class is none of 1 to 5 or the known words; kept as \"other\"")
    return .other
  }

  /// - Returns: nil when the event has no time of its own.
  mutating func time() -> Timestamp? {
    guard let field = [EventField.timestamp, .crossTime].first(where: { fields.isGiven($0) }) else {
      if form == .unknown { warnings.append("timestamp is missing; the arrival time is used") }
      return nil
    }
    if let time = instant(field) { return time }
    warnings.append("\(field.name) is neither milliseconds nor seconds since 1970; the arrival time is used")
    return nil
  }

  func instant(_ field: EventField) -> Timestamp? {
    fields.string((field, .top)).flatMap(EventTime.milliseconds).map(Timestamp.init(milliseconds:))
  }

  mutating func score() -> Score? {
    guard let text = fields.string((.score, .top), (.matchScore, .top)) else { return nil }
    guard let value = Double(text), value.isFinite else {
      warnings.append("score is not a number; kept as sent")
      return nil
    }
    return Score(value: value, scale: value.magnitude <= 1 ? .unit : .percent)
  }

  mutating func box() -> Box {
    if let code = fields.filled((.dev_sno, .ext), (.dev_sno, .top), (.mq_license_key, .top), (.deviceId, .top)) {
      return Box(code: code, origin: .field)
    }
    let found = fallbackBox()
    if let field = form.boxField {
      let isEmpty = fields.isGiven(field) || fields.isGiven(field, .ext)
      let origin =
        switch found.origin {
        case .endpointPrefix: "ep_id"
        case .query: "the query string"
        default: "the source address"
        }
      warnings.append("\(field.name) is \(isEmpty ? "empty" : "missing"); taken from \(origin)")
      if !isEmpty { missing.append(field.name) }
    }
    return found
  }

  private func fallbackBox() -> Box {
    if let id = fields.filled((.ep_id, .ext), (.ep_id, .endpoint), (.ep_id, .top)), let prefix = EndpointID.boxPrefix(of: id) {
      return Box(code: prefix, origin: .endpointPrefix)
    }
    for name in ["dev_sno", "mq_license_key"] {
      if let code = source.queryValue(name), !code.isEmpty { return Box(code: code, origin: .query) }
    }
    return Box(code: source.address, origin: .sourceAddress)
  }

  func endpoint() -> Endpoint {
    let uuid = fields.filled(
      (.device_id, .endpoint), (.media_device_id, .media), (.media_device_id, .top), (.device_id, .top), (.cameraId, .top))
    let address = fields.filled(
      (.device_ip, .ext), (.ep_ip, .endpoint), (.media_device_ip, .media), (.media_device_ip, .top), (.device_ip, .top), (.cameraIp, .top))
    let id = fields.filled((.ep_id, .ext), (.ep_id, .endpoint), (.ep_id, .top))
    return Endpoint(
      id: id ?? uuid ?? fields.filled((.media_device_url, .media), (.media_device_url, .top)) ?? address, uuid: uuid, address: address,
      name: fields.filled((.ep_name, .endpoint), (.media_device_name, .media), (.media_device_name, .top)),
      kind: fields.filled(
        (.device_type, .ext), (.ep_type, .endpoint), (.media_device_type, .media), (.media_device_type, .top), (.device_type, .top),
        (.cameraType, .top)))
  }

  func action() -> String? { fields.string((.want_action, .top), (.post_action, .top)) }
}

/// `licence__address`: the prefix may be a licence code, a UUID or 0x and a MAC, the rest a whole URL (protocol.md T18).
enum EndpointID {
  /// What stands before the first double underscore; nil without one, or when it is empty.
  static func boxPrefix(of id: String) -> String? {
    let bytes = Array(id.utf8)
    guard let cut = zip(bytes.indices, zip(bytes, bytes.dropFirst())).first(where: { $1 == (95, 95) })?.0, cut > 0 else { return nil }
    return String(decoding: bytes[..<cut], as: UTF8.self)
  }
}

extension RequestSource {
  /// The first value of a query parameter, percent-decoding left out: licence codes need none.
  func queryValue(_ name: String) -> String? {
    guard let query else { return nil }
    for pair in query.split(separator: "&") where pair.hasPrefix(name + "=") { return String(pair.dropFirst(name.count + 1)) }
    return nil
  }
}
