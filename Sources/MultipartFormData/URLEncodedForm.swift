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
    guard let base = text.baseAddress else { return [] }
    return Array(unsafeUninitializedCapacity: text.count) { out, count in
      guard let start = out.baseAddress else { return }
      count = decode(base, text.count, into: start)
    }
  }

  /// Runs without a percent sign are copied whole: in base64 some twentieth to sixtieth character is escaped, in most values none.
  ///
  /// - Parameter out: has room for `count` bytes.
  /// - Returns: how many bytes were written.
  private static func decode(_ text: UnsafeRawPointer, _ count: Int, into out: UnsafeMutablePointer<UInt8>) -> Int {
    let hasPlus = memchr(text, Int32(ASCII.plus), count) != nil
    var read = 0
    var written = 0
    while read < count {
      let found = memchr(text + read, Int32(ASCII.percent), count - read).map { UnsafeRawPointer($0) - text }
      let run = (found ?? count) - read
      memcpy(out + written, text + read, run)
      if hasPlus { replacePlus(UnsafeMutableBufferPointer(start: out + written, count: run)) }
      written += run
      read += run
      // Text in Chinese is nothing but escapes.
      while read < count, text.load(fromByteOffset: read, as: UInt8.self) == ASCII.percent {
        let (byte, length) = escaped(text + read, available: count - read)
        out[written] = byte
        written += 1
        read += length
      }
    }
    return written
  }

  private static func replacePlus(_ run: UnsafeMutableBufferPointer<UInt8>) {
    for index in run.indices { run[index] = run[index] == ASCII.plus ? ASCII.space : run[index] }
  }

  private static func escaped(_ text: UnsafeRawPointer, available: Int) -> (byte: UInt8, length: Int) {
    guard available > 2, let high = ASCII.hexadecimalValue(text.load(fromByteOffset: 1, as: UInt8.self)),
      let low = ASCII.hexadecimalValue(text.load(fromByteOffset: 2, as: UInt8.self))
    else { return (ASCII.percent, 1) }
    return (high << 4 | low, 3)
  }
}

extension URLEncodedForm {
  /// Writes what ``fields(in:fieldsMax:)`` reads: letters, digits and `*-._` stay, a space becomes `+`, everything else `%XX`.
  public static func encoded(_ fields: some Sequence<Field>) -> [UInt8] {
    var out: [UInt8] = []
    for (index, field) in fields.enumerated() {
      if index > 0 { out.append(ASCII.ampersand) }
      append(field.name, to: &out)
      out.append(ASCII.equals)
      append(field.value, to: &out)
    }
    return out
  }

  private static func append(_ text: [UInt8], to out: inout [UInt8]) {
    out.reserveCapacity(out.count + text.count + text.count / 8)
    for byte in text {
      switch byte {
      case _ where ASCII.isAlphanumeric(byte): out.append(byte)
      case UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): out.append(byte)
      case ASCII.space: out.append(ASCII.plus)
      default: PercentCoding.append(byte, to: &out)
      }
    }
  }
}
