#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension UnsafeRawBufferPointer {
  /// The place of the first `byte` at or after `start`, by memchr, which runs near memory speed.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    guard let base = baseAddress, start < count else { return nil }
    guard let found = memchr(base + start, Int32(byte), count - start) else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// Whether `bytes` stand at `start`, all of them.
  func holds(_ bytes: [UInt8], at start: Int) -> Bool {
    guard let base = baseAddress, count - start >= bytes.count else { return false }
    return bytes.withUnsafeBytes { other in
      guard let otherBase = other.baseAddress else { return true }
      return memcmp(base + start, otherBase, other.count) == 0
    }
  }

  /// Whether `bytes`, which are not empty, stand anywhere.
  func contains(_ bytes: [UInt8]) -> Bool {
    var start = 0
    while let found = firstIndex(of: bytes[0], from: start) {
      if holds(bytes, at: found) { return true }
      start = found + 1
    }
    return false
  }

  /// The part of the buffer in `range`, with indices that start at 0 again.
  func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }
}
