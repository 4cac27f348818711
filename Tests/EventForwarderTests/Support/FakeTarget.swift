import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on a port of its own that says what the test wants it to say, and remembers what it got.
final class FakeTarget: Sendable {
  struct Request: Sendable {
    var path: String
    var headers: HTTPHeaders
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var key: String? { header("Idempotency-Key") }

    func header(_ name: String) -> String? { headers.first(name: name) }
  }

  enum Reply: Sendable {
    case status(Int, headers: [(String, String)] = [], body: String = #"{"status":0,"message":"SUCCESS"}"#)
    /// Never, as long as the connection lasts.
    case nothing
    case close
  }

  typealias Script = @Sendable (Request, Int) -> Reply

  /// A function by itself, read out of a `Mutex`, is wrapped once more each time; ten thousand wrappers overflow the stack of whoever frees them.
  private struct Scripted {
    var reply: Script
  }

  private let script: Mutex<Scripted>
  private let received = Mutex<[Request]>([])
  private let channel = Mutex<(any Channel)?>(nil)

  /// - Parameter script: told the request, and how many came before it.
  init(_ script: @escaping Script = { _, _ in .status(200) }) async throws {
    self.script = Mutex(Scripted(reply: script))
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Handler { self.answer($0) })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    self.channel.withLock { $0 = channel }
  }

  var port: Int { channel.withLock { $0?.localAddress?.port ?? 0 } }
  var url: String { "http://127.0.0.1:\(port)/HistoryEvent" }
  var requests: [Request] { received.withLock { $0 } }

  func say(_ script: @escaping Script) { self.script.withLock { $0.reply = script } }

  func stop() async { try? await channel.withLock { $0 }?.close().get() }

  private func answer(_ request: Request) -> Reply {
    let number = received.withLock { received in
      received.append(request)
      return received.count - 1
    }
    return script.withLock({ $0.reply })(request, number)
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: (Request) -> Reply
    private var request: Request?

    init(_ answer: @escaping (Request) -> Reply) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): request = Request(path: head.uri, headers: head.headers, body: [])
      case .body(let part): request?.body.append(contentsOf: part.readableBytesView)
      case .end:
        guard let request else { return }
        switch answer(request) {
        case .nothing: break
        case .close: context.close(promise: nil)
        case .status(let status, let headers, let body):
          var fields = HTTPHeaders(headers)
          fields.add(name: "Content-Length", value: "\(body.utf8.count)")
          let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: fields)
          context.write(wrapOutboundOut(.head(head)), promise: nil)
          context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
          context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
      }
    }
  }
}
