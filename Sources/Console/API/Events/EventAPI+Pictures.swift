import FaceEvents
import HTTPTypes
import Hummingbird
import NIOCore

extension EventAPI {
  var pictureOperations: [Operation] {
    [
      Operation(
        .get, "/events/{id}/pictures/{role}", "get_picture", .events, "One picture of an event",
        parameters: Self.eventParameters + [
          Parameter("role", .words(Schemas.roles), "Which picture.", in: .path),
          Parameter("index", .integer(0...255), "Which of several of one role; the first unless said otherwise."),
        ] + PictureAnswer.parameters, answers: PictureAnswer.answers, errors: [410, 416], handle: { try await picture($0) })
    ]
  }

  private func picture(_ request: APIRequest) async throws -> Response {
    let stored = try await storedEvent(request)
    let index = Int(request.integer("index") ?? 0)
    let places = PicturePlace.all(of: stored.event).filter { $0.picture.role.word == request.text("role") }
    guard let place = places.first(where: { $0.index == index }) else {
      throw APIError.notFound(
        places.isEmpty ? "the event has no picture of this role" : "the event has \(places.count) of this role; index counts from 0")
    }
    let answer = PictureAnswer(digest: place.picture.digest, headers: request.request.headers)
    if answer.isKnown { return answer.notModified }
    return try answer.response(try await sources.picture(place.picture, at: stored.locations[place.position]))
  }
}

/// A picture over HTTP. Its bytes never change, so whoever has it need not ask again; its digest is its tag (RFC 9110 section 8.8.3).
struct PictureAnswer {
  static let parameters = [
    Parameter("If-None-Match", .text(bytesMax: 1_024), "The ETag of a picture that is there already.", in: .header),
    Parameter("Range", .text(bytesMax: 256), "One range of bytes.", in: .header),
  ]

  static let answers: [Operation.Answer] = [
    Operation.Answer(
      status: 200, help: "The picture.", content: PictureMediaType.all.map { ($0, nil) },
      headers: [("ETag", "The picture's SHA-256."), ("Cache-Control", "May be kept for ever by whoever asked.")]),
    Operation.Answer(
      status: 206, help: "Part of the picture.", content: PictureMediaType.all.map { ($0, nil) },
      headers: [("Content-Range", "Which part, and of how many bytes.")]),
    Operation.Answer(status: 304, help: "It is the one with this ETag.", content: []),
  ]

  private let digest: ContentDigest
  private let headers: HTTPFields

  /// - Parameter headers: of the request.
  init(digest: ContentDigest, headers: HTTPFields) {
    self.digest = digest
    self.headers = headers
  }

  private var tag: String { "\"\(digest)\"" }

  var isKnown: Bool {
    guard let given = headers[.ifNoneMatch] else { return false }
    return given.split(separator: ",").contains { part in
      let part = part.filter { $0 != " " }
      return part == "*" || part == tag || part == "W/" + tag
    }
  }

  private var caching: HTTPFields { [.eTag: tag, .cacheControl: "private, max-age=31536000, immutable"] }

  var notModified: Response { Response(status: .notModified, headers: caching) }

  /// - Throws: ``APIError`` when a range is asked for that the picture does not have.
  func response(_ picture: SharedBytes) throws(APIError) -> Response {
    var fields = caching
    fields[.contentType] = PictureMediaType.of(picture)
    fields[.acceptRanges] = "bytes"
    // The bytes came from outside, and somebody may open them alone.
    fields[.xContentTypeOptions] = "nosniff"
    fields[.contentSecurityPolicy] = "default-src 'none'; sandbox"
    let isCurrent = headers[.ifRange].map { $0 == tag } ?? true
    guard isCurrent, let range = try ByteRange.read(headers[.range], byteCount: picture.count) else {
      return Response(status: .ok, headers: fields, body: Self.body(picture))
    }
    fields[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(picture.count)"
    return Response(status: .partialContent, headers: fields, body: Self.body(picture[range]))
  }

  private static func body(_ picture: SharedBytes) -> ResponseBody {
    ResponseBody(byteBuffer: picture.withUnsafeBytes { ByteBuffer(bytes: $0) })
  }
}

/// The `Range` field (RFC 9110 section 14.2).
enum ByteRange {
  /// - Returns: nil for no range, or for what is none and has to be ignored; also for several at once, which nobody needs of a picture.
  /// - Throws: ``APIError`` with 416 when it begins behind the end.
  static func read(_ field: String?, byteCount: Int) throws(APIError) -> Range<Int>? {
    guard let field, field.hasPrefix("bytes=") else { return nil }
    let ends = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else { return nil }
    switch (Int(ends[0]), Int(ends[1])) {
    case (let first?, let last) where ends[1].isEmpty || last != nil:
      guard last.map({ $0 >= first }) ?? true else { return nil }
      guard first < byteCount else { throw .range(byteCount: byteCount) }
      return first..<(min(last ?? byteCount, byteCount - 1) + 1)
    case (nil, let count?) where ends[0].isEmpty:
      guard count > 0, byteCount > 0 else { throw .range(byteCount: byteCount) }
      return max(0, byteCount - count)..<byteCount
    default: return nil
    }
  }
}
