/// Who the node says it is, in its status reports and as a client.
public struct NodeIdentity: Sendable {
  /// For people, such as the host name.
  public var name: String
  /// What a box's licence code is to a box: stays the same over restarts.
  public var code: String
  public var version: String
  public var dataDirectory: String

  public init(name: String, code: String, version: String, dataDirectory: String) {
    self.name = name
    self.code = code
    self.version = version
    self.dataDirectory = dataDirectory
  }
}
