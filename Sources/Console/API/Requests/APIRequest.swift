import FaceEvents
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// A request whose parameters and body are what the operation describes.
struct APIRequest: Sendable {
  static let bodyBytesMax = 1 << 20

  let request: Request
  private let values: [String: ParameterValue]
  let body: BodyFields

  /// - Throws: ``APIError`` with the first thing that is wrong.
  init(_ request: Request, for operation: Operation) async throws {
    self.request = request
    if operation.changesSomething { try CrossSite.check(request.headers, authority: request.head.authority) }
    values = try Self.values(request, of: operation)
    body = operation.changesSomething ? try await Self.body(request, of: operation) : BodyFields([:])
  }

  // MARK: Parameters

  private static func values(_ request: Request, of operation: Operation) throws(APIError) -> [String: ParameterValue] {
    let target = RequestTarget(request.head.path ?? "/")
    var values: [String: ParameterValue] = [:]
    for (name, text) in try target.pathValues(of: EventAPI.prefix + operation.path) {
      guard let parameter = operation.parameters.first(where: { $0.place == .path && $0.name == name }) else { continue }
      values[name] = try read(parameter, text)
    }
    for (name, text) in try target.queryItems() {
      guard let parameter = operation.parameters.first(where: { $0.place == .query && $0.name == name }) else {
        throw .parameter(shown(name), unknownRule(operation))
      }
      // A form that is sent with an empty field.
      guard !text.isEmpty else { continue }
      guard values[name] == nil else { throw .parameter(name, "is given twice; give it once") }
      values[name] = try read(parameter, text)
    }
    for parameter in operation.parameters where parameter.isNeeded && values[parameter.name] == nil {
      throw .parameter(parameter.name, "is required; it \(parameter.kind.rule)")
    }
    return values
  }

  private static func read(_ parameter: Parameter, _ text: String) throws(APIError) -> ParameterValue {
    guard let value = parameter.kind.read(text) else { throw .parameter(parameter.name, parameter.kind.rule) }
    return value
  }

  private static func unknownRule(_ operation: Operation) -> String {
    let known = operation.parameters.filter { $0.place == .query }.map(\.name)
    return "is not a parameter of this path; "
      + (known.isEmpty ? "it takes none, leave it out" : "those there are: \(known.joined(separator: ", "))")
  }

  /// A name that somebody made up, short enough for a message.
  static func shown(_ name: String) -> String { name.isEmpty ? "a parameter without a name" : String(name.prefix(64)) }

  func text(_ name: String) -> String? { if case .text(let text)? = values[name] { text } else { nil } }

  func words(_ name: String) -> [String]? { if case .words(let words)? = values[name] { words } else { nil } }

  func integer(_ name: String) -> Int64? { if case .integer(let value)? = values[name] { value } else { nil } }

  func number(_ name: String) -> Double? { if case .number(let value)? = values[name] { value } else { nil } }

  func boolean(_ name: String) -> Bool? { if case .boolean(let value)? = values[name] { value } else { nil } }

  func time(_ name: String) -> Timestamp? { if case .time(let time)? = values[name] { time } else { nil } }

  func utcOffset(_ name: String) -> Int? { if case .utcOffset(let seconds)? = values[name] { seconds } else { nil } }

  // MARK: Body

  private static func body(_ request: Request, of operation: Operation) async throws -> BodyFields {
    let bytes: ByteBuffer
    do {
      bytes = try await request.body.collect(upTo: bodyBytesMax)
    } catch is NIOTooManyBytesError {
      throw APIError.tooLarge(limit: bodyBytesMax)
    } catch let error as HTTPError where error.status == .contentTooLarge {
      throw APIError.tooLarge(limit: bodyBytesMax)
    }
    let type = request.headers[.contentType]
    // Forms are what browsers send for other sites without asking; nothing here takes one.
    if bytes.readableBytes > 0 || type != nil { guard isJSON(type) else { throw APIError.contentType() } }
    guard bytes.readableBytes > 0 else {
      if operation.body?.isRequired == true { throw APIError.badRequest("the body is missing; send a JSON object") }
      return BodyFields([:])
    }
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes.readableBytesView)) else {
      throw APIError.badRequest("the body is not JSON; check its quotation marks and commas")
    }
    guard case .object(let members) = value else { throw APIError.parameter("the body", "must be a JSON object") }
    guard let schema = operation.body?.schema else {
      if let name = members.keys.min() { throw APIError.parameter(shown(name), "is not taken by this path; send no body") }
      return BodyFields([:])
    }
    return try BodyFields(members, describedBy: schema)
  }

  private static func isJSON(_ type: String?) -> Bool {
    let essence = type?.prefix { $0 != ";" && $0 != " " }.lowercased() ?? ""
    return essence == "application/json"
  }
}

/// The path and query of a request as they were sent.
private struct RequestTarget {
  var path: Substring
  var query: Substring?

  private static let queryItemsMax = 64

  init(_ text: String) {
    guard let mark = text.firstIndex(of: "?") else {
      path = text[...]
      return
    }
    path = text[..<mark]
    query = text[text.index(after: mark)...]
  }

  /// - Parameter template: a path that the request's path is known to fit.
  func pathValues(of template: String) throws(APIError) -> [(String, String)] {
    let names = template.split(separator: "/")
    var found: [(String, String)] = []
    for (name, segment) in zip(names, path.split(separator: "/")) where name.hasPrefix("{") {
      let name = String(name.dropFirst().dropLast())
      guard let text = PercentCoding.decoded(segment) else { throw .parameter(name, "is not UTF-8 in percent-encoding") }
      found.append((name, text))
    }
    return found
  }

  func queryItems() throws(APIError) -> [(String, String)] {
    guard let query else { return [] }
    let items = query.split(separator: "&")
    guard items.count <= Self.queryItemsMax else {
      throw .parameter("the query", "has more than \(Self.queryItemsMax) parameters; leave some out")
    }
    var found: [(String, String)] = []
    for item in items {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts.first.flatMap { PercentCoding.decoded($0, plusIsBlank: true) }
      guard let name else { throw .parameter("the query", "is not UTF-8 in percent-encoding") }
      guard let text = parts.count < 2 ? "" : PercentCoding.decoded(parts[1], plusIsBlank: true) else {
        throw .parameter(APIRequest.shown(name), "is not UTF-8 in percent-encoding")
      }
      found.append((name, text))
    }
    return found
  }
}
