import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An original as one line: as it is when it is one line already, else as a JSON string that holds it.
enum OriginalLine {
  /// The original of a line; the line itself when it is no JSON string.
  static func original(of line: [UInt8]) -> [UInt8] {
    guard line.first == UInt8(ascii: "\"") else { return line }
    return (try? JSONDecoder().decode(String.self, from: Data(line))).map { Array($0.utf8) } ?? line
  }

  static func bytes(_ original: [UInt8]) -> [UInt8] {
    has(UInt8(ascii: "\n"), original) || has(UInt8(ascii: "\r"), original) ? quoted(original) : original
  }

  /// Originals are long and mostly pictures: memchr(3) is many times faster than a loop.
  private static func has(_ byte: UInt8, _ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { memory in memory.baseAddress.map { memchr($0, Int32(byte), memory.count) != nil } ?? false }
  }

  /// Bytes are kept, also those that are not UTF-8: only what JSON demands is escaped (RFC 8259 section 7).
  private static func quoted(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    var out: [UInt8] = [UInt8(ascii: "\"")]
    out.reserveCapacity(bytes.count + bytes.count / 16)
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): out += Array("\\n".utf8)
      case UInt8(ascii: "\r"): out += Array("\\r".utf8)
      case UInt8(ascii: "\t"): out += Array("\\t".utf8)
      case 0..<0x20: out += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
    return out
  }
}
