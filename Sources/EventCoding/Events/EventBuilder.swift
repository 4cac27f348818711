import FaceEvents

/// What all elements of one request share.
struct RequestFacts {
  var kind: RouteKind
  var encoding: BodyEncoding
  var source: RequestSource
  var idempotencyKey: EventID?
  var receivedAt: Timestamp
  var isStrict: Bool
  /// The body as it came, when what is read is a translation of it into JSON.
  var untranslated: SharedBytes?
  /// Warnings that came up while the body was read.
  var warnings: [String] = []
}

/// Makes an event or a status report of one object.
struct EventBuilder {
  private let facts: RequestFacts
  private let tree: EventTree
  private let fields: EventFields
  /// What is kept as the original: the object, or the whole body around a single one.
  private let textRange: Range<Int>

  init(_ tree: EventTree, textRange: Range<Int>, facts: RequestFacts) {
    self.facts = facts
    self.tree = tree
    self.textRange = textRange
    fields = EventFields(tree)
  }

  func build() -> Result<DecodedElement, DecodingError> {
    let isHeartbeat = fields.isStatus && (facts.kind == .status || !fields.isEvent)
    if isHeartbeat { return .success(.status(statusReport())) }
    if fields.isEvent { return event() }
    if facts.kind == .status { return .success(.status(statusReport())) }
    return .failure(
      error(
        .notAnEvent,
        "the object is not an event: it has no person (identity_id, identity_name), no time (timestamp) and no picture; "
          + "send at least one of them"
      ))
  }

  private func statusReport() -> StatusReport {
    var mapping = EventMapping(fields, form: .unknown, source: facts.source)
    let named = fields.filled((.reporter_id, .top), (.gateway_sn, .top)).map { Box(code: $0, origin: .field) }
    let box = mapping.box()
    var warnings = facts.warnings
    if facts.kind != .status { warnings.append("this is a status report; it was stored as one, send it to the status path") }
    let form = fields.statusForm
    if form == .unknown { warnings.append("no known form of status report") }
    return StatusReport(
      form: form, encoding: facts.encoding, receivedAt: facts.receivedAt, box: box.origin == .field ? box : named ?? box,
      originalText: SharedBytes(restored()), warnings: warnings, source: facts.source)
  }

  private func event() -> Result<DecodedElement, DecodingError> {
    let lane: Lane = facts.kind == .realtime ? .realtime : .history
    let form = fields.eventForm(lane: lane)
    var mapping = EventMapping(fields, form: form, source: facts.source)
    let person = mapping.person()
    let time = mapping.time()
    let score = mapping.score()
    let box = mapping.box()
    if facts.isStrict, let refusal = strictRefusal(missing: mapping.missing) { return .failure(refusal) }

    let digests = tree.pictures.map { ContentDigest(sha256Of: $0.picture.bytes) }
    let identity = CanonicalForm.digests(of: tree, pictures: digests)
    var id = EventID(milliseconds: time?.milliseconds ?? 0, outline: identity.outline, content: identity.content)
    var warnings = facts.warnings + mapping.warnings + pictureWarnings()
    if facts.kind == .status { warnings.append("this is an event; it was stored as history, send it to the history path") }
    if identity.hasRepeatedNames { warnings.append("a name occurs twice in one object; the last one counts") }
    if let key = facts.idempotencyKey, key != id {
      if key.sharesOutline(with: id), mayLackPictures(form) {
        id = key
      } else {
        warnings.append("Idempotency-Key is not the id of this event; it was stored under its own id")
      }
    }
    let (text, pictures) = cutText(digests)
    return .success(
      .event(
        FaceEvent(
          id: id, contentDigest: identity.content, lane: lane, form: form, encoding: facts.encoding, time: time ?? facts.receivedAt,
          hasOwnTime: time != nil, receivedAt: facts.receivedAt, enteredAt: mapping.instant(.in_timestamp),
          leftAt: mapping.instant(.out_timestamp), person: person, score: score, box: box, endpoint: mapping.endpoint(),
          action: mapping.action(), pictures: pictures, originalText: text, warnings: warnings, source: facts.source),
        pictures: tree.pictures.map(\.picture.bytes)))
  }

  /// A relay that switches a picture off sends an empty string in its place, or leaves its key out. With every picture there, an event that
  /// agrees with the key in all but its pictures is another event.
  private func mayLackPictures(_ form: EventForm) -> Bool {
    if !form.pictureRoles.allSatisfy({ role in tree.pictures.contains { $0.role == role } }) { return true }
    return (tree.root..<Int(tree.value(tree.root).next)).contains { index in
      let value = tree.value(index)
      guard value.keyStart >= 0, value.kind == .null || value.kind == .string && value.range.isEmpty else { return false }
      return tree.withKey(value, PictureField.role) != nil
    }
  }

  private func pictureWarnings() -> [String] {
    tree.undecodable.warnings("is not base64 of a picture; kept as the text it was")
      + tree.unsigned.warnings("does not begin like a JPEG, PNG, GIF, BMP or WebP file; kept as sent")
      + tree.surplus.warnings("is one picture too many (at most \(EventTree.picturesMax)); kept as the text it was")
  }

  private func strictRefusal(missing: [String]) -> DecodingError? {
    if !missing.isEmpty {
      let isOne = missing.count == 1
      let what = "\(missing.joined(separator: ", ")) \(isOne ? "is" : "are") missing"
      return error(.missingField, "\(what); this receiver is strict and needs \(isOne ? "it" : "them")")
    }
    guard let field = tree.undecodable.names.first else { return nil }
    return error(.badPicture, "\(field) is not base64 of a picture; send the file's bytes in base64, or \"\" for no picture")
  }

  private func error(_ code: DecodingError.Code, _ message: String) -> DecodingError {
    DecodingError(code: code, message: message, body: facts.untranslated ?? SharedBytes(restored()))
  }

  /// The original without the texts of its pictures, and the pictures with the places where they were.
  private func cutText(_ digests: [ContentDigest]) -> (SharedBytes, [EventPicture]) {
    let cutBytes = tree.pictures.reduce(0) { $0 + ($1.picture.text == nil ? 0 : tree.value($1.value).range.count) }
    let text = ByteStorage(capacity: textRange.count - cutBytes)
    var pictures: [EventPicture] = []
    pictures.reserveCapacity(tree.pictures.count)
    var copied = textRange.lowerBound
    for ((index, role, picture), digest) in zip(tree.pictures, digests) {
      let value = tree.value(index)
      var cut: PictureCut?
      if let recipe = picture.text {
        text.append(tree.text(copied..<value.range.lowerBound))
        copied = value.range.upperBound
        cut = PictureCut(offset: text.count, text: recipe)
      }
      pictures.append(EventPicture(role: role, field: tree.name(value), digest: digest, byteCount: picture.bytes.count, cut: cut))
    }
    text.append(tree.text(copied..<textRange.upperBound))
    return (text.share(0..<text.count), pictures)
  }

  /// The sender's text as it came, pictures that were decoded in place written back.
  private func restored() -> [UInt8] {
    var out: [UInt8] = []
    var copied = textRange.lowerBound
    for (index, _, picture) in tree.pictures {
      guard let recipe = picture.text else { continue }
      let range = tree.value(index).range
      out.append(contentsOf: tree.text(copied..<range.lowerBound))
      picture.bytes.withUnsafeBytes { recipe.write($0, to: &out) }
      copied = range.upperBound
    }
    out.append(contentsOf: tree.text(copied..<textRange.upperBound))
    return out
  }
}
