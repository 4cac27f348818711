import FaceEvents
import FoundationEssentials
import HTTPTypes
import Hummingbird

extension EventAPI {
  private static let personParameters = [
    Parameter("id", .text(bytesMax: EventFilterParameters.textBytesMax), "The person's id, as boxes give it.", in: .path)
  ]

  var peopleOperations: [Operation] {
    [
      Operation(
        .get, "/people", "list_people", .people, "People, seen last first; strangers have no record",
        parameters: [
          Parameter("text", .text(bytesMax: EventFilterParameters.textBytesMax), "Part of the name, or the beginning of the id."),
          Parameter("class", .words(Schemas.personClasses), "What the person is to the site."), EventFilterParameters.limit,
          EventFilterParameters.cursor,
        ], answers: [.json(Schemas.page("people", .named("Person")), "A page.")], handle: { try await people($0) }),
      Operation(
        .get, "/people/{id}", "get_person", .people, "One person", parameters: Self.personParameters,
        answers: [.json(.named("Person"), "As the newest event describes them.")], handle: { try await person($0) }),
      Operation(
        .get, "/people/{id}/picture", "get_person_picture", .people, "The newest reference picture of a person",
        parameters: Self.personParameters + PictureAnswer.parameters, answers: PictureAnswer.answers, errors: [410, 416],
        handle: { try await personPicture($0) }),
      visitsOperation,
    ]
  }

  private func people(_ request: APIRequest) async throws -> Response {
    var query = PeopleQuery()
    query.text = request.text("text")
    query.personClass = request.text("class").flatMap(PersonClass.init(word:))
    query.limit = Int(request.integer("limit") ?? 100)
    query.after = try request.text("cursor").map { text throws(APIError) in try PeopleQuery.Cursor(text) }
    let page = try await sources.catalog.people(query)
    return .json { line in
      line.list("people", page.people) { line, person in line.object { person.writeMembers(to: &$0) } }
      line.member("next_cursor", page.next?.text)
    }
  }

  private func person(_ request: APIRequest) async throws -> Response {
    let person = try await personRecord(request)
    return .json { person.writeMembers(to: &$0) }
  }

  private func personPicture(_ request: APIRequest) async throws -> Response {
    guard let picture = try await personRecord(request).picture else {
      throw APIError.notFound("no reference picture of this person has been sent")
    }
    let answer = PictureAnswer(digest: picture.digest, headers: request.request.headers)
    var response: Response
    if answer.isKnown {
      response = answer.notModified
    } else {
      do {
        response = try answer.response(try await sources.pictures.picture(at: picture.location, digest: picture.digest))
      } catch let StorageError.damaged(reason) {
        throw APIError.damaged("the picture is damaged and is not given out: \(reason)")
      }
    }
    // Tomorrow it may be another one; its tag tells.
    response.headers[.cacheControl] = "private, no-cache"
    return response
  }

  func personRecord(_ request: APIRequest) async throws -> PersonRecord {
    guard let id = request.text("id"), let person = try await sources.catalog.person(id) else {
      throw APIError.notFound("nobody with this id has been seen; strangers have no record")
    }
    return person
  }
}

extension PersonRecord {
  var url: String { "\(EventAPI.prefix)/people/\(PercentCoding.encoded(id))" }

  fileprivate func writeMembers(to line: inout JSONLine) {
    line.member("id", id)
    line.member("name", name)
    line.member("class", personClass.word)
    line.member("group", group)
    line.member("event_count", eventCount)
    line.member("first_seen", firstSeen)
    line.member("last_seen", lastSeen)
    line.member("picture_url", picture == nil ? nil : "\(url)/picture")
    line.member("url", url)
  }
}
