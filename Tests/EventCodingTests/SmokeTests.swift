import EventCoding
import FaceEvents
import Testing

@Suite struct SmokeTests {
  static let json = #"{"identity_id":"E-20417","identity_name":"Lin Wei","group_name":"north","reg_pic":"/9j/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z","timestamp":1709626502345,"score":0.71,"ext_data":{"device_ip":"10.20.30.41","ep_id":"FOG__10.20.30.41","spot_pic":"data:image\/jpeg;base64,/9j/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AR//Z","person_type":1,"device_type":"0","dev_sno":"FOG"}}"#

  func decode(_ body: [UInt8], _ type: String?) -> DecodedRequest {
    let storage = ByteStorage(capacity: body.count)
    body.withUnsafeBytes { storage.append($0) }
    return EventDecoder().decode(
      EncodedRequest(body: storage, contentType: type, kind: .history, source: RequestSource(address: "127.0.0.1", path: "/HistoryEvent"), receivedAt: Timestamp(milliseconds: 1)))
  }

  @Test func roundTrip() throws {
    let decoded = decode(Array(Self.json.utf8), nil)
    guard case .event(let event, let pictures) = try decoded.elements[0].get() else { Issue.record("no event"); return }
    print(event)
    #expect(event.form == .g1)
    #expect(OriginalText.restore(event, pictures: pictures) == Array(Self.json.utf8))
    let form = try #require(FormDataEncoder().encode(Array(Self.json.utf8)))
    guard case .event(let again, _) = try decode(form.body, form.contentType).elements[0].get() else { Issue.record("no event"); return }
    #expect(again.id == event.id)
    print(again.warnings, again.encoding)
  }
}
