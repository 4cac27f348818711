import NIOCore

/// Gives NIO buffers of the size that the connection wants at the moment: reads are small until somebody has use for more, so that a
/// thousand waiting connections hold a thousand small buffers.
final class ReceiveBufferSize: @unchecked Sendable {  // safe: it belongs to one channel and is only used on its event loop
  var bytes = IntakeStateMachine.ReadSize.header.rawValue
}

/// NIO keeps one buffer a connection for the small reads, which is used again and again. A large one is made for each read and goes with it:
/// kept, it would be memory for each connection that was ever busy.
///
/// NIO's pool takes its stored buffer, whatever its size, unless ``record(actualReadBytes:)`` says that the next one may be larger.
struct ReceiveBufferAllocator: RecvByteBufferAllocator {
  let size: ReceiveBufferSize

  func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: size.bytes) }

  mutating func record(actualReadBytes: Int) -> Bool { true }

  /// Nil is a buffer of its own.
  func nextBufferSize() -> Int? { size.bytes == IntakeStateMachine.ReadSize.header.rawValue ? size.bytes : nil }
}
