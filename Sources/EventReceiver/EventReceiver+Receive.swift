import Crypto
import EventCoding
import EventKeeping
import FaceEvents

/// What became of a request, for its answer, its log line and the metrics.
struct ReceptionResult {
  var answer: Answer
  var elements: [ElementFigures] = []
  /// Events that are stored now, at most a few.
  var ids: [EventID] = []
  var boxCode: String?

  static func failed(_ code: AnswerCode, message: String) -> ReceptionResult { ReceptionResult(answer: .failed(code, message: message)) }
}

extension EventReceiver {
  /// Has a body understood and kept. The answer may be given when this returns: what it says is on stable storage.
  func receive(_ reception: Reception, body: ReceivedBody) async -> ReceptionResult {
    var body = body
    do {
      let storage = try await decompressed(&body, encoding: reception.encoding)
      return await keep(decode(EncodedRequest(reception, body: storage)), of: reception)
    } catch {
      switch error {
      case .refused(let refusal): return refused(refusal)
      case .unsupportedEncoding(let name):
        let message = "Content-Encoding \(name) is not supported; send the body plain, or with gzip or deflate"
        return await unreadable(body, .contentType, .contentType, message, of: reception)
      case .damagedCompression(let encoding):
        let message = "the body is not valid \(encoding == .gzip ? "gzip" : "deflate") data; send it plain, or compress it again"
        return await unreadable(body, .badRequest, .malformed, message, of: reception)
      }
    }
  }

  /// As ``receive(_:body:)``, of what ``IntakeHandler`` has had decoded.
  func receive(_ reception: Reception, decoded: DecodedRequest) async -> ReceptionResult { await keep(decoded, of: reception) }

  func refused(_ refusal: IntakeRefusal) -> ReceptionResult {
    metrics.refused(refusal.reason)
    let (code, message) = refusal.answer
    return .failed(code, message: message)
  }

  // MARK: Elements

  /// - Parameter isResubmission: what cannot be understood is in the quarantine already.
  func keep(_ request: DecodedRequest, of reception: Reception, isResubmission: Bool = false) async -> ReceptionResult {
    let items = request.items
    let results = await keeper.keep(items)
    var kept = zip(items, results).makeIterator()
    var result = ReceptionResult(answer: .array([]))
    var answers: [ElementAnswer] = []
    for element in request.elements {
      switch element {
      case .failure(let error) where isResubmission: answers.append(.failed(error.code.answer.0, message: error.message))
      case .failure(let error): answers.append(await quarantine(error, of: reception))
      case .success: if let (item, kept) = kept.next() { answers.append(answer(to: item, kept: kept, in: &result)) }
      }
    }
    result.answer = request.isArray ? .array(answers) : .single(answers.first ?? .failed(.empty, message: "the request is empty"))
    return result
  }

  /// What to answer to a request that was understood as a whole.
  func result(of items: [KeepItem], isArray: Bool, kept: [Result<StoreReceipt, StorageError>]) -> ReceptionResult {
    var result = ReceptionResult(answer: .array([]))
    let answers = zip(items, kept).map { answer(to: $0, kept: $1, in: &result) }
    result.answer = isArray ? .array(answers) : .single(answers[0])
    return result
  }

  private func answer(to item: KeepItem, kept: Result<StoreReceipt, StorageError>, in result: inout ReceptionResult) -> ElementAnswer {
    let storing: ElementFigures.Storing
    switch kept {
    case .success(let receipt):
      alarm.succeeded()
      storing = receipt.isDuplicate ? .duplicate : .stored
    case .failure: storing = .failed
    }
    switch item {
    case .event(let event, _):
      result.elements.append(.event(event.lane, hasWarnings: !event.warnings.isEmpty, storing))
      result.boxCode = result.boxCode ?? event.box.code
    case .status(let report):
      result.elements.append(.status(storing))
      result.boxCode = result.boxCode ?? report.box.code
    }
    switch (kept, item) {
    case (.failure(let error), _): return notStored(error)
    case (.success(let receipt), .event(let event, _)):
      let id = receipt.id ?? event.id
      if result.ids.count < 3 { result.ids.append(id) }
      return .event(id: id, isDuplicate: receipt.isDuplicate, warnings: event.warnings)
    case (.success, .status(let report)): return .status(warnings: report.warnings)
    }
  }

