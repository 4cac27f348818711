import FaceEvents
import HTTPTypes
import Hummingbird
import MultipartFormData

/// What a page wants to know of its request: the place, the filters, and how the viewer likes to see it.
struct PageRequest: Sendable {
  enum Language: String, Sendable, CaseIterable { case en, zh }
  enum Theme: String, Sendable, CaseIterable { case auto, light, dark }

  /// Percent-decoded, without the empty ones; as many as the route that was found has.
  let pathParts: [String]
  let path: String
  /// In the order of the URL; empty values are as good as not there.
  var parameters: [(name: String, value: String)]
  let host: String
  let language: Language
  let theme: Theme
  let density: String
  /// Whether keys that write a character do something.
  let hasKeys: Bool
  /// Minutes east of UTC; nil before the viewer's browser has said so.
  let knownOffsetMinutes: Int?

  init(_ request: Request) {
    // Taken apart as the router does it: of an odd target, such as *?://host/forwarding/x, another reading would have other parts.
    path = request.uri.path
    pathParts = path.split(separator: "/").map { String(Self.decoded($0)) }
    parameters = Self.fields(request.uri.query.map { $0[...] } ?? "").filter { !$0.value.isEmpty }
    host = request.head.authority ?? "localhost:9528"
    let cookies = Self.cookies(request.headers[values: .cookie])
    language = cookies["lang"].flatMap(Language.init) ?? Self.accepted(request.headers[.acceptLanguage])
    theme = cookies["theme"].flatMap(Theme.init) ?? .auto
    density = cookies["density"].flatMap { ["compact", "normal", "large"].contains($0) ? $0 : nil } ?? "normal"
    hasKeys = cookies["keys"] != "off"
    knownOffsetMinutes = cookies["offset"].flatMap { Int($0) }.flatMap { (-840...840).contains($0) ? $0 : nil }
  }

  var offsetMinutes: Int { knownOffsetMinutes ?? 0 }

  subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

  /// Whether the request comes from a page of this node, or not from a browser at all.
  func isSameOrigin(_ request: Request) -> Bool {
    (try? CrossSite.check(request.headers, authority: host)) != nil
  }

  /// This page with other parameters.
  /// - Parameter changes: nil takes a parameter away.
  func link(_ changes: [String: String?] = [:]) -> String {
    var kept = parameters.filter { changes[$0.name] == nil }
    kept += changes.sorted { $0.key < $1.key }.compactMap { change in change.value.map { (name: change.key, value: $0) } }
    return path + Self.query(kept)
  }

  static func query(_ parameters: [(name: String, value: String)]) -> String {
    guard !parameters.isEmpty else { return "" }
    let fields = parameters.map { URLEncodedForm.Field(name: Array($0.name.utf8), value: Array($0.value.utf8)) }
    return "?" + String(decoding: URLEncodedForm.encoded(fields), as: UTF8.self)
  }

  static func fields(_ text: some StringProtocol) -> [(name: String, value: String)] {
    let bytes = Array(text.utf8)
    let fields = bytes.withUnsafeBytes { try? URLEncodedForm.fields(in: $0, fieldsMax: 128) } ?? []
    return fields.map { (String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self)) }
  }

  private static func decoded(_ part: Substring) -> String {
    // A plus sign is itself in a path, unlike in a query.
    fields("p=" + part.replacing("+", with: "%2B").replacing("&", with: "%26")).first?.value ?? String(part)
  }

  private static func cookies(_ headers: [String]) -> [String: String] {
    let pairs = headers.flatMap { $0.split(separator: ";") }.compactMap { pair -> (String, String)? in
      let halves = pair.split(separator: "=", maxSplits: 1)
      guard halves.count == 2 else { return nil }
      return (String(halves[0].drop { $0 == " " }), String(halves[1]))
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// Chinese when it is named before English.
  private static func accepted(_ header: String?) -> Language {
    for choice in (header ?? "").lowercased().split(separator: ",") {
      let tag = choice.drop { $0 == " " }
      if tag.hasPrefix("zh") { return .zh }
      if tag.hasPrefix("en") { return .en }
    }
    return .en
  }
}
