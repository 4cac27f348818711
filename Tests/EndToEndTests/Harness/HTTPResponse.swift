import Foundation

/// A response as it came. Field names are lower case.
struct HTTPResponse: Sendable {
  var status: Int
  var fields: [String: String]
  var body: [UInt8] = []

  var text: String { String(decoding: body, as: UTF8.self) }
  var closes: Bool { fields["connection"]?.lowercased() == "close" }

  /// The body as the answer to an event (design: 6).
  var answer: EventAnswer? { try? JSONDecoder().decode(EventAnswer.self, from: Data(body)) }
}

/// What the receiver says of an event, or of each element of an array.
struct EventAnswer: Decodable, Sendable {
  struct Element: Decodable, Sendable {
    var status: Int?
    var message: String?
    var id: String?
    var duplicate: Bool?
    var warnings: [String]?
    var quarantined: Bool?
  }
  struct Problem: Decodable, Sendable {
    var code: Int
    var message: String
    var status: String
  }

  var status: Int
  var message: String
  var error: Problem?
  var elements: [Element]
  var isArray: Bool

  private enum Keys: String, CodingKey { case status, message, error, data }

  init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: Keys.self)
    status = try box.decode(Int.self, forKey: .status)
    message = try box.decode(String.self, forKey: .message)
    error = try box.decodeIfPresent(Problem.self, forKey: .error)
    if let many = try? box.decode([Element].self, forKey: .data) {
      (elements, isArray) = (many, true)
    } else {
      (elements, isArray) = (try box.decodeIfPresent(Element.self, forKey: .data).map { [$0] } ?? [], false)
    }
  }
}
