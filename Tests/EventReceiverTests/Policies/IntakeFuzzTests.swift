import EventCoding
import FaceEvents
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import EventReceiver

/// Connections that send requests in random pieces, ahead of the answers and past the memory there is. Whatever the order of things, every
/// request arrives whole, once and in order.
@Suite("The intake under random histories")
struct IntakeFuzzTests {
  @Test("Every request that is sent is handed on whole, once and in order", arguments: UInt64(0)..<60)
  func conserves(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    // Nothing is understood, so that everything is handed on.
    let fixture = ReceiverFixture {
      $0.bodiesInFlightBytesMax = 12_000
      $0.bodyBytesMax = 9_000
      $0.otherBodyBytesMax = 9_000
    } decode: { _ in
      DecodedRequest(isArray: false, elements: [.failure(DecodingError(code: .malformed, message: "test", body: .empty))])
    }
    let admission = fixture.receiver.admission
    let peers = try (0..<4).map { _ in try Peer(receiver: fixture.receiver, random: &random) }
    for _ in 0..<3000 {
      let peer = peers[Int.random(in: 0..<peers.count, using: &random)]
      try peer.doSomething(random: &random)
      #expect(admission.bytesInUse <= 12_000)
    }
    // Everybody sends the rest, and shuts its side down.
    for _ in 0..<1000 where peers.contains(where: { !$0.isDone }) {
      for peer in peers { try peer.answer() }
    }
    for (number, peer) in peers.enumerated() {
      #expect(peer.recorder.bodies == peer.sent, "seed \(seed), connection \(number)")
      #expect(peer.recorder.refusals.isEmpty, "seed \(seed), connection \(number)")
      peer.close()
    }
    #expect(admission.bytesInUse == 0 && admission.waitingCount == 0, "seed \(seed)")
  }
}

/// One connection: what it will send, cut into parts, and what arrived.
private final class Peer {
  let channel = EmbeddedChannel()
  let recorder: Recorder
  private let socket = Socket()
  private(set) var sent: [[UInt8]] = []
  private var parts: [HTTPServerRequestPart] = []
  private var hasEnded = false

  init(receiver: EventReceiver, random: inout SeededRandom) throws {
    var limits = IntakeStateMachineTests.limits
    limits.probationBytes = 100
    limits.unreservedLengthMax = 400
    let environment = IntakeEnvironment(receiver, limits: limits)
    let connection = IntakeConnection(peerAddress: "192.0.2.1")
    recorder = Recorder(connection: connection)
    let handler = IntakeHandler(environment: environment, connection: connection, valve: IntakeValve(), readSize: ReceiveBufferSize())
    try channel.pipeline.syncOperations.addHandlers([socket, handler, recorder])
    try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
    for _ in 0..<Int.random(in: 1...12, using: &random) { add(random: &random) }
  }

  private func add(random: inout SeededRandom) {
    let size = [0, 10, 400, 401, 3_000, 9_000].randomElement(using: &random) ?? 0
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ sent.count) }
    var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/HistoryEvent")
    if Bool.random(using: &random) {
      head.headers.add(name: "Content-Length", value: String(size))
    } else {
      head.headers.add(name: "Transfer-Encoding", value: "chunked")
    }
    sent.append(body)
    parts.append(.head(head))
    var rest = body[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...3_000, using: &random))
      parts.append(.body(ByteBuffer(bytes: piece)))
      rest = rest.dropFirst(piece.count)
    }
    parts.append(.end(nil))
  }

  var isDone: Bool { parts.isEmpty && recorder.bodies.count == sent.count && !recorder.isWaiting }

  func doSomething(random: inout SeededRandom) throws {
    switch Int.random(in: 0..<4, using: &random) {
    case 0, 1: send(Int.random(in: 1...4, using: &random))
    case 2: try answer()
    default: channel.embeddedEventLoop.run()
    }
  }

  /// Some parts as of one read, if the intake wants the socket to be read.
  private func send(_ count: Int) {
    guard !parts.isEmpty, socket.isWanted else { return }
    socket.isWanted = false
    for part in parts.prefix(count) { channel.pipeline.syncOperations.fireChannelRead(NIOAny(part)) }
    parts.removeFirst(min(count, parts.count))
    channel.pipeline.syncOperations.fireChannelReadComplete()
    channel.pipeline.syncOperations.read()
  }

  func answer() throws {
    channel.embeddedEventLoop.run()
    if recorder.isWaiting { recorder.answer() }
    channel.embeddedEventLoop.run()
    send(3)
    if parts.isEmpty, !hasEnded {
      hasEnded = true
      channel.pipeline.syncOperations.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }
  }

  func close() {
    _ = try? channel.finish(acceptAlreadyClosed: true)
  }
}

/// Stands for the program behind the intake: notes what is handed on.
private final class Recorder: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let connection: IntakeConnection
  private var held: ReceivedBody?
  private var context: ChannelHandlerContext?
  private(set) var bodies: [[UInt8]] = []
  private(set) var refusals: [IntakeRefusal] = []
  private(set) var isWaiting = false

  init(connection: IntakeConnection) {
    self.connection = connection
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .end = unwrapInboundIn(data) else { return }
    #expect(!isWaiting, "a request came before the answer to the one before")
    isWaiting = true
    switch connection.take()?.outcome {
    case .complete(let body), .decoded(_, let body):
      held = body
      bodies.append(body.storage.map { Array($0.bytes) } ?? [])
    case .refused(let refusal, _): refusals.append(refusal)
    case nil: Issue.record("a request came with nothing")
    }
  }

  func answer() {
    held = nil
    isWaiting = false
    guard let context else { return }
    context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .ok))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}

/// Stands for the socket: notes when it is to be read.
private final class Socket: ChannelOutboundHandler {
  typealias OutboundIn = HTTPServerResponsePart

  var isWanted = true

  func read(context: ChannelHandlerContext) { isWanted = true }
}
