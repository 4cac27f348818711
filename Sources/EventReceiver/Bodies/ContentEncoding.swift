/// How a body is compressed (RFC 9110 section 8.4).
enum ContentEncoding: Sendable, Equatable {
  case identity
  /// RFC 1952.
  case gzip
  /// RFC 1950, or, as some senders have it, RFC 1951.
  case deflate
  /// The name as sent. Combinations are not supported either.
  case unsupported(String)

  init(_ header: String?) {
    let name = header.map { String($0.filter { !$0.isWhitespace }).lowercased() } ?? ""
    switch name {
    case "", "identity": self = .identity
    case "gzip", "x-gzip": self = .gzip
    case "deflate": self = .deflate
    default: self = .unsupported(String(name.prefix(64)))
    }
  }
}
