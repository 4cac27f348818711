import EventForwarder

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension NodeIdentity {
  /// A node has no licence code; its host's name is what stays the same and what people know it by.
  static func ofNode(dataDirectory: String) -> NodeIdentity {
    var text = [CChar](repeating: 0, count: 256)
    let host =
      gethostname(&text, text.count - 1) == 0 ? String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
    let name = host.isEmpty ? "fogcatcher" : host
    return NodeIdentity(name: name, code: "fogcatcher-\(name)", version: ProgramVersion.text, dataDirectory: dataDirectory)
  }
}
