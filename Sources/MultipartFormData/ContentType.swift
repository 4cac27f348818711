/// A media type as a Content-Type header gives it (RFC 9110 section 8.3.1), for example `application/json; charset=utf-8`.
public struct ContentType: Sendable, Hashable {
  public struct Parameter: Sendable, Hashable {
    /// Lower case.
    public var name: String
    /// Without quotation marks and escapes; its case is kept.
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Lower case, `application`.
  public var type: String
  /// Lower case, `json`.
  public var subtype: String
  /// In the order of the header.
  public var parameters: [Parameter]

  public init(type: String, subtype: String, parameters: [Parameter] = []) {
    self.type = type
    self.subtype = subtype
    self.parameters = parameters
  }

  /// Reads a header value; nil when it does not begin with `type/subtype`. Parameters that cannot be read are left out.
  public init?(_ header: String) {
    let parsed = HeaderParameters(Array(header.utf8))
    let halves = parsed.word.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty && $0.allSatisfy(ASCII.isTokenCharacter) }) else { return nil }
    self.init(
      type: ASCII.lowercased(halves[0]), subtype: ASCII.lowercased(halves[1]),
      parameters: parsed.parameters.map { Parameter(name: $0.name, value: $0.mediaTypeText) })
  }

  /// Type and subtype without parameters: `application/json`.
  public var essence: String { "\(type)/\(subtype)" }

  /// The value of the first parameter of that name, in any case.
  public func parameter(_ name: String) -> String? {
    parameters.first { ASCII.isEqualIgnoringCase($0.name.utf8, name.utf8) }?.value
  }
}
