import ArgumentParser
import AsyncHTTPClient
import FaceEvents
import Logging
import NIOCore
import ServiceLifecycle

/// Where the commands that steer a node find it.
struct AdministrationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Data directory (default: as for serve).", valueName: "directory")) var data: String?
  @Option(help: ArgumentHelp("Settings file, for the data directory.", valueName: "file")) var config: String?

  /// Lets `body` work on the node: on the running one through its socket, else on the data directory itself, which nobody else may use
  /// meanwhile.
  ///
  /// - Parameter makesData: whether a data directory is made where there is none.
  func withNode<Result>(makesData: Bool = false, _ body: (any Forwarding, any QuarantineDesk) async throws -> Result) async throws -> Result
  {
    let directory = try dataDirectory
    do {
      if let result = try await withRunningNode(directory, body) { return result }
      guard makesData || OpenData.exists(in: directory) else {
        throw CommandFailure("there is no data in \(directory); name the data directory of the node with --data", code: .storage)
      }
      return try await withStoppedNode(directory, body)
    } catch let error as ForwardingError {
      throw CommandFailure(error)
    } catch let error as StorageError {
      throw CommandFailure(error)
    }
  }

  private var loader: SettingsLoader {
    SettingsLoader(flags: data.map { ["data": [$0]] } ?? [:], file: config, environment: ProcessEnvironment.variables)
  }

  private var dataDirectory: String {
    get throws {
      do { return try loader.dataDirectory() } catch { throw CommandFailure(error) }
    }
  }

  /// - Returns: nil when no node answers.
  private func withRunningNode<Result>(
    _ directory: String, _ body: (any Forwarding, any QuarantineDesk) async throws -> Result
  ) async throws -> Result? {
    let socket = AdminSocket(dataDirectory: directory)
    guard socket.problem == nil, socket.exists else { return nil }
    var configuration = HTTPClient.Configuration()
    configuration.timeout.connect = .seconds(5)
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let result: Swift.Result<Result?, any Error>
    do {
      let node = RemoteNode(client: client, socket: socket)
      result = .success(await node.program() == nil ? nil : try await body(node, node))
    } catch { result = .failure(error) }
    try await client.shutdown()
    return try result.get()
  }

  private func withStoppedNode<Result>(
    _ directory: String, _ body: (any Forwarding, any QuarantineDesk) async throws -> Result
  ) async throws -> Result {
    // What is wrong with other settings matters to `serve` alone.
    var settings = (try? loader.load())?.settings ?? ServeSettings()
    settings.dataDirectory = directory
    let data: OpenData
    do throws(StorageError) {
      data = try await OpenData.open(settings, command: "fogcatcher, on the data directory itself")
    } catch {
      guard case .locked(let text) = error else { throw error }
      let why = AdminSocket(dataDirectory: directory).problem ?? "it does not answer on its admin socket; if it is starting, try again"
      throw StorageError.locked("\(text). A running node would be asked: \(why)")
    }
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await StoppedNode(data: data, settings: settings).run(body)) } catch { result = .failure(error) }
    try await data.close()
    return try result.get()
  }
}

extension CommandFailure {
  init(_ error: ForwardingError) {
    switch error {
    case .storage(let error): self.init(error)
    case .invalid, .noSuchTarget: self.init("\(error)")
    }
  }
}
