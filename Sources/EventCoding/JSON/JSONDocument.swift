/// The structure of one JSON text as spans into the sender's bytes: nothing is copied, nothing is converted.
///
/// Values stand in reading order; a container is followed by what it holds, and `next` leads past it.
package struct JSONDocument {
  struct Value {
    enum Kind: UInt8 { case object, array, string, number, isTrue, isFalse, null }

    var kind: Kind
    /// Strings and keys: how far the bytes between the quotation marks can be taken as they are.
    var hasEscapes = false
    var keyHasEscapes = false
    /// Span of the value; of a string, what is between its quotation marks.
    var start: Int32
    var end: Int32
    /// Span of the member's name between its quotation marks; -1 for what is not a member.
    var keyStart: Int32 = -1
    var keyEnd: Int32 = -1
    /// Index of the value after this one and all that it holds.
    var next: Int32 = 0

    var range: Range<Int> { Int(start)..<Int(end) }
    var keyRange: Range<Int> { Int(keyStart)..<Int(keyEnd) }
  }

  var values: ContiguousArray<Value> = []
  /// Some string is not valid UTF-8 (bytes are kept as sent).
  var hasInvalidUTF8 = false

  /// Indices of what a container holds directly.
  func children(of index: Int) -> Children { Children(document: self, index: index + 1, end: Int(values[index].next)) }

  struct Children: Sequence, IteratorProtocol {
    let document: JSONDocument
    var index: Int
    let end: Int

    mutating func next() -> Int? {
      guard index < end else { return nil }
      defer { index = Int(document.values[index].next) }
      return index
    }
  }
}

/// Where and why a text is not JSON (RFC 8259). `offset` counts bytes from 0.
package struct JSONError: Error, Equatable {
  enum Reason: Equatable {
    case unexpectedEnd
    case unexpectedByte(UInt8)
    case notFinite(String)
    case badNumber
    case badLiteral
    case badEscape
    case controlCharacter(UInt8)
    case tooDeep(Int)
    case tooManyValues(Int)
    case trailingBytes
    case notUTF8(String)
  }
  var reason: Reason
  var offset: Int
  /// The name of the member being read, if any.
  var key: String?
}

extension JSONError: CustomStringConvertible {
  package var description: String { "\(withoutOffset), at byte \(offset)" }

  /// For a text that the sender has not written, whose offsets mean nothing to anybody.
  var withoutOffset: String { key.map { "\(what) in the value of \"\($0)\"" } ?? what }

  private var what: String {
    switch reason {
    case .unexpectedEnd: "the text ends too early"
    case .unexpectedByte(let byte): "unexpected \(JSONError.name(of: byte))"
    case .notFinite(let word): "\(word) is not a JSON number (send null or leave the field out)"
    case .badNumber: "a number is not written as JSON wants it"
    case .badLiteral: "a word that is not true, false or null"
    case .badEscape: "a bad escape in a string"
    case .controlCharacter(let byte): "a raw \(JSONError.name(of: byte)) in a string (write it as an escape)"
    case .tooDeep(let limit): "nested deeper than \(limit) levels"
    case .tooManyValues(let limit): "more than \(limit) values in one body"
    case .trailingBytes: "something follows the end of the value"
    case .notUTF8(let encoding): "the text is \(encoding), JSON is UTF-8"
    }
  }

  private static func name(of byte: UInt8) -> String {
    switch byte {
    case 0x21...0x7E: "\"\(Character(UnicodeScalar(byte)))\""
    case 0x0A: "line feed"
    case 0x0D: "carriage return"
    case 0x09: "tab"
    case 0x20: "blank"
    default: "byte 0x" + String(byte, radix: 16)
    }
  }
}
