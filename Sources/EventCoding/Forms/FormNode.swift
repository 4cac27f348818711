import FaceEvents

/// A value on its way from a form into JSON.
indirect enum FormNode {
  /// Valid JSON text, taken as it is.
  case json(SharedBytes)
  case text(SharedBytes)
  /// Bytes of a picture, to be written as base64.
  case base64(SharedBytes)
  case list([SharedBytes])
  case object([(name: String, node: FormNode)])
  /// The members of a JSON object, with other values at some places of its text, and further members.
  case merged(json: SharedBytes?, fillings: [(span: Range<Int>, node: FormNode)], members: [(name: String, node: FormNode)])
  /// Holds the place of a container whose parts are still coming.
  case container
}

extension Array where Element == (name: String, node: FormNode) {
  /// Puts a value at the end of a path of names, making objects on the way; what is there already stays.
  mutating func insert(_ path: [String], _ node: FormNode) {
    guard let name = path.first else { return }
    guard path.count > 1 else { return append((name, node)) }
    if let index = firstIndex(where: { $0.name == name }), case .object(var members) = self[index].node {
      members.insert(Array<String>(path.dropFirst()), node)
      self[index].node = .object(members)
    } else {
      var members: Self = []
      members.insert(Array<String>(path.dropFirst()), node)
      append((name, .object(members)))
    }
  }
}

/// Writes nodes as compact JSON.
struct FormNodeWriter {
  mutating func object(_ members: [(name: String, node: FormNode)], to out: inout [UInt8]) {
    out.append(UInt8(ascii: "{"))
    self.members(members, to: &out)
    out.append(UInt8(ascii: "}"))
  }

  private mutating func members(_ members: [(name: String, node: FormNode)], to out: inout [UInt8]) {
    for (index, member) in members.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      JSONText.appendString(Array(member.name.utf8), to: &out)
      out.append(UInt8(ascii: ":"))
      write(member.node, to: &out)
    }
  }

  mutating func write(_ node: FormNode, to out: inout [UInt8]) {
    switch node {
    case .json(let bytes): bytes.withUnsafeBytes { out.append(contentsOf: $0) }
    case .text(let bytes): bytes.withUnsafeBytes { JSONText.appendString($0, to: &out) }
    case .base64(let bytes):
      out.append(UInt8(ascii: "\""))
      bytes.withUnsafeBytes { Base64.append($0, to: &out) }
      out.append(UInt8(ascii: "\""))
    case .list(let texts):
      out.append(UInt8(ascii: "["))
      for (index, text) in texts.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        write(.text(text), to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members): object(members, to: &out)
    case .merged(let json, let fillings, let members): merged(json, fillings, members, to: &out)
    case .container: out.append(contentsOf: "{}".utf8)
    }
  }

  /// The text of the object up to its last brace, then the further members.
  private mutating func merged(
    _ json: SharedBytes?, _ fillings: [(span: Range<Int>, node: FormNode)], _ further: [(name: String, node: FormNode)],
    to out: inout [UInt8]
  ) {
    guard let json else { return object(further, to: &out) }
    json.withUnsafeBytes { bytes in
      let end = bytes.lastIndex(of: UInt8(ascii: "}")) ?? bytes.endIndex
      var copied = 0
      for (span, node) in fillings {
        out.append(contentsOf: bytes[copied..<span.lowerBound])
        write(node, to: &out)
        copied = span.upperBound
      }
      out.append(contentsOf: bytes[copied..<end])
      let isEmpty = bytes[..<end].dropFirst().allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
      if !isEmpty, !further.isEmpty { out.append(UInt8(ascii: ",")) }
    }
    members(further, to: &out)
    out.append(UInt8(ascii: "}"))
  }
}
