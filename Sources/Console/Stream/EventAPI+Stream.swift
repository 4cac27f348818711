import FaceEvents
import HTTPTypes
import Hummingbird
import NIOCore

extension EventAPI {
  var streamOperation: Operation {
    Operation(
      .get, "/stream", "stream_events", .events, "Events as they come (Server-Sent Events)",
      help: "Each message is an event in its small form; its id is the event's sequence. With Last-Event-ID the stream goes on behind it, "
        + "without gap or double, however long ago that was. A message of the type resume ends the stream of a listener that reads too slowly: "
        + "ask again with its id. When nothing else comes, a comment and a message of the type beat come every 15 seconds; the id of the "
        + "message is how far the stream is. History events come late; so they are only sent when asked for.",
      parameters: EventFilterParameters.withoutTime + [
        Parameter("lane", .words(FeedFilter.Lanes.allCases.map(\.rawValue)), "realtime unless said otherwise."),
        Parameter("last_event_id", .integer(0...Int64.max), "As Last-Event-ID, which counts more."),
        Parameter("Last-Event-ID", .integer(0...Int64.max), "The id of the last message that came.", in: .header),
      ],
      answers: [
        Operation.Answer(status: 200, help: "Messages, until either side ends it.", content: [("text/event-stream", .text())])
      ], handle: { try stream($0) })
  }

  private func stream(_ request: APIRequest) throws -> Response {
    let lastEventID = try request.request.headers[.lastEventID].map { text throws(APIError) in
      guard let number = Int64(text), number >= 0 else { throw .parameter("Last-Event-ID", "must be the id of a message of this stream") }
      return number
    }
    let seat: FeedSeat
    do {
      seat = try feed.join()
    } catch .full {
      throw APIError.unavailable("too many are watching already; ask again later")
    } catch .closed {
      throw APIError.unavailable("the node is stopping; ask again later")
    }
    let lanes = request.text("lane").flatMap(FeedFilter.Lanes.init(rawValue:)) ?? .realtime
    let listener = FeedListener(
      feed: feed, log: sources.log, seat: seat, filter: FeedFilter(lanes: lanes, try EventQuery(request)),
      lastEventID: lastEventID ?? request.integer("last_event_id"))
    let body = request.request.body
    return Response(
      status: .ok,
      headers: [
        .contentType: "text/event-stream", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        // nginx gathers answers otherwise.
        .xAccelBuffering: "no",
      ],
      body: ResponseBody { writer in
        // Nothing is read from the sender any more, except that it has gone.
        try await body.consumeWithCancellationOnInboundClose { _ in
          try await listener.run { try await writer.write($0) }
        }
        try await writer.finish(nil)
      })
  }
}

extension HTTPField.Name {
  fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID")!  // safe: a valid token
  fileprivate static let xAccelBuffering = HTTPField.Name("X-Accel-Buffering")!  // safe: a valid token
}
