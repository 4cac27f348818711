import EventCoding
import FaceEvents
import TestSupport
import Testing

@Suite struct StatusTests {
  static let names = Fixtures.statusForms.map(\.name)

  @Test("Every form of status report is told apart and names its box", arguments: names)
  func forms(_ name: String) throws {
    let report = try Body(fixture: "status/\(name).json", kind: .status).status()
    #expect(report.form == Fixtures.statusForms.first { $0.name == name }?.form)
    #expect(report.box == Box(code: name == "S6-box" ? "north-reporter" : "FOGLAB000120240305081500", origin: .field))
    #expect(report.encoding == .json)
    #expect(report.receivedAt == Body.arrival)
    #expect(report.warnings == [])
  }

  @Test("A status report is kept byte for byte, in every spelling", arguments: names, ["compact", "escaped", "crlf", "newline", "bom"])
  func original(_ name: String, _ variant: String) throws {
    let plain = try Body(fixture: "status/\(name).json", kind: .status).status()
    let body = try Body(fixture: "status/variants/\(name).\(variant).json", kind: .status)
    let report = try body.status()
    #expect(report.originalText.array == body.bytes)
    #expect(report.form == plain.form)
    #expect(report.box == plain.box)
  }

  @Test("A status report on an event path is stored as what it is, with a hint", arguments: names, [RouteKind.history, .realtime])
  func onEventPath(_ name: String, _ kind: RouteKind) throws {
    let report = try Body(fixture: "status/\(name).json", kind: kind).status()
    #expect(report.form == Fixtures.statusForms.first { $0.name == name }?.form)
    #expect(report.warnings == ["this is a status report; it was stored as one, send it to the status path"])
  }

  @Test("An event on a status path is stored as history, with a hint", arguments: Fixtures.eventForms)
  func eventOnStatusPath(_ form: EventForm) throws {
    let event = try Body(fixture: "events/\(form.rawValue).json", kind: .status).event().event
    #expect(event.lane == .history)
    #expect(event.warnings.last == "this is an event; it was stored as history, send it to the history path")
  }

  @Test("Anything else that is an object is a status report of an unknown form on a status path, and is refused on an event path")
  func unknown() throws {
    let devices = #"{"devSno":"FOGLAB000120240305081500","deviceList":[]}"#
    let report = try Body(devices, kind: .status).status()
    #expect(report.form == .unknown)
    #expect(report.warnings == ["no known form of status report"])
    #expect(report.box == Box(code: "192.0.2.7", origin: .sourceAddress))
    #expect(try Body(devices).error().code == .notAnEvent)
  }

  @Test("A box that only gives its serial number is known by it")
  func serialNumber() throws {
    let report = try Body(#"{"gateway_ip":"10.20.30.5","gateway_sn":"LABSN0000000042"}"#, kind: .status).status()
    #expect(report.box == Box(code: "LABSN0000000042", origin: .field))
  }

  @Test("A picture in a status report is kept in its text")
  func picture() throws {
    let body = Body(#"{"gateway_ip":"10.20.30.5","reg_pic":"/9j/2wBDAP//////////////////////"}"#, kind: .status)
    #expect(try body.status().originalText.array == body.bytes)
  }
}
