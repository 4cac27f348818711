import FaceEvents
import Hummingbird
import NIOCore

/// The body of an answer, cut into pieces that sockets like. Whoever takes them decides when the next may come.
struct ExportOutput {
  static let pieceBytes = 64 << 10

  private var writer: Writer
  /// Is told how far it is.
  private let slot: ExportSlots.Slot?
  private var pending: [UInt8] = []
  /// Of everything appended so far.
  private(set) var byteCount: UInt64 = 0

  init(_ writer: any ResponseBodyWriter, slot: ExportSlots.Slot? = nil) {
    self.writer = Writer(base: writer)
    self.slot = slot
    pending.reserveCapacity(Self.pieceBytes)
  }

  mutating func append(_ bytes: [UInt8]) async throws {
    try await append(byteCount: bytes.count) { pending, range in pending += bytes[range] }
  }

  mutating func append(_ bytes: SharedBytes) async throws {
    try await append(byteCount: bytes.count) { pending, range in
      bytes[range].withUnsafeBytes { pending.append(contentsOf: $0) }
    }
  }

  private mutating func append(byteCount: Int, _ copy: (inout [UInt8], Range<Int>) -> Void) async throws {
    self.byteCount += UInt64(byteCount)
    var start = 0
    while start < byteCount {
      let end = min(byteCount, start + Self.pieceBytes - pending.count)
      copy(&pending, start..<end)
      start = end
      if pending.count >= Self.pieceBytes { try await flush() }
    }
  }

  /// So many events more have been appended.
  func count(events: Int) { slot?.advance(events: events) }

  private mutating func flush() async throws {
    guard !pending.isEmpty else { return }
    try await writer.write(ByteBuffer(bytes: pending))
    slot?.advance(bytes: pending.count)
    pending.removeAll(keepingCapacity: true)
  }

  mutating func finish() async throws {
    try await flush()
    try await writer.finish()
  }
}

/// Hummingbird's writers are not declared sendable, and leave their caller's executor.
private struct Writer: @unchecked Sendable {  // safe: one task writes, one piece after the other
  var base: any ResponseBodyWriter

  @concurrent mutating func write(_ buffer: ByteBuffer) async throws { try await base.write(buffer) }

  @concurrent func finish() async throws { try await base.finish(nil) }
}
