import NIOCore

/// Gives NIO buffers of the size that the connection wants at the moment: reads are small until somebody has use for more, so that a
/// thousand waiting connections hold a thousand small buffers.
///
/// Safe as `@unchecked Sendable`: it belongs to one channel and is only used on its event loop.
final class ReceiveBufferSize: @unchecked Sendable {  // safe: see above
  var bytes = IntakeStateMachine.ReadSize.header.rawValue
}

struct ReceiveBufferAllocator: RecvByteBufferAllocator {
  let size: ReceiveBufferSize

  func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: size.bytes) }

  mutating func record(actualReadBytes: Int) -> Bool { false }

  /// Nil keeps NIO from holding on to a buffer between reads.
  func nextBufferSize() -> Int? { nil }
}
