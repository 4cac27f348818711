import FaceEvents

/// What a JSON value looks like, as the description of the API says it (JSON Schema 2020-12, as far as it is used here).
indirect enum Schema: Sendable {
  case text(format: String? = nil)
  case integer(ClosedRange<Int64>? = nil)
  case number(ClosedRange<Double>? = nil)
  case boolean
  case words([String])
  case list(Schema)
  /// Has these members and no others.
  case object([Member])
  case anyObject
  case anything
  case nullable(Schema)
  case either([Schema])
  /// One of ``Schemas``.
  case named(String)

  struct Member: Sendable {
    var name: String
    var schema: Schema
    var isRequired = true
    var help: String?

    init(_ name: String, _ schema: Schema, _ help: String? = nil, isRequired: Bool = true) {
      self.name = name
      self.schema = schema
      self.isRequired = isRequired
      self.help = help
    }
  }
}

extension Schema {
  func write(to line: inout JSONLine, help: String? = nil) {
    line.object { line in
      if let help { line.member("description", help) }
      writeRules(to: &line)
    }
  }

  private func writeRules(to line: inout JSONLine) {
    switch self {
    case .text(let format):
      line.member("type", "string")
      if let format { line.member("format", format) }
    case .integer(let range):
      line.member("type", "integer")
      if let range {
        line.member("minimum", range.lowerBound)
        line.member("maximum", range.upperBound)
      }
    case .number(let range):
      line.member("type", "number")
      if let range {
        line.key("minimum")
        line.raw("\(range.lowerBound)")
        line.key("maximum")
        line.raw("\(range.upperBound)")
      }
    case .boolean: line.member("type", "boolean")
    case .words(let words):
      line.member("type", "string")
      line.member("enum", words)
    case .list(let element):
      line.member("type", "array")
      line.key("items")
      element.write(to: &line)
    case .object(let members): Self.write(members, to: &line)
    case .anyObject: line.member("type", "object")
    case .anything: break
    case .nullable(let schema): Self.write("anyOf", [schema, nil], to: &line)
    case .either(let schemas): Self.write("anyOf", schemas, to: &line)
    case .named(let name): line.member("$ref", "#/components/schemas/\(name)")
    }
  }

  private static func write(_ members: [Member], to line: inout JSONLine) {
    line.member("type", "object")
    line.key("properties")
    line.object { line in
      for member in members {
        line.key(member.name)
        member.schema.write(to: &line, help: member.help)
      }
    }
    let required = members.filter(\.isRequired).map(\.name)
    if !required.isEmpty { line.member("required", required) }
    line.member("additionalProperties", false)
  }

  /// Nil stands for JSON's null.
  private static func write(_ word: String, _ schemas: [Schema?], to line: inout JSONLine) {
    line.key(word)
    line.array { line in
      for schema in schemas {
        if let schema { schema.write(to: &line) } else { line.object { $0.member("type", "null") } }
      }
    }
  }
}
