public import FaceEvents
import FoundationEssentials
import HTTPTypes
public import Hummingbird
import NIOCore

/// What the command line asks of a running node. Whoever may reach these routes may do everything: they belong on a socket that only the
/// owner of the data can open.
public struct AdminAPI: Sendable {
  private let forwarding: any Forwarding
  private let quarantine: any QuarantineDesk
  private let program: String

  /// - Parameter program: name and version, for whoever asks.
  public init(forwarding: any Forwarding, quarantine: any QuarantineDesk, program: String) {
    self.forwarding = forwarding
    self.quarantine = quarantine
    self.program = program
  }

  public func addRoutes<Context: RequestContext>(to router: Router<Context>) {
    add(AdminCalls.program, router) { _ in program }
    addTargets(router)
    addParked(router)
    addQuarantine(router)
  }

  private func addTargets(_ router: Router<some RequestContext>) {
    add(AdminCalls.targets, router) { _ in try await forwarding.targets() }
    add(AdminCalls.checkTarget, router) {
      try await forwarding.check($0)
      return AdminNothing()
    }
    add(AdminCalls.saveTarget, router) { input in
      try await forwarding.save(input.target, start: input.start)
      return AdminNothing()
    }
    add(AdminCalls.removeTarget, router) { id in
      try await forwarding.removeTarget(id)
      return AdminNothing()
    }
    add(AdminCalls.pauseTarget, router) { input in
      try await forwarding.pauseTarget(input.id, reason: input.reason)
      return AdminNothing()
    }
    add(AdminCalls.resumeTarget, router) { id in
      try await forwarding.resumeTarget(id)
      return AdminNothing()
    }
    add(AdminCalls.restartTarget, router) { input in
      try await forwarding.restartTarget(input.id, at: input.start)
      return AdminNothing()
    }
    add(AdminCalls.testTarget, router) { try await forwarding.testTarget($0.id, event: $0.event.map(Array.init)) }
    add(AdminCalls.backlog, router) { _ in try await forwarding.backlog() }
  }

  private func addParked(_ router: Router<some RequestContext>) {
    add(AdminCalls.parked, router) { try await forwarding.parked(target: $0.target, after: $0.after, limit: $0.limit) }
    add(AdminCalls.replayParked, router) { try await forwarding.replayParked(target: $0.target, sequences: $0.sequences) }
    add(AdminCalls.dropParked, router) { try await forwarding.dropParked(target: $0.target, sequences: $0.sequences) }
  }

  private func addQuarantine(_ router: Router<some RequestContext>) {
    add(AdminCalls.quarantineEntries, router) { try await quarantine.quarantineEntries(after: $0.after, limit: $0.limit) }
    add(AdminCalls.quarantineEntry, router) { try await quarantine.quarantineEntry($0) }
    add(AdminCalls.quarantinedBody, router) {
      try await quarantine.quarantinedBody($0.id, bytesMax: $0.bytesMax).map { $0.withUnsafeBytes { Data($0) } }
    }
    add(AdminCalls.resubmit, router) {
      try await quarantine.resubmitQuarantined($0.id, body: $0.body.map(Array.init), contentType: $0.contentType)
    }
    add(AdminCalls.dropQuarantined, router) { try await quarantine.dropQuarantined($0) }
  }

  private func add<Input, Output>(
    _ call: AdminCall<Input, Output>, _ router: Router<some RequestContext>,
    perform: @escaping @Sendable (Input) async throws -> Output
  ) {
    router.post(RouterPath("/admin/" + call.path)) { request, _ in
      let body = try await request.body.collect(upTo: AdminCalls.requestBytesMax)
      guard let input = try? JSONDecoder().decode(Input.self, from: Data(body.readableBytesView)) else {
        throw HTTPError(.badRequest, message: "the command and the running node are of different versions")
      }
      do {
        return try Response.json(try await perform(input))
      } catch let error as ForwardingError {
        return try Response.json(error, status: error.status)
      } catch let error as StorageError {
        return try Response.json(ForwardingError.storage(error), status: .serviceUnavailable)
      }
    }
  }
}

extension ForwardingError {
  fileprivate var status: HTTPResponse.Status {
    switch self {
    case .noSuchTarget: .notFound
    case .invalid: .unprocessableContent
    case .storage: .serviceUnavailable
    }
  }
}
