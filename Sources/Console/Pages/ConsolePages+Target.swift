import FaceEvents
import Hummingbird

extension ConsolePages {
  /// The form of a target; `new` is an empty one.
  func editTarget(_ request: PageRequest) async throws -> Response {
    let id = request.pathParts[1]
    if id == "new" {
      let lane = request["lane"].flatMap(TargetLane.init) ?? .history
      let view = targetForm(ForwardTarget(id: "", lane: lane, urls: []), request, isNew: true)
      return await render(request, page: "forwarding", template: "target", title: request.texts["new_target"], view)
    }
    guard let target = try await sources.forwarding.targets().first(where: { $0.id == id }) else { throw ForwardingError.noSuchTarget(id) }
    return await render(
      request, page: "forwarding", template: "target", title: target.name, targetForm(target, request, isNew: false))
  }

  func targetForm(_ target: ForwardTarget, _ request: PageRequest, isNew: Bool) -> PageView {
    let texts = request.texts
    let shown = target.masked
    return [
      "is_new": isNew, "id": target.id, "name": target.name, "urls_text": shown.urls.joined(separator: "\n"),
      "headers_text": shown.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n"),
      "lanes": EventFilters.options(TargetLane.allCases.map(\.rawValue), target.lane.rawValue) { texts["target_lane_" + $0] },
      "formats": EventFilters.options(TargetFormat.allCases.map(\.rawValue), target.format.rawValue) { $0 },
      "off_pictures": EventFilters.options(OffPicture.allCases.map(\.rawValue), target.offPicture.rawValue) { texts["off_" + $0] },
      "roles": PictureRole.allCases.map { role -> PageView in
        ["value": role.word, "label": texts["role_" + role.word], "checked": target.pictures.contains(role)]
      },
      "classes": PersonClass.allCases.map { personClass -> PageView in
        [
          "value": personClass.word, "label": texts["class_" + personClass.word],
          "checked": target.classes?.contains(personClass) ?? true,
        ]
      }, "period": target.periodSeconds, "batch": target.batch, "concurrency": target.concurrency, "timeout": target.timeoutMilliseconds,
      "score": target.scoreMin.map { String($0) } ?? "", "ca_file": target.tls.caFile ?? "",
      "certificate": target.tls.certificateFile ?? "",
      "key": target.tls.keyFile ?? "", "insecure": target.tls.isInsecure, "action": "/forwarding/" + PathPart.encoded(target.id),
    ]
  }

  func saveTarget(_ request: PageRequest, _ form: PageForm) async throws -> Response {
    let id = (form["id"] ?? "").filter { !$0.isWhitespace }
    let known = try await sources.forwarding.targets()
    let old = known.first { $0.id == id }
    let target = TargetForm(form: form, old: old).target(id: id)
    do {
      if form["is_new"] != nil, old != nil { throw TargetProblem(field: "id", message: request.texts["target_exists"]) }
      try target.validate()
      try await sources.forwarding.save(target, start: form["start"] == "beginning" ? .beginning : .end)
    } catch let error as TargetProblem {
      return await refused(target, error, request, isNew: old == nil || form["is_new"] != nil)
    } catch ForwardingError.invalid(let problem) {
      return await refused(target, problem, request, isNew: old == nil || form["is_new"] != nil)
    }
    return PageRenderer.redirect("/forwarding" + PageRequest.query([("done", "saved"), ("n", id)]))
  }

  /// The form again, with what was typed and what is wrong with it.
  private func refused(_ target: ForwardTarget, _ problem: TargetProblem, _ request: PageRequest, isNew: Bool) async -> Response {
    var view = targetForm(target, request, isNew: isNew)
    view["notice"] = [["kind": "bad", "text": problem.description]]
    return await render(
      request, page: "forwarding", template: "target", title: request.texts["new_target"], status: .unprocessableContent, view)
  }
}

/// What the form's fields make of a target. A masked secret that comes back means the one that is there.
struct TargetForm {
  let form: PageForm
  let old: ForwardTarget?

  func target(id: String) -> ForwardTarget {
    let lane = old?.lane ?? form["lane"].flatMap(TargetLane.init) ?? .history
    var target = old ?? ForwardTarget(id: id, lane: lane, urls: [])
    target.name = form["name"].flatMap { $0.isEmpty ? nil : $0 } ?? id
    target.urls = lines("urls").map { MaskedSecrets.url($0, among: old?.urls ?? []) }
    target.headers = MaskedSecrets.headers(lines("headers").map(Self.header), among: old?.headers ?? [])
    target.format = form["format"].flatMap(TargetFormat.init) ?? target.format
    target.offPicture = form["off_picture"].flatMap(OffPicture.init) ?? target.offPicture
    target.pictures = Set(form.all("picture").compactMap(PictureRole.init(word:)))
    let classes = Set(form.all("class").compactMap(PersonClass.init(word:)))
    target.classes = classes.count == PersonClass.allCases.count ? nil : classes
    target.periodSeconds = number("period") ?? target.periodSeconds
    target.batch = number("batch") ?? target.batch
    target.concurrency = number("concurrency") ?? target.concurrency
    target.timeoutMilliseconds = number("timeout") ?? target.timeoutMilliseconds
    target.scoreMin = text("score").map { Double($0) ?? -1 }
    target.tls = TargetTLS(
      caFile: text("ca_file"), certificateFile: text("certificate"), keyFile: text("key"), isInsecure: form["insecure"] != nil)
    return target
  }

  private static func header(_ line: String) -> TargetHeader {
    let halves = line.split(separator: ":", maxSplits: 1)
    return TargetHeader(name: halves.first.map { trimmed($0) } ?? "", value: halves.count > 1 ? trimmed(halves[1]) : "")
  }

  private func lines(_ name: String) -> [String] {
    (form[name] ?? "").split(whereSeparator: \.isNewline).map { Self.trimmed($0) }.filter { !$0.isEmpty }
  }

  private func text(_ name: String) -> String? { form[name].map { Self.trimmed($0[...]) }.flatMap { $0.isEmpty ? nil : $0 } }

  /// What is not a number is out of every range, so that it is refused and not forgotten.
  private func number(_ name: String) -> Int? { text(name).map { Int($0) ?? -1 } }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
