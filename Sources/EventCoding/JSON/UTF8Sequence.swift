enum UTF8Sequence {
  /// Bytes of the well-formed sequence (Unicode table 3-7) that begins here; 0 when there is none.
  static func length(at bytes: UnsafePointer<UInt8>, _ available: Int) -> Int {
    let first = bytes[0]
    if first < 0x80 { return 1 }
    let (length, secondMin, secondMax): (Int, UInt8, UInt8)
    switch first {
    case 0xC2...0xDF: (length, secondMin, secondMax) = (2, 0x80, 0xBF)
    case 0xE0: (length, secondMin, secondMax) = (3, 0xA0, 0xBF)
    case 0xED: (length, secondMin, secondMax) = (3, 0x80, 0x9F)
    case 0xE1...0xEF: (length, secondMin, secondMax) = (3, 0x80, 0xBF)
    case 0xF0: (length, secondMin, secondMax) = (4, 0x90, 0xBF)
    case 0xF1...0xF3: (length, secondMin, secondMax) = (4, 0x80, 0xBF)
    case 0xF4: (length, secondMin, secondMax) = (4, 0x80, 0x8F)
    default: return 0
    }
    guard length <= available, bytes[1] >= secondMin, bytes[1] <= secondMax else { return 0 }
    for index in 2..<max(2, length) where bytes[index] & 0xC0 != 0x80 { return 0 }
    return length
  }

  /// Whether all of it is UTF-8 without control characters but the usual white space.
  static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return true }
    var index = 0
    while index < bytes.count {
      if base[index] < 0x20, base[index] < 0x09 || base[index] > 0x0D { return false }
      let length = length(at: base + index, bytes.count - index)
      if length == 0 { return false }
      index += length
    }
    return true
  }
}
