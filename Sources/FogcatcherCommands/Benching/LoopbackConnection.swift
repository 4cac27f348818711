#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A kept-alive HTTP/1.1 connection to 127.0.0.1, one request at a time, on plain blocking calls: next to nothing but copying bytes.
///
/// Understands what a node answers: a length, no chunks. Belongs to one thread.
final class LoopbackConnection {
  struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }

    init(call: String) { self.init(errno == EAGAIN ? "no answer in time" : "\(call): \(String(cString: strerror(errno)))") }
  }

  /// The longest that one call waits for the other side.
  private static let timeoutSeconds = 30
  private static let bodyBytesMax = 256 << 20
  private static let headEnd = Array("\r\n\r\n".utf8)

  private let socketNumber: Int32
  private var received = [UInt8](repeating: 0, count: 64 << 10)
  private var bodyRange = 0..<0

  init(port: Int) throws(Failure) {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    socketNumber = socket(AF_INET, kind, 0)
    guard socketNumber >= 0 else { throw Failure(call: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let isConnected = withUnsafeBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { connect(socketNumber, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
    guard isConnected else {
      let failure = Failure(call: "connect")
      close(socketNumber)
      throw failure
    }
    setOptions()
  }

  deinit { close(socketNumber) }

  private func setOptions() {
    // The end of a body must not wait for the other side's delayed acknowledgement.
    var isOn: Int32 = 1
    setsockopt(socketNumber, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    var timeout = timeval(tv_sec: Self.timeoutSeconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(socketNumber, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  /// Sends a whole request and waits for the whole answer.
  /// - Returns: the status. The body is what ``withBody(_:)`` gives, until the next call.
  func exchange(_ request: [UInt8]) throws(Failure) -> Int {
    try write(request)
    return try readAnswer()
  }

  func get(_ path: String) throws(Failure) -> Int { try exchange(Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)) }

  func withBody<Result>(_ read: (UnsafeRawBufferPointer) -> Result) -> Result {
    received.withUnsafeBytes { read(UnsafeRawBufferPointer(rebasing: $0[bodyRange])) }
  }

  var bodyText: String { withBody { String(decoding: $0, as: UTF8.self) } }

  func bodyEquals(_ bytes: [UInt8]) -> Bool {
    withBody { body in
      bytes.withUnsafeBytes { wanted in
        guard body.count == wanted.count, let a = body.baseAddress, let b = wanted.baseAddress else { return body.count == wanted.count }
        return memcmp(a, b, body.count) == 0
      }
    }
  }

  private func write(_ bytes: [UInt8]) throws(Failure) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { systemSend(socketNumber, $0.baseAddress.map { $0 + sent }, $0.count - sent) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Failure(call: "send") }
      sent += count
    }
  }

  private func readAnswer() throws(Failure) -> Int {
    var filled = 0
    var head: (status: Int, bodyStart: Int, end: Int)?
    while true {
      if head == nil, let headCount = headCount(in: filled) { head = try parseHead(headCount) }
      if let head, filled >= head.end {
        bodyRange = head.bodyStart..<head.end
        return head.status
      }
      let room = max(head?.end ?? 0, filled + (16 << 10))
      if received.count < room { received += [UInt8](repeating: 0, count: room - received.count) }
      let count = received.withUnsafeMutableBytes { systemReceive(socketNumber, $0.baseAddress.map { $0 + filled }, $0.count - filled) }
      if count < 0 && errno == EINTR { continue }
      guard count != 0 else { throw Failure("the node closed the connection") }
      guard count > 0 else { throw Failure(call: "recv") }
      filled += count
    }
  }

  private func headCount(in filled: Int) -> Int? {
    guard filled >= 4 else { return nil }
    return (4...filled).first { received[$0 - 1] == 0x0A && received[$0 - 4..<$0].elementsEqual(Self.headEnd) }
  }

  private func parseHead(_ count: Int) throws(Failure) -> (status: Int, bodyStart: Int, end: Int) {
    let lines = String(decoding: received[..<count], as: UTF8.self).split(separator: "\r\n")
    let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { $0.split(separator: ":").last.flatMap { Int($0.drop { $0 == " " }) } }
    guard let status, let length, (0...Self.bodyBytesMax).contains(length) else {
      throw Failure("an answer without status or length: \(TextWidth.printable(String(lines.first ?? "")))")
    }
    return (status, count, count + length)
  }
}

private func systemSend(_ socket: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { send(socket, bytes, count, 0) }

private func systemReceive(_ socket: Int32, _ memory: UnsafeMutableRawPointer?, _ count: Int) -> Int { recv(socket, memory, count, 0) }
