import FaceEvents

/// Targets as the API reads and writes them. Secrets are shown as `***`, and that text, sent back, stands for what is there.
enum TargetJSON {
  /// What a request may say of a target.
  static let members: [Schema.Member] = {
    let header = Schema.object([.init("name", .text()), .init("value", .text(), "A secret: shown as ***.")])
    let tls = Schema.object([
      .init("ca_file", .nullable(.text()), isRequired: false), .init("certificate_file", .nullable(.text()), isRequired: false),
      .init("key_file", .nullable(.text()), isRequired: false), .init("is_insecure", .boolean, "Believe anybody.", isRequired: false),
    ])
    return [
      .init("name", .nullable(.text()), "For people; the id unless said otherwise.", isRequired: false),
      .init("lane", .words(TargetLane.allCases.map(\.rawValue))),
      .init("urls", .list(.text()), "One for history and status, up to 16 for realtime."),
      .init("format", .words(TargetFormat.allCases.map(\.rawValue)), isRequired: false),
      .init("pictures", .list(.words(Schemas.roles)), "Those that are sent.", isRequired: false),
      .init("off_picture", .words(OffPicture.allCases.map(\.rawValue)), "What stands for one that is not.", isRequired: false),
      .init("period_seconds", .integer(1...86_400), isRequired: false), .init("batch", .integer(1...100), isRequired: false),
      .init("concurrency", .integer(1...64), isRequired: false), .init("timeout_ms", .integer(100...600_000), isRequired: false),
      .init("headers", .list(header), isRequired: false),
      .init("classes", .nullable(.list(.words(Schemas.personClasses))), "Null for all.", isRequired: false),
      .init("score_min", .nullable(.number(0...1)), isRequired: false), .init("tls", tls, isRequired: false),
    ]
  }()

  static let pause = Schema.nullable(
    .object(
      [.init("reason", .text())] + Schemas.time("at", "Since when.") + [
        .init("is_automatic", .boolean, "The node did it, because the target refuses everything.")
      ]))

  /// What the API calls a member of ``ForwardTarget``.
  static func word(forField field: String) -> String {
    if field == "timeoutMilliseconds" { return "timeout_ms" }
    return field.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
  }

  // MARK: Writing

  static func write(_ target: ForwardTarget, _ backlog: TargetBacklog?, to line: inout JSONLine) {
    let target = target.masked
    line.object { line in
      line.member("id", target.id)
      line.member("group", target.group)
      writeSettings(of: target, to: &line)
      if let pause = target.pause {
        line.object("pause") { line in
          line.member("reason", pause.reason)
          line.member("at", Timestamp(milliseconds: pause.atMilliseconds))
          line.member("is_automatic", pause.isAutomatic)
        }
      } else {
        line.null("pause")
      }
      if let backlog { line.object("backlog") { BacklogJSON.writeMembers(of: backlog, to: &$0) } } else { line.null("backlog") }
      line.member("url", "\(EventAPI.prefix)/targets/\(target.id)")
    }
  }

  private static func writeSettings(of target: ForwardTarget, to line: inout JSONLine) {
    line.member("name", target.name)
    line.member("lane", target.lane.rawValue)
    line.member("urls", target.urls)
    line.member("format", target.format.rawValue)
    line.member("pictures", PictureRole.allCases.filter(target.pictures.contains).map(\.word))
    line.member("off_picture", target.offPicture.rawValue)
    line.member("period_seconds", target.periodSeconds)
    line.member("batch", target.batch)
    line.member("concurrency", target.concurrency)
    line.member("timeout_ms", target.timeoutMilliseconds)
    line.list("headers", target.headers) { line, header in
      line.object { line in
        line.member("name", header.name)
        line.member("value", header.value)
      }
    }
    if let classes = target.classes {
      line.member("classes", PersonClass.allCases.filter(classes.contains).map(\.word))
    } else {
      line.null("classes")
    }
    if let score = target.scoreMin { line.member("score_min", score) } else { line.null("score_min") }
    line.object("tls") { line in
      line.member("ca_file", target.tls.caFile)
      line.member("certificate_file", target.tls.certificateFile)
      line.member("key_file", target.tls.keyFile)
      line.member("is_insecure", target.tls.isInsecure)
    }
  }

  // MARK: Reading

  /// - Parameter existing: what is there under the id; its masked texts may come back, and what makes it belong to others stays.
  static func target(_ body: BodyFields, id: String, existing: ForwardTarget?) throws(APIError) -> ForwardTarget {
    let lane = body.text("lane").flatMap(TargetLane.init(rawValue:)) ?? .history
    if let existing, existing.lane != lane {
      throw .parameter("lane", "cannot be changed, because the cursor is of it; make another target")
    }
    let urls = (body.texts("urls") ?? []).map { MaskedSecrets.url($0, among: existing?.urls ?? []) }
    var target = ForwardTarget(id: id, name: body.text("name"), lane: lane, urls: urls)
    target.group = existing?.group
    target.pause = existing?.pause
    if let format = body.text("format").flatMap(TargetFormat.init(rawValue:)) { target.format = format }
    if let roles = body.texts("pictures") { target.pictures = Set(roles.compactMap(PictureRole.init(word:))) }
    if let off = body.text("off_picture").flatMap(OffPicture.init(rawValue:)) { target.offPicture = off }
    if let seconds = body.integer("period_seconds") { target.periodSeconds = Int(seconds) }
    if let batch = body.integer("batch") { target.batch = Int(batch) }
    if let concurrency = body.integer("concurrency") { target.concurrency = Int(concurrency) }
    if let milliseconds = body.integer("timeout_ms") { target.timeoutMilliseconds = Int(milliseconds) }
    let headers = (body.objects("headers") ?? []).map { TargetHeader(name: $0.text("name") ?? "", value: $0.text("value") ?? "") }
    target.headers = MaskedSecrets.headers(headers, among: existing?.headers ?? [])
    target.classes = body.texts("classes").map { Set($0.compactMap(PersonClass.init(word:))) }
    target.scoreMin = body.number("score_min")
    if let tls = body.object("tls") {
      target.tls = TargetTLS(
        caFile: tls.text("ca_file"), certificateFile: tls.text("certificate_file"), keyFile: tls.text("key_file"),
        isInsecure: tls.boolean("is_insecure") ?? false)
    }
    return target
  }
}

/// Finds out what a masked text stands for, so that a form can be sent back as it was shown. What is not known keeps its mask, which
/// ``ForwardTarget/validate()`` refuses.
enum MaskedSecrets {
  static func url(_ text: String, among known: [String]) -> String {
    known.contains(text) ? text : known.first { TargetURL.masked($0) == text } ?? text
  }

  static func headers(_ given: [TargetHeader], among known: [TargetHeader]) -> [TargetHeader] {
    var left = known
    return given.map { header in
      guard header.value == TargetURL.mask,
        let place = left.firstIndex(where: { $0.name.lowercased() == header.name.lowercased() })
      else { return header }
      return TargetHeader(name: header.name, value: left.remove(at: place).value)
    }
  }
}
