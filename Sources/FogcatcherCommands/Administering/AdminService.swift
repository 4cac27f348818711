import Console
import FaceEvents
import Hummingbird
import Logging
import ServiceLifecycle

/// Answers the command line on ``AdminSocket``. A node that cannot have the socket receives and forwards all the same.
struct AdminService: Service {
  let socket: AdminSocket
  let api: AdminAPI
  let logger: Logger

  func run() async throws {
    if let problem = socket.problem {
      logger.warning("the command line cannot steer this node: \(problem)")
      return try await gracefulShutdown()
    }
    socket.remove()
    let router = Router()
    api.addRoutes(to: router)
    var quiet = logger
    quiet.logLevel = .critical
    let application = Application(
      router: router, configuration: ApplicationConfiguration(address: .unixDomainSocket(path: socket.path)),
      onServerRunning: { _ in socket.restrict() }, logger: quiet)
    do {
      try await application.run()
      socket.remove()
    } catch {
      logger.warning("the command line cannot steer this node: \(socket.path) cannot be listened on", metadata: ["cause": "\(error)"])
      try await gracefulShutdown()
    }
  }
}
