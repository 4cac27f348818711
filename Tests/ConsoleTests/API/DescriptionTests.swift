import FaceEvents
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import SQLiteStorage
import TestSupport
import Testing

@testable import Console

@Suite("The description of the API and the server say the same")
struct DescriptionTests {
  private func withAPI(_ body: @escaping @Sendable (ConsoleFixture, any TestClientProtocol) async throws -> Void) async throws {
    try await ConsoleFixture.with { fixture in
      try await Application(router: fixture.router).test(.router) { try await body(fixture, $0) }
    }
  }

  @Test("Every route is described, and everything described is a route")
  func routes() async throws {
    try await ConsoleFixture.with { fixture in
      let router = fixture.router
      let answered = Set(router.routes.map { "\($0.method.rawValue) \($0.path.description)" })
      try await Application(router: router).test(.router) { client in
        let paths = try #require(try await client.ask(.get, "/openapi.json").json["paths"])
        var described: Set<String> = []
        for path in paths.names {
          for method in paths[path]?.names ?? [] { described.insert("\(method.uppercased()) /api/v1\(path)") }
        }
        #expect(described.isSubset(of: answered), "\(described.subtracting(answered))")
        // What else the router knows is the refusal of other methods.
        for other in answered.subtracting(described) {
          let parts = other.split(separator: " ").map(String.init)
          let method = try #require(HTTPRequest.Method(parts[0]))
          let path = String(parts[1].dropFirst("/api/v1".count)).replacing("{id}", with: "1").replacing("{role}", with: "face")
          #expect(try await client.ask(method, path).status == 405, "\(other)")
        }
        #expect(described.count > 45)
      }
    }
  }

  @Test("Every parameter that is described is taken, with each of its words, and no other is")
  func parameters() async throws {
    try await withAPI { fixture, client in
      let id = try await fixture.keep(ConsoleFixture.json(1))
      let paths = try #require(try await client.ask(.get, "/openapi.json").json["paths"])
      for path in paths.names where path != "/stream" {
        guard let operation = paths[path]?["get"] else { continue }
        let concrete = Self.concrete(path, id)
        let needed = path == "/export" ? "format=csv&" : ""
        #expect(try await client.ask(.get, "\(concrete)?\(needed)undocumented=1").status == 422, "\(path)")
        for parameter in operation["parameters"]?.list ?? [] where parameter["in"]?.text == "query" {
          let name = try #require(parameter["name"]?.text)
          for value in Self.values(name, parameter["schema"]) {
            let answer = try await client.ask(.get, "\(concrete)?\(name == "format" ? "" : needed)\(name)=\(value)")
            #expect([200, 404].contains(answer.status), "\(path) \(name)=\(value): \(answer.text)")
          }
        }
      }
    }
  }

  private static func values(_ name: String, _ schema: JSONValue?) -> [String] {
    if let words = schema?["enum"]?.list.compactMap(\.text), !words.isEmpty { return words }
    switch name {
    case "since", "until": return ["2026-03-01T07:00:00Z", "1772352000000"]
    case "utc_offset": return ["+08:00", "-03:30", "Z"]
    case "has_warnings": return ["true", "false"]
    case "by": return ["class,box,endpoint,lane"]
    case "cursor": return []
    case "limit", "index", "score_min", "score_max": return ["1"]
    default: return ["x"]
    }
  }

  private static func concrete(_ path: String, _ id: EventID) -> String {
    if path.hasPrefix("/events/") { return path.replacing("{id}", with: "\(id)").replacing("{role}", with: "scene") }
    if path.hasPrefix("/people/") { return path.replacing("{id}", with: "E-1") }
    if path.hasPrefix("/targets/") { return path.replacing("{id}", with: "cloud") }
    return path.replacing("{code}", with: "BOX-A").replacing("{id}", with: "1")
  }

