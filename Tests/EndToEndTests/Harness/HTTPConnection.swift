import Glibc

/// HTTP/1.1 from the client's side, one request after the other or several ahead; notices an answer that comes before the body is sent.
final class HTTPConnection {
  let socket: Socket
  private var input: [UInt8] = []
  private var isAtEnd = false

  init(port: UInt16) throws { socket = try Socket(port: port) }

  /// - Throws: ``Socket/Outcome`` when there is no whole response, ``Failure`` when it is not HTTP.
  func exchange(_ request: HTTPRequest, within duration: Duration = .seconds(30)) throws -> HTTPResponse {
    let deadline = Deadline(duration)
    try socket.send(request.head, deadline: deadline)
    if request.expectsContinue {
      let first = try response(toMethod: request.method, deadline)
      if first.status != 100 { return first }
    }
    try sendUnlessAnswered(request.payload, deadline)
    return try finalResponse(toMethod: request.method, deadline)
  }

  func finalResponse(toMethod method: String = "POST", _ deadline: Deadline = .after(seconds: 30)) throws -> HTTPResponse {
    while true {
      let response = try response(toMethod: method, deadline)
      if response.status != 100 { return response }
    }
  }

  /// Stops when something comes back: the answer is there before the body was wanted.
  func sendUnlessAnswered(_ bytes: [UInt8], from start: Int = 0, _ deadline: Deadline) throws {
    try bytes.withUnsafeBytes { bytes in
      var sent = start
      while sent < bytes.count {
        let ready = try socket.wait(for: POLLIN | POLLOUT, deadline)
        if ready & Int16(POLLIN) != 0 { return }
        if ready & Int16(POLLERR | POLLHUP) != 0, ready & Int16(POLLOUT) == 0 { throw Socket.Outcome.closed }
        sent += try socket.write(UnsafeRawBufferPointer(rebasing: bytes[sent..<min(sent + 262_144, bytes.count)]))
      }
    }
  }

  /// The next response, also an interim one.
  func response(toMethod method: String = "POST", _ deadline: Deadline) throws -> HTTPResponse {
    var response = try head(deadline)
    guard method != "HEAD", response.status >= 200, response.status != 204, response.status != 304 else { return response }
    if response.fields["transfer-encoding"]?.lowercased() == "chunked" {
      response.body = try chunkedBody(deadline)
    } else if let length = response.fields["content-length"] {
      guard let count = Int(length) else { throw Failure("content-length \(length)") }
      response.body = try take(count, deadline)
    } else {
      while try fill(deadline) {}
      response.body = input
      input = []
    }
    return response
  }

  private func head(_ deadline: Deadline) throws -> HTTPResponse {
    let lines = try takeUntil("\r\n\r\n", deadline).split(separator: "\r\n")
    let start = (lines.first ?? "").split(separator: " ", maxSplits: 2)
    guard start.count >= 2, start[0].hasPrefix("HTTP/1."), let status = Int(start[1]) else { throw Failure("not a status line") }
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { throw Failure("not a field") }
      fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].drop { $0 == " " }.description
    }
    return HTTPResponse(status: status, fields: fields)
  }

  private func chunkedBody(_ deadline: Deadline) throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let size = try takeUntil("\r\n", deadline).prefix { $0 != ";" }
      guard let count = Int(size, radix: 16) else { throw Failure("not a chunk size") }
      guard count > 0 else {
        while try takeUntil("\r\n", deadline) != "" {}
        return body
      }
      body += try take(count, deadline)
      _ = try take(2, deadline)
    }
  }

  private func takeUntil(_ mark: String, _ deadline: Deadline) throws -> String {
    let mark = Array(mark.utf8)
    while true {
      if let range = input.firstRange(of: mark) {
        let text = String(decoding: input[..<range.lowerBound], as: UTF8.self)
        input.removeFirst(range.upperBound)
        return text
      }
      guard input.count < 1 << 20 else { throw Failure("a line without an end") }
      guard try fill(deadline) else { throw Socket.Outcome.closed }
    }
  }

  private func take(_ count: Int, _ deadline: Deadline) throws -> [UInt8] {
    while input.count < count {
      guard try fill(deadline) else { throw Socket.Outcome.closed }
    }
    defer { input.removeFirst(count) }
    return Array(input.prefix(count))
  }

  /// - Returns: false at the end of input.
  private func fill(_ deadline: Deadline) throws -> Bool {
    if isAtEnd { return false }
    let bytes = try socket.receive(deadline: deadline)
    isAtEnd = bytes.isEmpty
    input += bytes
    return !isAtEnd
  }

  /// Whether the other side has closed, waiting for it if need be; what it still sends is dropped.
  func isClosed(within duration: Duration) -> Bool {
    let deadline = Deadline(duration)
    do {
      while try fill(deadline) { input.removeAll() }
      return true
    } catch {
      return error as? Socket.Outcome == .closed
    }
  }
}
