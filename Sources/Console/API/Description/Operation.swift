import HTTPTypes
import Hummingbird

/// One route: what it takes and gives, and what it does. The router, the check of parameters and `openapi.json` are made of the same value,
/// so none of them can say something else than another.
struct Operation: Sendable {
  typealias Handler = @Sendable (APIRequest) async throws -> Response

  enum Tag: String, Sendable, CaseIterable { case events, people, boxes, node, forwarding, quarantine, export }

  struct Body: Sendable {
    var schema: Schema
    /// A request without one means the defaults.
    var isRequired: Bool
  }

  /// What an answer may be.
  struct Answer: Sendable {
    var status: Int
    var help: String
    /// Media types with their schemas; empty for an answer without a body.
    var content: [(type: String, schema: Schema?)]
    /// Header fields that a caller may want, with what they are.
    var headers: [(name: String, help: String)] = []

    static func json(_ schema: Schema, _ help: String, status: Int = 200) -> Answer {
      Answer(status: status, help: help, content: [("application/json", schema)])
    }
  }

  var method: HTTPRequest.Method
  /// Below `/api/v1`, with `{name}` for what varies.
  var path: String
  /// What programs that are made from the description call it.
  var id: String
  var tag: Tag
  var summary: String
  var help: String?
  var parameters: [Parameter] = []
  var body: Body?
  var answers: [Answer]
  /// HTTP statuses of errors, besides those that every route has.
  var errors: [Int] = []
  var handle: Handler

  init(
    _ method: HTTPRequest.Method, _ path: String, _ id: String, _ tag: Tag, _ summary: String, help: String? = nil,
    parameters: [Parameter] = [], body: Body? = nil, answers: [Answer], errors: [Int] = [], handle: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.id = id
    self.tag = tag
    self.summary = summary
    self.help = help
    self.parameters = parameters
    self.body = body
    self.answers = answers
    self.errors = errors
    self.handle = handle
  }

  var changesSomething: Bool { method != .get }

  /// A GET can be asked for its head alone, unless its end is not known before it is there.
  var hasHead: Bool { method == .get && !answers.contains { $0.content.contains { $0.type == "text/event-stream" } } && tag != .export }

  /// Every error status that it may answer with.
  var errorStatuses: [Int] {
    var statuses: Set<Int> = [405, 422, 500, 503]
    if changesSomething { statuses.formUnion([400, 403, 413, 415, 507]) }
    if parameters.contains(where: { $0.place == .path }) { statuses.insert(404) }
    return statuses.union(errors).sorted()
  }
}
