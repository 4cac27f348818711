import FaceEvents

extension EventDecoder {
  /// Never throws: each element of the answer says for itself what became of it.
  public func decode(_ request: EncodedRequest) -> DecodedRequest {
    var facts = RequestFacts(
      kind: request.kind, encoding: .json, source: request.source, idempotencyKey: request.idempotencyKey, receivedAt: request.receivedAt,
      isStrict: isStrict)
    do {
      switch try BodyKind(of: request, limits: limits) {
      case .json(let start): return try decodeJSON(request.body, from: start, &facts)
      case .form(let encoding, let fields):
        facts.encoding = encoding
        facts.untranslated = whole(request.body)
        return try decodeForm(fields, &facts)
      }
    } catch {
      return DecodedRequest(isArray: false, elements: [.failure(error)])
    }
  }

  private func decodeJSON(_ storage: ByteStorage, from start: Int, _ facts: inout RequestFacts) throws(DecodingError) -> DecodedRequest {
    var storage = storage
    var document: JSONDocument
    do {
      document = try scan(storage, from: start)
    } catch {
      // Some senders print a Python dictionary (protocol.md T13). Only what JSON refuses is read so.
      guard let json = PythonLiteral.json(UnsafeRawBufferPointer(storage.bytes), from: start, depthMax: limits.depthMax),
        let read = try? scan(json, from: 0)
      else { throw malformed("the body is not JSON: \(error)", storage) }
      facts.encoding = .pythonLiteral
      facts.untranslated = whole(storage)
      facts.warnings.append("the body is a Python literal, not JSON; send json.dumps(event)")
      (storage, document) = (json, read)
    }
    if document.hasInvalidUTF8 { facts.warnings.append(Self.notUTF8) }
    return try elements(document, storage, facts)
  }

  private func decodeForm(_ fields: [FormField], _ facts: inout RequestFacts) throws(DecodingError) -> DecodedRequest {
    var reader = FormReader(fields: fields, limits: limits)
    let text = reader.json()
    facts.warnings += reader.warnings
    let document: JSONDocument
    do {
      document = try scan(text, from: 0)
    } catch {
      // Its parts are valid, but together they may be nested too deep or hold too many values.
      let body = facts.untranslated ?? whole(text)
      throw DecodingError(code: .malformed, message: "the form can't be read as an event: \(error.withoutOffset)", body: body)
    }
    if document.hasInvalidUTF8 { facts.warnings.append(Self.notUTF8) }
    return try elements(document, text, facts)
  }

  private static let notUTF8 = "some text is not UTF-8; its bytes are kept as sent"

  private func scan(_ storage: ByteStorage, from start: Int) throws(JSONError) -> JSONDocument {
    try JSONScanner.scan(UnsafeRawBufferPointer(storage.bytes), from: start, depthMax: limits.depthMax, valuesMax: limits.valuesMax)
  }

  private func elements(_ document: JSONDocument, _ storage: ByteStorage, _ facts: RequestFacts) throws(DecodingError) -> DecodedRequest {
    guard document.values[0].kind == .array else {
      return DecodedRequest(isArray: false, elements: [element(0, 0..<storage.count, document, storage, facts)])
    }
    let indices = Array(document.children(of: 0))
    guard !indices.isEmpty else {
      throw DecodingError(code: .notAnEvent, message: "the array is empty; send at least one event", body: whole(storage))
    }
    guard indices.count <= limits.elementsMax else {
      throw DecodingError(
        code: .tooMany,
        message: "the array has \(indices.count) events, at most \(limits.elementsMax) are taken at once; send several requests",
        body: whole(storage))
    }
    var facts = facts
    // One key can't name several events.
    facts.idempotencyKey = nil
    return DecodedRequest(
      isArray: true, elements: indices.map { element($0, document.values[$0].range, document, storage, facts) })
  }

  private func element(
    _ index: Int, _ range: Range<Int>, _ document: JSONDocument, _ storage: ByteStorage, _ facts: RequestFacts
  ) -> Result<DecodedElement, DecodingError> {
    guard document.values[index].kind == .object else {
      let isString = document.values[index].kind == .string && index > 0
      let body = storage.share(isString ? range.lowerBound - 1..<range.upperBound + 1 : range)
      return .failure(
        DecodingError(code: .notAnEvent, message: "an event is a JSON object, this is \(document.values[index].kind.name)", body: body))
    }
    let tree = EventTree(document: document, storage: storage, root: index)
    return EventBuilder(tree, textRange: range, facts: facts).build()
  }

  private func malformed(_ message: String, _ storage: ByteStorage) -> DecodingError {
    DecodingError(code: .malformed, message: message, body: whole(storage))
  }

  private func whole(_ storage: ByteStorage) -> SharedBytes { storage.share(0..<storage.count) }
}

extension JSONDocument.Value.Kind {
  fileprivate var name: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .isTrue, .isFalse: "true or false"
    case .null: "null"
    }
  }
}
