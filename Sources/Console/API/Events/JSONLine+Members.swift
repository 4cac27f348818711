import FaceEvents

extension JSONLine {
  /// A time is always two members.
  mutating func member(_ name: String, _ time: Timestamp) {
    key(name)
    time.quoted { raw($0) }
    key(name + "_ms")
    raw(String(time.milliseconds))
  }

  mutating func member(_ name: String, _ time: Timestamp?) {
    if let time { return member(name, time) }
    null(name)
    null(name + "_ms")
  }

  mutating func member(_ name: String, _ value: Int64?) {
    key(name)
    if let value { raw(String(value)) } else { null() }
  }

  mutating func null(_ name: String) {
    key(name)
    null()
  }

  /// JSON has no way to write a number that is none.
  mutating func member(_ name: String, _ value: Double) {
    key(name)
    if value.isFinite { raw("\(value)") } else { null() }
  }

  mutating func object(_ name: String, _ members: (inout JSONLine) -> Void) {
    key(name)
    object(members)
  }

  mutating func list<Element>(_ name: String, _ elements: some Sequence<Element>, _ write: (inout JSONLine, Element) -> Void) {
    key(name)
    array { line in for element in elements { write(&line, element) } }
  }
}

extension Timestamp {
  /// The text of RFC 3339 between quotation marks, without a string in between: lists have hundreds of them.
  fileprivate func quoted(_ body: ([UInt8]) -> Void) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(26)
    bytes.append(UInt8(ascii: "\""))
    RFC3339.append(self, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    body(bytes)
  }
}
