import FoundationEssentials

/// What a receiver answered to one request, in the envelope of protocol.md 5.7. Everything may be missing: other receivers answer as they like.
struct ReceiverAnswer: Sendable, Equatable {
  var httpStatus: Int
  var entries: [Entry] = []
  /// Of the whole request.
  var message: String?
  /// The body as text when it is not the envelope.
  var otherText: String?

  struct Entry: Sendable, Equatable {
    var id: String?
    var isDuplicate = false
    var isQuarantined = false
    var warnings: [String] = []
    var error: String?
  }

  /// A 2xx without an error in any element.
  var isAccepted: Bool { (200...299).contains(httpStatus) && httpStatus != 207 && entries.allSatisfy { $0.error == nil } }

  init(httpStatus: Int, body: [UInt8]) {
    self.httpStatus = httpStatus
    guard let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(body)) else {
      let text = String(decoding: body.prefix(200), as: UTF8.self)
      otherText = text.isEmpty ? nil : TextWidth.printable(text)
      return
    }
    message = envelope.error?.message ?? envelope.message
    entries = (envelope.data?.elements ?? []).map { $0.entry }
  }

  /// One line for each element, without the name of the file.
  var lines: [String] {
    guard !entries.isEmpty else { return ["\(httpStatus)  \(message.map(TextWidth.printable) ?? otherText ?? "(no text)")"] }
    return entries.map { entry in
      var words = ["\(httpStatus)"]
      if let id = entry.id { words.append(id) }
      if let error = entry.error {
        words.append("failed: \(TextWidth.printable(error))")
      } else if entry.isQuarantined {
        words.append("quarantined")
      } else {
        words.append(entry.isDuplicate ? "duplicate" : entry.id == nil ? "status" : "stored")
      }
      if !entry.warnings.isEmpty { words.append("warnings: " + entry.warnings.map(TextWidth.printable).joined(separator: "; ")) }
      return words.joined(separator: "  ")
    }
  }
}

private struct Envelope: Decodable {
  struct Failure: Decodable {
    var message: String?
  }

  struct Element: Decodable {
    var id: String?
    var duplicate: Bool?
    var quarantined: Bool?
    var warnings: [String]?
    var error: Failure?

    var entry: ReceiverAnswer.Entry {
      ReceiverAnswer.Entry(
        id: id, isDuplicate: duplicate ?? false, isQuarantined: quarantined ?? false, warnings: warnings ?? [],
        error: error.map { $0.message ?? "refused" })
    }
  }

  enum Elements: Decodable {
    case one(Element)
    case many([Element])

    init(from decoder: any Decoder) throws {
      if let many = try? [Element](from: decoder) { self = .many(many) } else { self = .one(try Element(from: decoder)) }
    }

    var elements: [Element] {
      switch self {
      case .one(let element): [element]
      case .many(let elements): elements
      }
    }
  }

  var message: String?
  var error: Failure?
  var data: Elements?
}
