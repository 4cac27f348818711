import HTTPTypes

/// Browsers send requests for any page that asks, with the rights of whoever sits there. What changes something is only done for pages of
/// this node, and for programs that are no browsers.
enum CrossSite {
  /// - Parameter authority: host and port that the request was sent to.
  static func check(_ headers: HTTPFields, authority: String?) throws(APIError) {
    if let site = headers[.secFetchSite] {
      guard site == "same-origin" || site == "none" else { throw .crossSite() }
    }
    guard let origin = headers[.origin] else { return }
    let host = origin.range(of: "://").map { origin[$0.upperBound...].lowercased() }
    guard let host, let authority, host == authority.lowercased() else { throw .crossSite() }
  }
}

extension HTTPField.Name {
  fileprivate static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!  // safe: a valid token
}

extension StringProtocol {
  fileprivate func range(of separator: String) -> Range<Index>? { ranges(of: separator).first }
}
