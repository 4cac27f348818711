import Hummingbird

/// The fields of a form that a page posted.
struct PageForm: Sendable {
  static let bytesMax = 256 << 10

  let fields: [(name: String, value: String)]

  init(_ request: Request) async throws {
    guard request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? true else {
      throw PageFailure(.unsupportedMediaType, "bad_form")
    }
    guard let body = try? await request.body.collect(upTo: Self.bytesMax) else { throw PageFailure(.contentTooLarge, "form_too_large") }
    fields = PageRequest.fields(String(buffer: body))
  }

  subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

  /// Where to go afterwards: a path of this node, never another host.
  var back: String {
    guard let back = self["back"], back.hasPrefix("/"), !back.hasPrefix("//"),
      back.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C })
    else { return "/" }
    return back
  }
}