  @Test("Every answer with JSON is as its schema says, no member more and none less")
  func answers() async throws {
    try await withAPI { fixture, client in
      let id = try await fixture.keep(ConsoleFixture.json(1))
      _ = try await fixture.store.append([.status(SampleRecords.status("ok", box: "BOX-A"))])
      _ = try await fixture.desk.store.quarantine(SampleRecords.request("{a"))
      _ = try await client.ask(.post, "/targets", #"{"id":"cloud","lane":"history","urls":["http://192.0.2.7/"]}"#)
      let description = try await client.ask(.get, "/openapi.json").json
      let validator = SchemaValidator(description)
      var checked = 0
      for path in description["paths"]?.names ?? [] where path != "/stream" && path != "/export" {
        guard let content = description["paths"]?[path]?["get"]?["responses"]?["200"]?["content"]?["application/json"] else { continue }
        let answer = try await client.ask(.get, Self.concrete(path, id))
        #expect(answer.status == 200, "\(path): \(answer.text)")
        #expect(validator.problems(try answer.json, content["schema"] ?? .null) == [], "\(path)")
        checked += 1
      }
      #expect(checked == 17)
      let refusal = try await client.ask(.get, "/events?limit=0").json
      #expect(validator.problems(refusal, .object(["$ref": .text("#/components/schemas/Error")])) == [])
    }
  }

  @Test("The check of schemas finds what is wrong")
  func validator() {
    let schema = JSONValue.object([
      "type": .text("object"), "properties": .object(["a": .object(["type": .text("integer")])]), "required": .list([.text("a")]),
      "additionalProperties": .boolean(false),
    ])
    let validator = SchemaValidator(.null)
    #expect(validator.problems(.object(["a": .integer(1)]), schema) == [])
    for wrong in [.object([:]), .object(["a": .text("x")]), .object(["a": .integer(1), "b": .null]), .list([])] as [JSONValue] {
      #expect(validator.problems(wrong, schema).count == 1)
    }
  }
}

/// As much of JSON Schema as the description uses.
struct SchemaValidator {
  private let description: JSONValue

  init(_ description: JSONValue) { self.description = description }

  func problems(_ value: JSONValue, _ schema: JSONValue, _ path: String = "$") -> [String] {
    if let reference = schema["$ref"]?.text {
      let name = String(reference.split(separator: "/").last ?? "")
      guard let named = description["components"]?["schemas"]?[name] else { return ["\(path): no schema \(name)"] }
      return problems(value, named, path)
    }
    if let choices = schema["anyOf"]?.list {
      let all = choices.map { problems(value, $0, path) }
      return all.contains([]) ? [] : all.first ?? []
    }
    guard let type = schema["type"]?.text else { return [] }
    switch (type, value) {
    case ("object", .object(let members)): return problems(members, schema, path)
    case ("array", .list(let values)):
      return values.enumerated().flatMap { problems($1, schema["items"] ?? .null, "\(path)[\($0)]") }
    case ("string", .text(let text)):
      let words = schema["enum"]?.list.compactMap(\.text)
      return words?.contains(text) ?? true ? [] : ["\(path): \(text) is none of the words"]
    case ("integer", .integer), ("number", .integer), ("number", .number), ("boolean", .boolean), ("null", .null): return []
    default: return ["\(path): is not \(type)"]
    }
  }

  private func problems(_ members: [String: JSONValue], _ schema: JSONValue, _ path: String) -> [String] {
    let known = schema["properties"]?.names ?? []
    let isClosed = schema["additionalProperties"] == .boolean(false)
    let unknown = isClosed ? members.keys.filter { !known.contains($0) }.map { "\(path).\($0): is not described" } : []
    let missing = (schema["required"]?.list ?? []).compactMap(\.text).filter { members[$0] == nil }.map { "\(path).\($0): is missing" }
    let inside = members.flatMap { name, value in
      schema["properties"]?[name].map { problems(value, $0, "\(path).\(name)") } ?? []
    }
    return unknown + missing + inside
  }
}
