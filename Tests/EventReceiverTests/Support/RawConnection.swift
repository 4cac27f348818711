import NIOCore
import NIOPosix

/// A connection that writes exactly the bytes it is told to and reads answers one by one.
struct RawConnection {
  private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private let channel: any Channel
  private var buffer = ByteBuffer()

  struct Answer {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: String

    func contains(_ text: String) -> Bool { body.contains(text) }
  }

  /// The connection ended before an answer was complete; `rest` is what came.
  struct Ended: Error { var rest: String }

  /// Connects, runs `body`, and closes. A test that waits for ever fails after `timeout`.
  static func with<Value: Sendable>(
    port: Int, timeout: TimeAmount = .seconds(300), _ body: (inout RawConnection) async throws -> Value
  ) async throws -> Value {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
      }
    let timer = channel.channel.eventLoop.scheduleTask(in: timeout) { channel.channel.close(promise: nil) }
    defer { timer.cancel() }
    return try await channel.executeThenClose { inbound, outbound in
      var connection = RawConnection(iterator: inbound.makeAsyncIterator(), outbound: outbound, channel: channel.channel)
      return try await body(&connection)
    }
  }

  func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

  func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

  /// Returns when the kernel has the bytes: `send` only hands them over,
  /// and on a busy machine hands over megabytes before any leaves.
  func sendNow(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

  /// Nothing more will be sent; answers can still be read.
  func finish() { outbound.finish() }

  mutating func answer() async throws -> Answer {
    while true {
      if let answer = takeAnswer() { return answer }
      guard let more = try await iterator.next(isolation: #isolation) else { throw Ended(rest: String(buffer: buffer)) }
      buffer.writeImmutableBuffer(more)
    }
  }

  /// Everything up to the end of the connection; false when it was reset.
  mutating func endsQuietly() async -> Bool {
    do {
      while let more = try await iterator.next(isolation: #isolation) { buffer.writeImmutableBuffer(more) }
      return buffer.readableBytes == 0
    } catch {
      return false
    }
  }

  private mutating func takeAnswer() -> Answer? {
    let text = String(buffer: buffer)
    guard let end = text.utf8Range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].split(separator: "\r\n", omittingEmptySubsequences: false)
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    let headerBytes = text[..<end.upperBound].utf8.count
    let bodyBytes = headers["content-length"].flatMap { Int($0) } ?? 0
    guard buffer.readableBytes >= headerBytes + bodyBytes else { return nil }
    buffer.moveReaderIndex(forwardBy: headerBytes)
    let body = buffer.readString(length: bodyBytes) ?? ""
    return Answer(status: status, headers: headers, body: body)
  }
}

extension String {
  fileprivate func utf8Range(of part: String) -> Range<Index>? {
    let wanted = Array(part.utf8)
    var start = utf8.startIndex
    while start < utf8.endIndex {
      if utf8[start...].starts(with: wanted) { return start..<utf8.index(start, offsetBy: wanted.count) }
      utf8.formIndex(after: &start)
    }
    return nil
  }
}

/// A POST as it goes over the wire.
func post(_ path: String = "/HistoryEvent", _ body: String, headers: [String] = []) -> String {
  let fields = ["Host: localhost", "Content-Length: \(body.utf8.count)"] + headers
  return "POST \(path) HTTP/1.1\r\n" + fields.joined(separator: "\r\n") + "\r\n\r\n" + body
}

/// An event of an invented person, different for each number.
func eventJSON(_ number: Int = 1, padding: Int = 0) -> String {
  let filler = padding > 0 ? #","note":"\#(String(repeating: "x", count: padding))""# : ""
  return #"{"identity_id":"E-\#(number)","identity_name":"Lin Muster","timestamp":\#(1_709_626_502_345 + number),"score":0.71"#
    + #","dev_sno":"BOX-1"\#(filler)}"#
}
