import FaceEvents
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore

/// What templates see; values are texts, numbers, truths, and lists and objects of these.
typealias PageView = [String: Any]

/// Text within HTML. Mustache's own looks at whole characters, and a sign that is joined with another one (`<` behind U+0600, `"` before an
/// accent) is none of those that it knows.
struct PageText: MustacheContentType {
  /// What a template has to begin with, each of them: a partial does not inherit it.
  static let pragma: String = {
    MustacheContentTypes.register(PageText(), named: "PAGE")
    return "{{% CONTENT_TYPE:PAGE}}"
  }()

  func escapeText(_ text: String) -> String { Self.escaped(text) }

  static func escaped(_ text: String) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): out += "&amp;".utf8
      case UInt8(ascii: "<"): out += "&lt;".utf8
      case UInt8(ascii: ">"): out += "&gt;".utf8
      case UInt8(ascii: "\""): out += "&quot;".utf8
      case UInt8(ascii: "'"): out += "&#39;".utf8
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}

/// Templates with words put in. The templates are compiled in and read once.
struct PageRenderer: Sendable {
  private let library: MustacheLibrary
  private let isComplete: Bool

  init() {
    var templates: [String: MustacheTemplate] = [:]
    for (name, bytes) in Self.sources {
      templates[name] = try? MustacheTemplate(string: PageText.pragma + String(decoding: bytes, as: UTF8.self))
    }
    isComplete = templates.count == Self.sources.count
    library = MustacheLibrary(templates: templates)
  }

  static let sources: [String: [UInt8]] = [
    "layout": PackageResources.layout_mustache, "keys": PackageResources.keys_mustache, "live": PackageResources.live_mustache,
    "card": PackageResources.card_mustache, "urls": PackageResources.urls_mustache, "overview": PackageResources.overview_mustache,
    "events": PackageResources.events_mustache, "rows": PackageResources.rows_mustache, "event": PackageResources.event_mustache,
    "detail": PackageResources.detail_mustache, "people": PackageResources.people_mustache, "person": PackageResources.person_mustache,
    "boxes": PackageResources.boxes_mustache, "box": PackageResources.box_mustache, "forwarding": PackageResources.forwarding_mustache,
    "target": PackageResources.target_mustache, "quarantine": PackageResources.quarantine_mustache,
    "chart": PackageResources.chart_mustache, "blank": PackageResources.blank_mustache,
    "settings": PackageResources.settings_mustache, "help": PackageResources.help_mustache, "failure": PackageResources.failure_mustache,
    "exports": PackageResources.exports_mustache,
  ]

  /// Whether every template could be read; a test asks.
  var hasEveryTemplate: Bool { isComplete }

  func html(_ template: String, _ view: PageView) -> String { library.render(view, withTemplate: template) ?? "" }

  static func response(_ html: String, status: HTTPResponse.Status = .ok) -> Response {
    var headers = secured
    headers[.contentType] = "text/html; charset=utf-8"
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
  }

  /// 303, so that the browser asks for the page anew.
  static func redirect(_ place: String) -> Response {
    var headers = secured
    headers[.location] = place
    return Response(status: .seeOther, headers: headers)
  }

  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    + "frame-ancestors 'none'"

  /// The referrer policy is not `no-referrer`: with that one a form of our own sends `Origin: null`, and would be taken for another site's.
  static let secured: HTTPFields = {
    var headers: HTTPFields = [.cacheControl: "no-store", .contentSecurityPolicy: policy]
    for (name, value) in [
      ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
      ("Cross-Origin-Opener-Policy", "same-origin"),
    ] {
      if let field = HTTPField.Name(name) { headers[field] = value }
    }
    return headers
  }()
}