  private func notStored(_ error: StorageError) -> ElementAnswer {
    alarm.failed(error)
    switch error {
    case .diskFull:
      metrics.refused(.diskFull)
      return .failed(.diskFull, message: "there is no space left to store this; it is not lost if you send it again later")
    case .closed:
      metrics.refused(.closing)
      return .failed(.unavailable, message: "the receiver is stopping; send this again later")
    case .damaged, .schemaTooNew, .locked, .failed:
      metrics.refused(.storage)
      return .failed(.unavailable, message: "this could not be stored; send it again later")
    }
  }

  // MARK: Quarantine

  private func quarantine(_ error: EventCoding.DecodingError, of reception: Reception) async -> ElementAnswer {
    let (code, reason) = error.code.answer
    return await quarantine(error.body, code, reason, error.message, of: reception)
  }

  private func unreadable(
    _ body: ReceivedBody, _ code: AnswerCode, _ reason: RefusalReason, _ message: String, of reception: Reception
  ) async -> ReceptionResult {
    let bytes = body.storage.map { $0.share(0..<$0.count) } ?? .empty
    return ReceptionResult(answer: .single(await quarantine(bytes, code, reason, message, of: reception)))
  }

  /// Nothing that cannot be understood is thrown away: it is kept for a person before its sender hears of it.
  private func quarantine(
    _ bytes: SharedBytes, _ code: AnswerCode, _ reason: RefusalReason, _ message: String, of reception: Reception
  ) async -> ElementAnswer {
    metrics.refused(reason)
    let request = QuarantinedRequest(
      body: bytes, digest: ContentDigest(of: bytes), reason: message, contentType: reception.contentType, source: reception.source,
      receivedAt: reception.receivedAt)
    do {
      _ = try await quarantine.quarantine(request)
      metrics.quarantined()
      return settings.onUnreadable == .accept ? .quarantined(reason: message) : .failed(code, message: message)
    } catch {
      return notStored(error)
    }
  }
}

extension DecodedRequest {
  /// What there is to keep, in the order of the elements.
  var items: [KeepItem] {
    elements.compactMap { element in
      switch element {
      case .success(.event(let event, let pictures)): .event(event, pictures: pictures)
      case .success(.status(let report)): .status(report)
      case .failure: nil
      }
    }
  }
}

extension EncodedRequest {
  init(_ reception: Reception, body: ByteStorage) {
    self.init(
      body: body, contentType: reception.contentType, kind: reception.kind, source: reception.source,
      idempotencyKey: reception.idempotencyKey, receivedAt: reception.receivedAt)
  }
}

extension ContentDigest {
  fileprivate init(of bytes: SharedBytes) {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    self = hash.finalize().withUnsafeBytes { ContentDigest(bytes: $0) } ?? ContentDigest(words: (0, 0, 0, 0))
  }
}

extension EventCoding.DecodingError.Code {
  fileprivate var answer: (AnswerCode, RefusalReason) {
    switch self {
    case .empty: (.empty, .empty)
    case .malformed: (.badRequest, .malformed)
    case .notAnEvent: (.parameter, .notAnEvent)
    case .tooMany: (.tooLarge, .tooLarge)
    case .missingField: (.parameter, .missingField)
    case .badPicture: (.picture, .badPicture)
    }
  }
}

extension IntakeRefusal {
  fileprivate var reason: RefusalReason {
    switch self {
    case .tooLarge: .tooLarge
    case .overloaded: .overloaded
    case .stalled, .tooSlow: .timeout
    case .incomplete: .incomplete
    case .closing: .closing
    }
  }

  var answer: (AnswerCode, message: String) {
    switch self {
    case .tooLarge(let limit):
      (
        .tooLarge,
        "the body is larger than \(limit) bytes, the most that this path takes; send fewer events at once or smaller pictures, or raise body-max"
      )
    case .overloaded: (.unavailable, "too many bodies are being received; send this again later")
    case .stalled: (.timeout, "the body stopped coming; send it again without pauses")
    case .tooSlow: (.timeout, "the body came too slowly; send it again over a faster connection")
    case .incomplete: (.badRequest, "the connection or its data ended before the body was complete; send it again")
    case .closing: (.unavailable, "the receiver is stopping; send this again later")
    }
  }
}
