import FaceEvents
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// All events that fit a query, as one file to take away. It is written while it is sent, at the pace of whoever takes it: what is in memory
/// is a page of events and one picture, and with pictures ``ArchivedPicture`` for each of them.
struct EventExport: Sendable {
  /// Pictures of one archive. What an archive remembers of a picture takes 72 bytes, so this keeps it below 40 MB.
  static let picturesMax = 500_000

  enum Format: String, Sendable, CaseIterable {
    case csv, ndjson, zip

    var contentType: String {
      switch self {
      case .csv: "text/csv; charset=utf-8"
      case .ndjson: "application/x-ndjson"
      case .zip: "application/zip"
      }
    }
  }

  var sources: ConsoleSources
  /// Its limit is not used. With a cursor the export begins behind it.
  var query: EventQuery
  var format: Format
  /// Of the viewer's clock, east positive.
  var utcOffsetSeconds = 0
  var picturesMax = Self.picturesMax
  /// Asked between two pages: what is not written then never will be.
  var isStopping: @Sendable () -> Bool = { false }

  /// - Parameter slot: kept until the last byte is sent, or nobody wants it any more.
  /// - Throws: when the catalog cannot be read now. What fails later cuts the answer off, so that nobody takes it for a whole one.
  func response(slot: ExportSlots.Slot? = nil) async throws -> Response {
    let createdAt = sources.now()
    let snapshot = try await ExportSnapshot(query, sources)
    let body = ResponseBody { writer in
      // Off the connection's event loop: other requests go on there.
      try await withTaskExecutorPreference(globalConcurrentExecutor) {
        try await write(snapshot, createdAt: createdAt, to: writer, slot)
      }
      withExtendedLifetime(slot) {}
    }
    return Response(status: .ok, headers: headers(createdAt: createdAt), body: body)
  }

  private func headers(createdAt: Timestamp) -> HTTPFields {
    [
      .contentType: format.contentType, .contentDisposition: "attachment; filename=\"\(fileName(createdAt: createdAt))\"",
      .cacheControl: "no-store",
      .xContentTypeOptions: "nosniff",
    ]
  }

  /// Sorts by the time when it was made.
  private func fileName(createdAt: Timestamp) -> String {
    let second = RFC3339.compactText(createdAt).prefix { $0 != "." }
    return "fogcatcher-events-\(second)Z.\(format.rawValue)"
  }

  private func write(
    _ snapshot: ExportSnapshot, createdAt: Timestamp, to writer: any ResponseBodyWriter, _ slot: ExportSlots.Slot?
  ) async throws {
    var output = ExportOutput(writer, slot: slot)
    switch format {
    case .csv:
      let table = EventTable(utcOffsetSeconds: utcOffsetSeconds)
      try await output.append(table.header)
      try await write(snapshot, to: &output) { table.row($0) }
    case .ndjson: try await write(snapshot, to: &output) { ExportedEvent.line($0) }
    case .zip:
      var archive = EventArchive(self, snapshot, createdAt: createdAt, output)
      output = try await archive.write()
    }
    try await output.finish()
  }

  private func write(_ snapshot: ExportSnapshot, to output: inout ExportOutput, _ line: (LoggedEvent) -> [UInt8]) async throws {
    var walk = ExportWalk(self, snapshot)
    while let entries = try await walk.next() {
      for entry in entries { try await output.append(line(entry)) }
      output.count(events: entries.count)
    }
  }
}
