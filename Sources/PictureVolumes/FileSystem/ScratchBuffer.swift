#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Memory that file contents pass through. For one user at a time. Not initialized, so that what is never used is never really there.
final class ScratchBuffer {
  let bytes: UnsafeMutableRawBufferPointer

  init(byteCount: Int) {
    bytes = .allocate(byteCount: byteCount, alignment: 16)
  }

  deinit { bytes.deallocate() }

  func fillWithZeros() {
    guard let start = bytes.baseAddress else { return }
    memset(start, 0, bytes.count)
  }

  /// The first bytes, to be written to.
  func room(_ count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])
  }

  /// The first bytes, to be read.
  func prefix(_ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[..<count])
  }
}
