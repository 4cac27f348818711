import FaceEvents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Asks for events as a program would, the original and each picture, in random order, and compares every byte with what was sent.
struct BenchReading: Sendable {
  struct Figures: Sendable {
    var events = 0
    /// Of bodies of answers.
    var bytes: Int64 = 0
    var time = Duration.zero
    /// What is not as it was sent, or was not given.
    var failures: [String: Int] = [:]

    var failed: Int { failures.values.reduce(0, +) }
    var perSecond: Double { Double(events) / max(1e-9, time / .seconds(1)) }
    var bytesPerSecond: Double { Double(bytes) / max(1e-9, time / .seconds(1)) }
  }

  let events: BenchEvents
  let kept: [BenchLoad.Kept]
  var port: Int
  var connections: Int
  var duration: Duration
  let progress = BenchLoad.Progress()

  /// - Parameter kept: a random part of it is read when the time does not suffice for all.
  init(_ events: BenchEvents, _ kept: [BenchLoad.Kept], port: Int, connections: Int, duration: Duration) {
    self.events = events
    var random = SeededNumbers(seed: 1)
    self.kept = kept.shuffled(using: &random)
    self.port = port
    self.connections = connections
    self.duration = duration
  }

  func run(on threads: BenchThreads, stop: StopRequest) async throws -> Figures {
    let begin = ContinuousClock.now
    var figures = Figures()
    for part in try await threads.run(connections, { try read(as: $0, until: begin + duration, stop) }) {
      figures.events += part.events
      figures.bytes += part.bytes
      figures.failures.merge(part.failures) { $0 + $1 }
    }
    figures.time = .now - begin
    return figures
  }

  private func read(as connectionNumber: Int, until end: ContinuousClock.Instant, _ stop: StopRequest) throws -> Figures {
    var figures = Figures()
    let connection = try LoopbackConnection(port: port)
    for index in stride(from: connectionNumber, to: kept.count, by: connections) {
      guard !stop.wasMade, .now < end else { break }
      let event = kept[index]
      let base = "/api/v1/events/\(event.id)"
      ask("\(base)/original", "original", events.original(of: event.number), connection, &figures)
      for picture in events.pictures(of: event.number) {
        ask("\(base)/pictures/\(picture.role.word)", "\(picture.role.word) picture", picture.bytes, connection, &figures)
      }
      figures.events += 1
      progress.note()
    }
    return figures
  }

  private func ask(_ path: String, _ what: String, _ wanted: [UInt8], _ connection: LoopbackConnection, _ figures: inout Figures) {
    do {
      let status = try connection.get(path)
      figures.bytes += Int64(connection.withBody(\.count))
      if status != 200 {
        figures.failures["\(what): HTTP \(status)", default: 0] += 1
      } else if !connection.bodyEquals(wanted) {
        figures.failures["\(what): not what was sent", default: 0] += 1
      }
    } catch {
      figures.failures["\(what): \(error)", default: 0] += 1
    }
  }

  /// Has the system forget what it holds of the files, so that reading them asks the disk. A hint; without it they come from memory.
  static func forget(filesIn directory: String) {
    #if !canImport(Darwin)
      for name in (try? Directory.names(in: directory)) ?? [] {
        let descriptor = open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { continue }
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        close(descriptor)
      }
    #endif
  }
}
