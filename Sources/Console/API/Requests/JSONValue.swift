import FaceEvents
import FoundationEssentials

/// A JSON value of a request.
enum JSONValue: Sendable, Equatable, Decodable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let box = try decoder.singleValueContainer()
    if box.decodeNil() {
      self = .null
    } else if let value = try? box.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? box.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? box.decode(Double.self) {
      self = .number(value)
    } else if let value = try? box.decode(String.self) {
      self = .text(value)
    } else if let value = try? box.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try box.decode([String: JSONValue].self))
    }
  }
}

extension JSONValue {
  /// - Parameters:
  ///   - path: what the value is called in messages.
  ///   - schema: without ``Schema/named(_:)`` and ``Schema/either(_:)``, which requests do not use.
  func check(_ schema: Schema, _ path: String) throws(APIError) {
    switch (schema, self) {
    case (.nullable, .null), (.anything, _), (.anyObject, .object), (.boolean, .boolean): break
    case (.nullable(let schema), _): try check(schema, path)
    case (.text, .text(let text)):
      if text.unicodeScalars.contains("\0") { throw .parameter(path, "holds a NUL character; leave it out") }
    case (.words(let words), .text(let text)) where words.contains(text): break
    case (.words(let words), _): throw .parameter(path, "must be one of \(words.joined(separator: ", "))")
    case (.integer(let range), .integer(let value)):
      if let range, !range.contains(value) { throw .parameter(path, "must be from \(range.lowerBound) to \(range.upperBound)") }
    case (.number(let range), .integer(let value)): try Self.check(Double(value), range, path)
    case (.number(let range), .number(let value)): try Self.check(value, range, path)
    case (.list(let element), .list(let values)):
      for (index, value) in values.enumerated() { try value.check(element, "\(path)[\(index)]") }
    case (.object(let members), .object(let values)): try Self.check(values, members, path)
    default: throw .parameter(path, "must be \(schema.word)")
    }
  }

  private static func check(_ value: Double, _ range: ClosedRange<Double>?, _ path: String) throws(APIError) {
    guard let range, !range.contains(value) else { return }
    throw .parameter(path, "must be from \(range.lowerBound) to \(range.upperBound)")
  }

  static func check(_ values: [String: JSONValue], _ members: [Schema.Member], _ path: String) throws(APIError) {
    let prefix = path.isEmpty ? "" : path + "."
    if let name = values.keys.filter({ name in !members.contains { $0.name == name } }).min() {
      throw .parameter(prefix + APIRequest.shown(name), "is not known; those there are: \(members.map(\.name).joined(separator: ", "))")
    }
    for member in members {
      guard let value = values[member.name] else {
        if member.isRequired { throw .parameter(prefix + member.name, "is required") }
        continue
      }
      try value.check(member.schema, prefix + member.name)
    }
  }
}

extension Schema {
  fileprivate var word: String {
    switch self {
    case .text, .words: "text"
    case .integer: "a whole number"
    case .number: "a number"
    case .boolean: "true or false"
    case .list: "a list"
    case .object, .anyObject: "an object"
    case .nullable(let schema): "\(schema.word) or null"
    case .anything, .either, .named: "something else"
    }
  }
}

/// The members of a request's body, which are as its schema says.
struct BodyFields: Sendable {
  private let members: [String: JSONValue]

  init(_ members: [String: JSONValue]) { self.members = members }

  init(_ members: [String: JSONValue], describedBy schema: Schema) throws(APIError) {
    if case .object(let known) = schema { try JSONValue.check(members, known, "") }
    self.members = members
  }

  /// Also true for a null.
  func has(_ name: String) -> Bool { members[name] != nil }

  func value(_ name: String) -> JSONValue? { members[name] }

  func text(_ name: String) -> String? { if case .text(let text)? = members[name] { text } else { nil } }

  func boolean(_ name: String) -> Bool? { if case .boolean(let value)? = members[name] { value } else { nil } }

  func integer(_ name: String) -> Int64? { if case .integer(let value)? = members[name] { value } else { nil } }

  func number(_ name: String) -> Double? {
    switch members[name] {
    case .number(let value)?: value
    case .integer(let value)?: Double(value)
    default: nil
    }
  }

  func texts(_ name: String) -> [String]? {
    list(name)?.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  func integers(_ name: String) -> [Int64]? {
    list(name)?.compactMap { if case .integer(let value) = $0 { value } else { nil } }
  }

  func objects(_ name: String) -> [BodyFields]? {
    list(name)?.compactMap { if case .object(let members) = $0 { BodyFields(members) } else { nil } }
  }

  func object(_ name: String) -> BodyFields? { if case .object(let members)? = members[name] { BodyFields(members) } else { nil } }

  private func list(_ name: String) -> [JSONValue]? { if case .list(let values)? = members[name] { values } else { nil } }
}

extension JSONValue {
  func write(to line: inout JSONLine) {
    switch self {
    case .null: line.null()
    case .boolean(let value): line.raw(value ? "true" : "false")
    case .integer(let value): line.raw(String(value))
    case .number(let value): line.raw("\(value)")
    case .text(let text): line.string(text)
    case .list(let values): line.array { line in for value in values { value.write(to: &line) } }
    case .object(let members):
      line.object { line in
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
          line.key(name)
          value.write(to: &line)
        }
      }
    }
  }
}
