import CTextBytes

/// Base64 (RFC 4648) between text and bytes, in place where the text is canonical.
package enum Base64 {
  /// Set in a table entry, or in the sum of four, when a character is outside the alphabet.
  private static let invalid: UInt32 = 0x0100_0000

  /// Four tables of 256 words: the bits of a character at each of the four places of a group, in little-endian byte order of the three
  /// bytes. Safe to share: written once here, then only read, never freed.
  private nonisolated(unsafe) static let decodeTables: UnsafePointer<UInt32> = {  // safe: immutable after this initialiser
    let tables = UnsafeMutablePointer<UInt32>.allocate(capacity: 1024)
    tables.initialize(repeating: invalid, count: 1024)
    for (value, character) in alphabet.enumerated() {
      let bits = UInt32(value)
      tables[Int(character)] = bits << 2
      tables[256 + Int(character)] = bits >> 4 | (bits & 15) << 12
      tables[512 + Int(character)] = (bits >> 2) << 8 | (bits & 3) << 22
      tables[768 + Int(character)] = bits << 16
    }
    return UnsafePointer(tables)
  }()

  static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  static let urlSafeAlphabet = Array(alphabet.dropLast(2)) + [UInt8(ascii: "-"), UInt8(ascii: "_")]

  /// By twelve bits: the two characters for them, the first in the low byte.
  private nonisolated(unsafe) static let pairs = makePairs(alphabet)  // safe: immutable once made
  private nonisolated(unsafe) static let urlSafePairs = makePairs(urlSafeAlphabet)  // safe: immutable once made

  /// Never freed: made once for the life of the program.
  private static func makePairs(_ symbols: [UInt8]) -> UnsafePointer<UInt32> {
    let pairs = UnsafeMutablePointer<UInt32>.allocate(capacity: 4096)
    for bits in 0..<4096 { pairs[bits] = UInt32(symbols[bits >> 6]) | UInt32(symbols[bits & 63]) << 8 }
    return UnsafePointer(pairs)
  }

  /// By byte: whether it is in the standard alphabet.
  static let isSymbol: [Bool] = (0..<256).map { alphabet.contains(UInt8($0)) }

  /// Decodes canonical base64 (standard alphabet, padded, no breaks, zero trailing bits) over its own text, which the bytes never overtake.
  /// - Returns: how many bytes now stand at the beginning; nil when the text is not canonical, in which case it is as it was.
  package static func decodeInPlace(_ text: UnsafeMutableRawBufferPointer) -> Int? {
    guard text.count % 4 == 0, text.count > 0, let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
    let tables = decodeTables
    let groups = text.count / 4
    // The last group may be padded and is decoded apart.
    var group = text_base64_decode(base, groups - 1)
    while group < groups - 1 {
      guard let word = decodeGroup(base + 4 * group, tables) else { return restore(base, groups: group) }
      store(word, 3, at: base + 3 * group)
      group += 1
    }
    guard let (word, length) = decodeLastGroup(base + 4 * group, tables) else { return restore(base, groups: group) }
    store(word, length, at: base + 3 * group)
    return 3 * group + length
  }

  private static func store(_ word: UInt32, _ length: Int, at output: UnsafeMutablePointer<UInt8>) {
    for index in 0..<length { output[index] = UInt8(truncatingIfNeeded: word >> UInt32(8 * index)) }
  }

  private static func decodeGroup(_ input: UnsafePointer<UInt8>, _ tables: UnsafePointer<UInt32>) -> UInt32? {
    let word = tables[Int(input[0])] | tables[256 + Int(input[1])] | tables[512 + Int(input[2])] | tables[768 + Int(input[3])]
    return word & invalid == 0 ? word : nil
  }

  private static func decodeLastGroup(_ input: UnsafePointer<UInt8>, _ tables: UnsafePointer<UInt32>) -> (UInt32, Int)? {
    let padding = input[3] != UInt8(ascii: "=") ? 0 : input[2] != UInt8(ascii: "=") ? 1 : 2
    if padding == 0 { return decodeGroup(input, tables).map { ($0, 3) } }
    var word = tables[Int(input[0])] | tables[256 + Int(input[1])]
    if padding == 1 { word |= tables[512 + Int(input[2])] }
    // What is left over after the last byte must be zero, or the text could not be written back.
    guard word & invalid == 0, word >> UInt32(8 * (3 - padding)) == 0 else { return nil }
    return (word, 3 - padding)
  }

  /// Writes the text of the first groups back over the bytes they were decoded to, from the last group to the first.
  private static func restore(_ base: UnsafeMutablePointer<UInt8>, groups: Int) -> Int? {
    for group in stride(from: groups - 1, through: 0, by: -1) {
      let bytes = base + 3 * group
      let bits = UInt32(bytes[0]) << 16 | UInt32(bytes[1]) << 8 | UInt32(bytes[2])
      for place in 0..<4 { base[4 * group + place] = alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)] }
    }
    return nil
  }

  @inline(__always)
  private static func byte(_ input: UnsafeRawPointer, _ offset: Int) -> Int { Int(input.load(fromByteOffset: offset, as: UInt8.self)) }

  /// How many characters ``write(_:urlSafe:padded:to:)`` writes.
  static func textCount(of byteCount: Int, padded: Bool = true) -> Int {
    let tail = byteCount % 3
    return byteCount / 3 * 4 + (tail == 0 ? 0 : padded ? 4 : tail + 1)
  }

  /// Appends the base64 text of `bytes`.
  package static func append(_ bytes: UnsafeRawBufferPointer, urlSafe: Bool = false, padded: Bool = true, to out: inout [UInt8]) {
    let start = out.count
    out.append(contentsOf: repeatElement(0, count: textCount(of: bytes.count, padded: padded)))
    out.withUnsafeMutableBytes { out in
      _ = write(bytes, urlSafe: urlSafe, padded: padded, to: UnsafeMutableRawBufferPointer(rebasing: out[start...]))
    }
  }

  /// Writes the base64 text of `bytes` to the beginning of `out`, which has room for it.
  /// - Returns: how many characters.
  static func write(
    _ bytes: UnsafeRawBufferPointer, urlSafe: Bool = false, padded: Bool = true, to out: UnsafeMutableRawBufferPointer
  ) -> Int {
    let count = textCount(of: bytes.count, padded: padded)
    precondition(out.count >= count)
    guard let input = bytes.baseAddress, let output = out.baseAddress, !bytes.isEmpty else { return 0 }
    let pairs = urlSafe ? urlSafePairs : pairs
    let groups =
      urlSafe
      ? 0
      : text_base64_encode(input.assumingMemoryBound(to: UInt8.self), bytes.count / 3, output.assumingMemoryBound(to: UInt8.self))
    var (index, at) = (3 * groups, 4 * groups)
    // Twelve bits at a time: half the look-ups, also where the compiler does not optimize.
    while index + 3 <= bytes.count {
      let bits = byte(input, index) << 16 | byte(input, index + 1) << 8 | byte(input, index + 2)
      (output + at).storeBytes(of: (pairs[bits >> 12] | pairs[bits & 0xFFF] << 16).littleEndian, as: UInt32.self)
      index += 3
      at += 4
    }
    let tail = bytes.count - index
    guard tail > 0 else { return count }
    let symbols = urlSafe ? urlSafeAlphabet : alphabet
    let bits = byte(input, index) << 16 | (tail == 2 ? byte(input, index + 1) << 8 : 0)
    out[at] = symbols[bits >> 18]
    out[at + 1] = symbols[bits >> 12 & 63]
    if tail == 2 { out[at + 2] = symbols[bits >> 6 & 63] }
    if padded {
      if tail == 1 { out[at + 2] = UInt8(ascii: "=") }
      out[at + 3] = UInt8(ascii: "=")
    }
    return count
  }
}
