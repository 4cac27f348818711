public import FaceEvents
import ServiceLifecycle

extension EventForwarder: Forwarding {
  public func targets() async throws(ForwardingError) -> [ForwardTarget] {
    try await storing { () async throws(StorageError) in try await services.targets.targets() }
  }

  public func check(_ target: ForwardTarget) async throws(ForwardingError) {
    do { try target.validate() } catch { throw .invalid(error) }
    for (number, text) in target.urls.enumerated() {
      guard let url = TargetURL(text), await own.include(url) else { continue }
      throw .invalid(
        TargetProblem(
          field: "urls[\(number)]", message: "is this node itself: its events would come back for ever; give the URL of another receiver"))
    }
    do { try TargetClient.check(target) } catch { throw .invalid(error) }
  }

  public func save(_ target: ForwardTarget, start: TargetStart) async throws(ForwardingError) {
    try await check(target)
    try await storing { () async throws(StorageError) in
      try await load()
      try await services.targets.save(target, start: start)
    }
    if let handle = handle(target.id) { handle.change { $0 = target } } else { add(target) }
    sortOut()
  }

  public func removeTarget(_ id: String) async throws(ForwardingError) {
    try await whileHeld(id) { () async throws(StorageError) -> Bool in
      let isThere = try await services.targets.removeTarget(id)
      services.cursors.forget(id)
      // Before anybody delivers again: without its cursor it would begin with the first event.
      handle(id)?.remove()
      return isThere
    }
    forget(id)
  }

  public func pauseTarget(_ id: String, reason: String) async throws(ForwardingError) {
    try await set(TargetPause(reason: reason, at: services.clock.wall(), isAutomatic: false), of: id)
  }

  public func resumeTarget(_ id: String) async throws(ForwardingError) { try await set(nil, of: id) }

  public func restartTarget(_ id: String, at start: TargetStart) async throws(ForwardingError) {
    try await whileHeld(id) { () async throws(StorageError) in try await services.cursors.restart(id, at: start) }
  }

  public func parked(target: String?, after sequence: Int64, limit: Int) async throws(ForwardingError) -> [ParkedEvent] {
    try await storing { () async throws(StorageError) in
      try await services.targets.parked(target: target, after: sequence, limit: limit)
    }
  }

  public func replayParked(target: String, sequences: [Int64]?) async throws(ForwardingError) -> Int {
    try await require(target)
    let count = try await storing { () async throws(StorageError) in
      try await services.targets.replayParked(target: target, sequences: sequences)
    }
    handle(target)?.signal.raise()
    return count
  }

  public func dropParked(target: String, sequences: [Int64]?) async throws(ForwardingError) -> Int {
    try await require(target)
    return try await storing { () async throws(StorageError) in
      try await services.targets.dropParked(target: target, sequences: sequences)
    }
  }

  public func testTarget(_ id: String, event: [UInt8]?) async throws(ForwardingError) -> [TargetAnswer] {
    guard let target = try await targets().first(where: { $0.id == id }) else { throw .noSuchTarget(id) }
    let client: TargetClient
    do { client = try TargetClient(target, userAgent: services.userAgent) } catch { throw .invalid(error) }
    let body: [UInt8]
    if let event { body = event } else { body = await services.status.report() }
    var answers: [TargetAnswer] = []
    for url in target.urls.compactMap(TargetURL.init) {
      // The node does not wait for a target's timeout when it is told to stop.
      answers.append(await cancelWhenGracefulShutdown { [self] in await test(client, body, target.format, url) })
    }
    await client.shutdown()
    return answers
  }

  private func test(_ client: TargetClient, _ json: [UInt8], _ format: TargetFormat, _ url: TargetURL) async -> TargetAnswer {
    let start = services.clock.monotonic()
    let (body, contentType) = TargetClient.body(json, format)
    var answer = TargetAnswer(url: TargetURL.masked(url.text), httpStatus: nil, headers: [], body: [], failure: nil, milliseconds: 0)
    do {
      let got = try await client.post(body, contentType: contentType, to: url)
      answer.httpStatus = got.status
      answer.headers = got.headers.map { TargetHeader(name: $0.name, value: $0.value) }
      answer.body = got.body
    } catch {
      answer.failure = error.text
    }
    answer.milliseconds = Int((services.clock.monotonic() - start) / .milliseconds(1))
    return answer
  }

  private func set(_ pause: TargetPause?, of id: String) async throws(ForwardingError) {
    let isThere = try await storing { () async throws(StorageError) in
      try await load()
      return try await services.targets.setPause(pause, ofTarget: id)
    }
    guard isThere else { throw .noSuchTarget(id) }
    handle(id)?.change { $0.pause = pause }
  }

  private func require(_ id: String) async throws(ForwardingError) {
    guard try await targets().contains(where: { $0.id == id }) else { throw .noSuchTarget(id) }
  }

  private func whileHeld(_ id: String, _ body: () async throws(StorageError) -> Bool) async throws(ForwardingError) {
    try await storing { () async throws(StorageError) in try await load() }
    guard let handle = handle(id) else { throw .noSuchTarget(id) }
    let result = await handle.held { () async -> Result<Bool, StorageError> in
      do throws(StorageError) { return .success(try await body()) } catch { return .failure(error) }
    }
    guard try await storing({ () throws(StorageError) in try result.get() }) else { throw .noSuchTarget(id) }
  }

  func storing<Value>(_ body: () async throws(StorageError) -> Value) async throws(ForwardingError) -> Value {
    do { return try await body() } catch { throw .storage(error) }
  }
}
