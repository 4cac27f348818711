import FaceEvents
import HTTPTypes
import Hummingbird

extension ConsolePages {
  /// The name, the path, the key of the label, and the drawing of each entry of the navigation.
  private static let places: [(name: String, path: String, icon: String)] = [
    ("live", "/", "M3 12h3l3-7 5 14 3-7h4"),
    ("overview", "/overview", "M4 20V11M10 20V4M16 20v-7M21 20H3"),
    ("events", "/events", "M4 6h16M4 12h16M4 18h10"),
    ("people", "/people", "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c0-4 3.6-6 8-6s8 2 8 6"),
    ("boxes", "/boxes", "M4 7l8-4 8 4v10l-8 4-8-4ZM4 7l8 4 8-4M12 11v10"),
    ("forwarding", "/forwarding", "M4 12h13M12 6l6 6-6 6"),
    ("quarantine", "/quarantine", "M12 3l9 16H3ZM12 9v5M12 16.5v.5"),
    ("settings", "/settings", "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5"),
    ("help", "/help", "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5v.2"),
  ]

  /// A whole page.
  /// - Parameters:
  ///   - page: name of its place in the navigation.
  ///   - template: name of the template, whose content stands in the frame.
  func render(
    _ request: PageRequest, page: String, template: String, title: String? = nil, module: String? = nil,
    status: HTTPResponse.Status = .ok, _ view: PageView
  ) async -> Response {
    let texts = request.texts
    var all = frame(request, page: page)
    all["title"] = title ?? texts["nav_" + page]
    if let module { all["module"] = module }
    all["nav"] = await navigation(request, page: page)
    all["notice"] = notice(request)
    all.merge(view) { _, new in new }
    return PageRenderer.response(renderer.html(template, all), status: status)
  }

  /// What every template may name.
  func frame(_ request: PageRequest, page: String) -> PageView {
    let texts = request.texts
    let themes = PageRequest.Theme.allCases
    let next = themes[((themes.firstIndex(of: request.theme) ?? 0) + 1) % themes.count]
    let other: PageRequest.Language = request.language == .en ? .zh : .en
    return [
      "t": texts.words, "lang": request.language == .zh ? "zh-CN" : "en", "theme": request.theme.rawValue, "page": page,
      "assets": PageAssets.shared.path, "here": request.link(["done": nil, "failed": nil]), "other_lang": other.rawValue,
      "other_lang_name": other == .zh ? "中文" : "English", "next_theme": next.rawValue,
      "next_theme_name": texts["theme_" + request.theme.rawValue], "offset_minutes": request.offsetMinutes,
      "offset_known": request.knownOffsetMinutes != nil, "zone": PageTime.zoneName(request.offsetMinutes), "density": request.density,
      "has_keys": request.hasKeys,
    ]
  }

  private func navigation(_ request: PageRequest, page: String) async -> [PageView] {
    let parked = ((try? await sources.forwarding.backlog()) ?? []).reduce(0) { $0 + $1.parkedEvents }
    let quarantined = ((try? await sources.quarantine.quarantineEntries(limit: 100)) ?? []).count
    let counts = ["forwarding": parked, "quarantine": quarantined]
    return Self.places.map { place in
      var view: PageView = [
        "href": place.path, "icon": place.icon, "label": request.texts["nav_" + place.name], "current": place.name == page,
      ]
      if let count = counts[place.name], count > 0 { view["count"] = count > 99 ? "99+" : String(count) }
      return view
    }
  }

  /// What the action before has to say: `?done=` or `?failed=` with the key of a text, and `?n=` what stands in it.
  private func notice(_ request: PageRequest) -> [PageView] {
    for (name, kind) in [("done", "good"), ("failed", "bad")] {
      guard let key = request[name], let text = request.texts.words["done_" + key] else { continue }
      return [["kind": kind, "text": text.replacing("{1}", with: String((request["n"] ?? "").prefix(300)))]]
    }
    return []
  }

  func failure(_ failure: PageFailure, _ request: PageRequest) async -> Response {
    await render(
      request, page: "", template: "failure", title: request.texts["failure_title"], status: failure.status,
      ["failure": request.texts[failure.text], "detail": failure.detail as Any? ?? false])
  }

  /// Language and theme as cookies, then back to where the person was.
  func preferences(_ request: PageRequest, _ form: PageForm) -> Response {
    var response = PageRenderer.redirect(form.back)
    let chosen = [
      ("lang", form["lang"].flatMap(PageRequest.Language.init)?.rawValue),
      ("theme", form["theme"].flatMap(PageRequest.Theme.init)?.rawValue),
    ]
    for case (let name, let value?) in chosen {
      response.headers.append(HTTPField(name: .setCookie, value: "\(name)=\(value); Path=/; Max-Age=31536000; SameSite=Lax"))
    }
    return response
  }
}
