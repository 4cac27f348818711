import FaceEvents
import Hummingbird

extension EventAPI {
  var exportOperation: Operation {
    Operation(
      .get, "/export", "export_events", .export, "All events that fit the filters, as a file",
      help: "As large as it may be: it is written as it is read. csv is for spreadsheets; times are in the zone of utc_offset, and what a "
        + "spreadsheet would take for a formula has an apostrophe in front. ndjson has one event a line in the form of GET /events/{id}. zip "
        + "has the events, the pictures, manifest.json, and SHA256SUMS for `sha256sum -c`; with more than \(EventExport.picturesMax) pictures it "
        + "says where the next one begins. A file that was not written to its end ends the connection.",
      parameters: [Parameter("format", .words(EventExport.Format.allCases.map(\.rawValue)), "What kind of file.", isNeeded: true)]
        + EventFilterParameters.all + [
          Parameter("utc_offset", .utcOffset, "Of the times in csv; Z unless said otherwise."),
          Parameter("cursor", .text(bytesMax: 2_048), "Behind which it begins: next_cursor of a list, or of the manifest of an archive."),
        ],
      answers: [
        Operation.Answer(
          status: 200, help: "The file.", content: EventExport.Format.allCases.map { ($0.contentType, nil) },
          headers: [("Content-Disposition", "The file's name.")])
      ], handle: { try await export($0) })
  }

  private func export(_ request: APIRequest) async throws -> Response {
    guard let format = request.text("format").flatMap(EventExport.Format.init(rawValue:)) else {
      throw APIError.parameter("format", "is required")
    }
    var query = try EventQuery(request)
    query.after = try request.text("cursor").map { text throws(APIError) in try EventQuery.Cursor(text) }
    guard !feed.isClosed else { throw APIError.unavailable("the node is stopping; ask again later") }
    guard let slot = exports.take() else { throw APIError.unavailable("other exports are being written; ask again when they are done") }
    let export = EventExport(
      sources: sources, query: query, format: format, utcOffsetSeconds: request.utcOffset("utc_offset") ?? 0,
      isStopping: { [feed] in feed.isClosed })
    let file = try await export.response(slot: slot)
    let body = request.request.body
    return Response(
      status: file.status, headers: file.headers,
      body: ResponseBody { writer in
        let writer = writer
        // A walk that finds nothing writes nothing, and would not notice that nobody waits for it any more.
        try await body.consumeWithCancellationOnInboundClose { _ in try await file.body.write(writer) }
      })
  }
}
