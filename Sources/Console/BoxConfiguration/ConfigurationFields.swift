import FoundationEssentials
import MultipartFormData

/// The members of a configuration request, from whichever of the three notations it came in. Null is as good as not there
/// (protocol.md 0.2).
struct ConfigurationFields: Sendable {
  private static let fieldsMax = 64
  private var values: [String: FieldValue] = [:]

  /// - Parameter contentType: believed only when the body agrees.
  init(body: [UInt8], contentType: String?) throws(BoxConfigurationError) {
    guard let first = body.first(where: { !Self.isBlank($0) }) else {
      throw BoxConfigurationError(.empty, "the request is empty; send the fields as a JSON object or as a form")
    }
    let type = contentType.flatMap(ContentType.init)
    if first == UInt8(ascii: "{") || type?.essence == "application/json" {
      try readJSON(body)
    } else if type?.type == "multipart" || first == UInt8(ascii: "-") {
      try readParts(body, contentType)
    } else if type == nil || type?.essence == "application/x-www-form-urlencoded" {
      try readPairs(body)
    } else {
      throw BoxConfigurationError(
        .contentType, "Content-Type \(type?.essence ?? "") is not supported; send application/json, multipart/form-data or a form")
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  // MARK: - Notations

  private mutating func readJSON(_ body: [UInt8]) throws(BoxConfigurationError) {
    guard let members = try? JSONDecoder().decode([String: FieldValue].self, from: Data(body)) else {
      throw BoxConfigurationError(.badRequest, "the body is not a JSON object; check its quotation marks and commas")
    }
    values = members.filter { $0.value != .null }
  }

  private mutating func readParts(_ body: [UInt8], _ contentType: String?) throws(BoxConfigurationError) {
    let parts: [(String, [UInt8])]? = body.withUnsafeBytes { bytes in
      guard let boundary = (try? MultipartBoundary(contentType: contentType ?? "")) ?? MultipartBoundary.sniff(bytes),
        let parts = try? MultipartParser.parts(in: bytes, boundary: boundary, limits: MultipartLimits(partsMax: Self.fieldsMax))
      else { return nil }
      return parts.map { ($0.name, Array(bytes[$0.body])) }
    }
    guard let parts else { throw BoxConfigurationError(.badRequest, "the form can't be read; check its boundary and that it is complete") }
    for (name, value) in parts { add(name, String(decoding: value, as: UTF8.self)) }
  }

  private mutating func readPairs(_ body: [UInt8]) throws(BoxConfigurationError) {
    guard let pairs = body.withUnsafeBytes({ try? URLEncodedForm.fields(in: $0, fieldsMax: Self.fieldsMax) }), !pairs.isEmpty,
      body.contains(UInt8(ascii: "="))
    else { throw BoxConfigurationError(.badRequest, "the body is neither a JSON object nor a form such as name=value&name=value") }
    for pair in pairs { add(String(decoding: pair.name, as: UTF8.self), String(decoding: pair.value, as: UTF8.self)) }
  }

  /// A name that comes again, also as `name[]` or `name[0]`, makes a list.
  private mutating func add(_ name: String, _ text: String) {
    let key = name.hasSuffix("]") ? String(name.prefix { $0 != "[" }) : name
    let value = FieldValue.text(text)
    switch values[key] {
    case nil: values[key] = value
    case .list(let list)?: values[key] = .list(list + [value])
    case let other?: values[key] = .list([other, value])
    }
  }

  // MARK: - Fields

  /// Texts of a list, which may also be one text with commas, or JSON in a form. Blanks around and empty elements go.
  func texts(_ name: String) throws(BoxConfigurationError) -> [String] {
    guard let value = values[name] else { throw .missing(name) }
    guard let texts = value.texts else { throw .parameter(name, "must be a list of URLs, or one text with commas between them") }
    return texts.map(Self.trimmed).filter { !$0.isEmpty }
  }

  func text(_ name: String) throws(BoxConfigurationError) -> String {
    guard let value = values[name] else { throw .missing(name) }
    guard case .text(let text) = value else { throw .parameter(name, "must be a text") }
    return Self.trimmed(text)
  }

  func boolean(_ name: String, or fallback: Bool) throws(BoxConfigurationError) -> Bool {
    switch values[name] {
    case nil: return fallback
    case .boolean(let value): return value
    case .number(1): return true
    case .number(0): return false
    case .text(let text):
      switch Self.trimmed(text).lowercased() {
      case "true", "1": return true
      case "false", "0": return false
      default: break
      }
    default: break
    }
    throw BoxConfigurationError(.boolean, "\(name) must be true or false")
  }

  func integer(_ name: String, in range: ClosedRange<Int>, unit: String) throws(BoxConfigurationError) -> Int {
    guard let value = values[name] else { throw .missing(name) }
    let number: Double? =
      switch value {
      case .number(let number): number
      case .text(let text): Double(Self.trimmed(text))
      default: nil
      }
    guard let number, let integer = Int(exactly: number), range.contains(integer) else {
      throw .parameter(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound), in \(unit)")
    }
    return integer
  }

  private static func trimmed(_ text: String) -> String {
    let bytes = text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    return String(decoding: Array(bytes), as: UTF8.self)
  }
}

/// A value of a request, as far as a configuration has a use for it.
enum FieldValue: Equatable, Sendable, Decodable {
  case null
  case text(String)
  case number(Double)
  case boolean(Bool)
  case list([FieldValue])
  case object

  init(from decoder: any Decoder) throws {
    if let list = try? [FieldValue](from: decoder) {
      self = .list(list)
      return
    }
    let box = try? decoder.singleValueContainer()
    if let box, box.decodeNil() {
      self = .null
    } else if let value = try? box?.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? box?.decode(Double.self) {
      self = .number(value)
    } else if let value = try? box?.decode(String.self) {
      self = .text(value)
    } else {
      self = .object
    }
  }

  /// Nil when it is not a list of texts in any notation.
  var texts: [String]? {
    switch self {
    case .text(let text):
      if text.utf8.first(where: { $0 != 0x20 }) == UInt8(ascii: "["),
        let list = try? JSONDecoder().decode([String].self, from: Data(text.utf8))
      {
        return list
      }
      return text.split(separator: ",").map(String.init)
    case .list(let list):
      var texts: [String] = []
      for element in list {
        switch element {
        case .text(let text): texts.append(text)
        case .null: continue
        default: return nil
        }
      }
      return texts
    default: return nil
    }
  }
}
