import FaceEvents
import FoundationEssentials

/// Where a page begins, as a text that callers hand back without looking into it: the kind of list, then its parts.
enum Cursor {
  static func text(_ kind: String, _ parts: [String?]) -> String {
    var line = JSONLine()
    line.array { line in
      line.string(kind)
      for part in parts { if let part { line.string(part) } else { line.null() } }
    }
    return Data(line.bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// - Throws: for a text that this list did not give.
  static func parts(_ text: String, _ kind: String, count: Int) throws(APIError) -> [String?] {
    var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: base64), let parts = try? JSONDecoder().decode([String?].self, from: data),
      parts.count == count + 1, parts[0] == kind
    else { throw wrong }
    return Array(parts.dropFirst())
  }

  static let wrong = APIError.parameter("cursor", "is not one that this list gave; leave it out to begin with the first page")
}

extension EventQuery.Cursor {
  var text: String { Cursor.text("e", [String(time.milliseconds), String(sequence)]) }

  init(_ text: String) throws(APIError) {
    let parts = try Cursor.parts(text, "e", count: 2)
    guard let time = parts[0].flatMap({ Int64($0) }), let sequence = parts[1].flatMap({ Int64($0) }) else { throw Cursor.wrong }
    self.init(time: Timestamp(milliseconds: time), sequence: sequence)
  }
}

extension PeopleQuery.Cursor {
  var text: String { Cursor.text("p", [String(lastSeen.milliseconds), id]) }

  init(_ text: String) throws(APIError) {
    let parts = try Cursor.parts(text, "p", count: 2)
    guard let time = parts[0].flatMap({ Int64($0) }), let id = parts[1] else { throw Cursor.wrong }
    self.init(lastSeen: Timestamp(milliseconds: time), id: id)
  }
}

extension EndpointKey {
  var cursor: String { Cursor.text("n", [box, id]) }

  init(cursor text: String) throws(APIError) {
    let parts = try Cursor.parts(text, "n", count: 2)
    guard let box = parts[0] else { throw Cursor.wrong }
    self.init(box: box, id: parts[1])
  }
}

extension QuarantinePosition {
  var cursor: String { Cursor.text("q", [String(lastReceivedAt.milliseconds), String(id)]) }

  init(cursor text: String) throws(APIError) {
    let parts = try Cursor.parts(text, "q", count: 2)
    guard let time = parts[0].flatMap({ Int64($0) }), let id = parts[1].flatMap({ Int64($0) }) else { throw Cursor.wrong }
    self.init(lastReceivedAt: Timestamp(milliseconds: time), id: id)
  }
}
