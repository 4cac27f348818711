import ArgumentParser
import EventKeeping
import FaceEvents
import PictureVolumes
import SQLiteStorage

extension SimulateCommand {
  static let eventsIntoDefault = 10_000

  /// Fills a data directory.
  func fill(_ directory: String) async throws {
    var settings = ServeSettings()
    settings.dataDirectory = directory
    do {
      let data = try await OpenData.open(settings, command: "fogcatcher simulate --into")
      let begin = ContinuousClock.now
      let progress = try await fill(data)
      // Closing moves what is in the log into the database: part of the work.
      let pictureBytes = data.volumes.usedBytes()
      try await data.close()
      Terminal.clearProgress()
      let databaseBytes = DataDirectory.fileBytes("\(directory)/\(SQLiteStore.databaseName)")
      Terminal.printLine(Self.summary(progress, in: .now - begin, databaseBytes: databaseBytes, pictureBytes: pictureBytes))
    } catch let error as StorageError {
      Terminal.clearProgress()
      throw CommandFailure(error)
    }
  }

  private func fill(_ data: OpenData) async throws -> PassageFilling.Progress {
    let count = events ?? Self.eventsIntoDefault
    let now = WallClock.now
    let begin = start?.time ?? Timestamp(milliseconds: now.milliseconds - Int64(days) * 86_400_000)
    let filling = PassageFilling(
      fleet: fleet, times: PassageTimes(start: begin, days: days, count: count), count: count, isRealtimeToo: realtime,
      hasPictures: !withoutPictures)
    let keeper = EventKeeper(events: data.store, pictures: data.volumes, settings: PassageFilling.keeperSettings)
    let stop = StopRequest()
    let signals = StopSignals(stopTime: .seconds(30)) { _ in
      stop.request()
    } onDeadline: {
      Terminal.printError("not everything was kept in time")
    }
    defer { withExtendedLifetime(signals) {} }
    let startedAt = ContinuousClock.now
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await keeper.run() }
      defer { keeper.close() }
      let progress = try await filling.run(into: keeper, stop: stop) { progress in
        Terminal.showProgress(Self.progressText(progress, of: count, in: .now - startedAt))
      }
      try await filling.reportStatus(into: keeper, at: now)
      return progress
    }
  }

  static func progressText(_ progress: PassageFilling.Progress, of count: Int, in time: Duration) -> String {
    "\(progress.passages) of \(count) passages, \(perSecond(progress.events, in: time)) events/s"
  }

  static func summary(_ progress: PassageFilling.Progress, in time: Duration, databaseBytes: Int64, pictureBytes: Int64) -> String {
    let milliseconds = max(1, TimeSpan.milliseconds(time))
    var text =
      "\(progress.events) events of \(progress.passages) passages in \(milliseconds / 1000).\(milliseconds % 1000 / 100) s, "
      + "\(perSecond(progress.events, in: time)) a second; database \(ByteSize.rounded(databaseBytes)), "
      + "pictures \(ByteSize.rounded(pictureBytes))"
    if progress.duplicates > 0 { text += "; \(progress.duplicates) were there already" }
    return text
  }

  private static func perSecond(_ events: Int, in time: Duration) -> Int64 {
    Int64(events) * 1_000 / max(1, TimeSpan.milliseconds(time))
  }
}
