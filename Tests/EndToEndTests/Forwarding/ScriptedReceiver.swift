import Glibc
import Synchronization

/// A receiver that behaves as badly as the test wants, and remembers which events it took.
final class ScriptedReceiver: Sendable {
  enum Act: Sendable {
    case answer(Int, [String] = [], String = #"{"status":0,"message":"SUCCESS"}"#)
    /// Takes the event and ends the connection before the answer.
    case takeAndDie
    /// Ends the connection in the middle of the answer.
    case dieAnswering
    /// Says nothing for as long as the other side waits.
    case hang
  }

  /// Told the number of the request, from 0, and the id it came with.
  typealias Script = @Sendable (Int, String) -> Act

  let port: UInt16
  private let listener: Int32
  /// A function by itself, read out of a `Mutex`, is wrapped once more each time; ten thousand wrappers overflow the stack of whoever frees them.
  private struct Scripted {
    var act: Script
  }

  private let script: Mutex<Scripted>
  private let state = Mutex((requests: 0, taken: [String: Int]()))
  private let isClosed = Mutex(false)

  init(_ script: @escaping Script) throws {
    self.script = Mutex(Scripted(act: script))
    port = try Ports.free()
    listener = try Listening.socket(on: port)
    Threads().start { [self] in accept() }
  }

  var url: String { "http://127.0.0.1:\(port)/HistoryEvent" }
  var requests: Int { state.withLock(\.requests) }
  /// How often each event was answered with 2xx, or taken without an answer.
  var taken: [String: Int] { state.withLock(\.taken) }

  func say(_ script: @escaping Script) { self.script.withLock { $0.act = script } }

  func close() {
    isClosed.withLock { $0 = true }
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func accept() {
    while !isClosed.withLock({ $0 }) {
      let descriptor = Glibc.accept(listener, nil, nil)
      guard descriptor >= 0 else { continue }
      Threads().start { [self] in
        while serve(descriptor) {}
        Glibc.close(descriptor)
      }
    }
    Glibc.close(listener)
  }

  /// - Returns: whether another request may follow.
  private func serve(_ descriptor: Int32) -> Bool {
    guard let key = readRequest(descriptor) else { return false }
    let number = state.withLock { state in
      state.requests += 1
      return state.requests - 1
    }
    switch script.withLock({ $0.act })(number, key) {
    case .answer(let status, let fields, let body):
      if (200..<300).contains(status) { take(key) }
      let head = ["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)"] + fields
      return write(descriptor, head.joined(separator: "\r\n") + "\r\n\r\n" + body)
    case .takeAndDie:
      take(key)
      return false
    case .dieAnswering:
      _ = write(descriptor, "HTTP/1.1 200 OK\r\nContent-Le")
      return false
    case .hang:
      var byte: UInt8 = 0
      _ = recv(descriptor, &byte, 1, 0)
      return false
    }
  }

  private func take(_ key: String) { state.withLock { $0.taken[key, default: 0] += 1 } }

  /// - Returns: its `Idempotency-Key`, once the whole body is there.
  private func readRequest(_ descriptor: Int32) -> String? {
    var bytes: [UInt8] = []
    var headLength: Int?
    var bodyLength = 0
    var key = ""
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      if headLength == nil, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        headLength = end.upperBound
        for line in String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n") {
          let parts = line.split(separator: ":", maxSplits: 1).map { $0.drop { $0 == " " } }
          guard parts.count == 2 else { continue }
          if parts[0].lowercased() == "content-length" { bodyLength = Int(parts[1]) ?? 0 }
          if parts[0].lowercased() == "idempotency-key" { key = String(parts[1]) }
        }
      }
      if let headLength, bytes.count >= headLength + bodyLength { return key }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
    }
  }

  private func write(_ descriptor: Int32, _ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) } == bytes.count
  }
}
