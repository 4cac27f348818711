#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Memory of one request, allocated once. Its single owner fills it and may rewrite it in place until the first ``SharedBytes`` of it is
/// handed out; from then on nobody writes.
public final class ByteStorage: @unchecked Sendable {  // safe: it is passed on, never shared, while it is still written (the rule above)
  public private(set) var base: UnsafeMutableRawPointer
  public private(set) var capacity: Int
  public private(set) var count = 0

  public init(capacity: Int) {
    self.capacity = max(16, capacity)
    base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  /// Appends a copy of `bytes`, growing by half when they do not fit.
  public func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    reserve(count + bytes.count)
    (base + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  /// Makes room for `total` bytes, without changing what is there.
  public func reserve(_ total: Int) {
    guard total > capacity else { return }
    let larger = max(total, capacity + capacity / 2)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    moved.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = moved
    capacity = larger
  }

  /// What has been appended. The pointer is good until the next ``append(_:)`` or ``reserve(_:)``.
  public var bytes: UnsafeMutableRawBufferPointer { .init(start: base, count: count) }

  /// A view of part of the appended bytes. After this call nobody may write to that part.
  public func share(_ range: Range<Int>) -> SharedBytes {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return SharedBytes(storage: self, offset: range.lowerBound, count: range.count)
  }
}

/// Immutable bytes that share their memory: a request body, or the part of one that is a picture.
public struct SharedBytes: Sendable {
  private let storage: ByteStorage
  private let offset: Int
  public let count: Int

  init(storage: ByteStorage, offset: Int, count: Int) {
    self.storage = storage
    self.offset = offset
    self.count = count
  }

  public init(copying bytes: UnsafeRawBufferPointer) {
    let storage = ByteStorage(capacity: bytes.count)
    storage.append(bytes)
    self.init(storage: storage, offset: 0, count: bytes.count)
  }

  public init(_ bytes: [UInt8]) { self = bytes.withUnsafeBytes { SharedBytes(copying: $0) } }

  public static let empty = SharedBytes([])

  public var isEmpty: Bool { count == 0 }

  public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    try body(UnsafeRawBufferPointer(start: storage.base + offset, count: count))
  }

  public subscript(range: Range<Int>) -> SharedBytes {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return SharedBytes(storage: storage, offset: offset + range.lowerBound, count: range.count)
  }

  public var array: [UInt8] { withUnsafeBytes { Array($0) } }
}

extension SharedBytes: Equatable {
  public static func == (a: SharedBytes, b: SharedBytes) -> Bool {
    guard a.count == b.count else { return false }
    guard a.count > 0 else { return true }
    return a.withUnsafeBytes { x in
      b.withUnsafeBytes { y in memcmp(x.baseAddress!, y.baseAddress!, x.count) == 0 }  // safe: neither is empty
    }
  }
}

/// Faces are personal data: only the size is ever printed.
extension SharedBytes: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(count) bytes" }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
