/// What a request line asks for (RFC 9112 section 3.2), cut into path and query. Nothing is decoded: paths are compared as they were sent.
struct RequestTarget: Equatable {
  var path: String
  var query: String?

  /// Takes the origin form `/path?query` and the absolute form `http://host/path?query`.
  init(_ target: String) {
    var rest = target[...]
    if !target.hasPrefix("/"), let scheme = target.range(of: "://") {
      rest = target[scheme.upperBound...]
      rest = rest[(rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex)...]
    }
    if let fragment = rest.utf8.firstIndex(of: UInt8(ascii: "#")) { rest = rest[..<fragment] }
    if let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) {
      query = String(rest[rest.utf8.index(after: mark)...])
      rest = rest[..<mark]
    }
    path = rest.isEmpty ? "/" : String(rest)
  }
}

extension String {
  /// The first place of `part`; the standard library has it for single characters only.
  fileprivate func range(of part: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
      formIndex(after: &start)
    }
    return nil
  }
}
