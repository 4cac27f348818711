#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// application/x-www-form-urlencoded (WHATWG URL standard, section 5): ordered names and values, repeats kept.
public enum URLEncodedForm {
  public struct Field: Sendable, Hashable {
    /// Decoded bytes, UTF-8 from nearly every sender.
    public var name: [UInt8]
    public var value: [UInt8]

    public init(name: [UInt8], value: [UInt8]) {
      self.name = name
      self.value = value
    }
  }

  /// Splits at `&` and the first `=`; a piece without `=` is a name with an empty value, an empty piece is nothing. `+` becomes a space
  /// and `%XX` a byte; a percent sign that two hexadecimal digits do not follow stays. A sender of base64 must write its `+` as `%2B`:
  /// when a value that is base64 has spaces, this is where they come from.
  ///
  /// - Throws: ``MultipartError/tooManyFields(limit:)``.
  public static func fields(in form: UnsafeRawBufferPointer, fieldsMax: Int = 256) throws(MultipartError) -> [Field] {
    var fields: [Field] = []
    var cursor = 0
    while cursor < form.count {
      let end = form.firstIndex(of: ASCII.ampersand, from: cursor) ?? form.count
      if end > cursor {
        guard fields.count < fieldsMax else { throw .tooManyFields(limit: fieldsMax) }
        fields.append(field(form.part(cursor..<end)))
      }
      cursor = end + 1
    }
    return fields
  }

  private static func field(_ piece: UnsafeRawBufferPointer) -> Field {
    guard let equals = piece.firstIndex(of: ASCII.equals, from: 0) else { return Field(name: decoded(piece), value: []) }
    return Field(name: decoded(piece.part(0..<equals)), value: decoded(piece.part(equals + 1..<piece.count)))
  }

  private static func decoded(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    Array(unsafeUninitializedCapacity: text.count) { out, count in count = decode(text, into: UnsafeMutableRawBufferPointer(out)) }
  }

  /// `out` has room for as many bytes as `text` has.
  private static func decode(_ text: UnsafeRawBufferPointer, into out: UnsafeMutableRawBufferPointer) -> Int {
    let hasPlus = text.firstIndex(of: ASCII.plus, from: 0) != nil
    var read = 0
    var written = 0
    while read < text.count {
      if text[read] == ASCII.percent {
        let (byte, length) = escaped(text, at: read)
        out[written] = byte
        written += 1
        read += length
        continue
      }
      // Runs without a percent sign are copied whole: in base64 every twentieth to sixtieth character is escaped.
      let end = text.firstIndex(of: ASCII.percent, from: read) ?? text.count
      let run = UnsafeMutableRawBufferPointer(rebasing: out[written..<written + end - read])
      run.copyMemory(from: text.part(read..<end))
      if hasPlus { for index in run.indices where run[index] == ASCII.plus { run[index] = ASCII.space } }
      written += run.count
      read = end
    }
    return written
  }

  private static func escaped(_ text: UnsafeRawBufferPointer, at index: Int) -> (byte: UInt8, length: Int) {
    guard index + 2 < text.count, let high = ASCII.hexadecimalValue(text[index + 1]),
      let low = ASCII.hexadecimalValue(text[index + 2])
    else { return (ASCII.percent, 1) }
    return (high << 4 | low, 3)
  }
}

extension URLEncodedForm {
  /// Writes what ``fields(in:fieldsMax:)`` reads: letters, digits and `*-._` stay, a space becomes `+`, everything else `%XX`.
  public static func encoded(_ fields: some Sequence<Field>) -> [UInt8] {
    var out: [UInt8] = []
    for field in fields {
      if !out.isEmpty { out.append(ASCII.ampersand) }
      append(field.name, to: &out)
      out.append(ASCII.equals)
      append(field.value, to: &out)
    }
    return out
  }

  private static func append(_ text: [UInt8], to out: inout [UInt8]) {
    for byte in text {
      if ASCII.isAlphanumeric(byte) || "*-._".utf8.contains(byte) {
        out.append(byte)
      } else if byte == ASCII.space {
        out.append(ASCII.plus)
      } else {
        PercentCoding.append(byte, to: &out)
      }
    }
  }
}
