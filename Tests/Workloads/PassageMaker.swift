import EventCoding
import FaceEvents

/// Events of invented people at invented boxes, each another one, as rows: their pictures are only said to be somewhere.
struct PassageMaker: Sendable {
  /// 2026-03-01T08:00:00Z
  static let start = Timestamp(milliseconds: 1_772_352_000_000)
  static let people = 2_000
  static let boxes = 30

  /// Different passages for each seed.
  var seed: UInt64

  /// - Parameter number: a hundred thousand of them take ninety days.
  func entry(_ number: Int) throws -> StoreEntry {
    var random = SteadyNumbers(seed: seed &* 1_000_003 &+ UInt64(number))
    let isRealtime = number % 5 == 4
    let body = ByteStorage(capacity: 1_024)
    json(number, isRealtime: isRealtime, &random).withUnsafeBytes { body.append($0) }
    let request = EncodedRequest(
      body: body, contentType: "application/json", kind: isRealtime ? .realtime : .history,
      source: RequestSource(address: "192.0.2.10", path: isRealtime ? "/RealTimeEvent" : "/HistoryEvent"),
      receivedAt: Timestamp(milliseconds: time(number) + 900))
    guard case .success(.event(let event, _)) = EventDecoder().decode(request).elements.first else {
      throw WorkloadFailure(description: "passage \(number) is not an event")
    }
    let locations = event.pictures.indices.map {
      PictureLocation(volume: UInt32(1 + $0), offset: UInt64(number) * 131_072)
    }
    return .event(event, locations: locations)
  }

  func entries(_ numbers: Range<Int>) throws -> [StoreEntry] { try numbers.map(entry) }

  private func time(_ number: Int) -> Int64 { Self.start.milliseconds + Int64(number) * 77_760 + Int64(seed % 1_000) * 60_001 }

  /// A fifth are strangers; the others come again and again, with one reference picture each.
  private func json(_ number: Int, isRealtime: Bool, _ random: inout SteadyNumbers) -> [UInt8] {
    let isStranger = random.chance(20)
    let person = random.int(0..<Self.people)
    let box = Self.code(random.int(0..<Self.boxes))
    let address = "10.20.30.\(random.int(1..<5))"
    let id = isStranger ? "" : "E-\(10_000 + person)"
    let name = isStranger ? "" : Self.name(person)
    let reference = isStranger ? "" : Self.text(SamplePicture.bytes(person, count: 48))
    let scene = Self.text(SamplePicture.bytes(Int(truncatingIfNeeded: random.next()), count: 48))
    let place = isRealtime ? "" : #","ep_id":"\#(box)__\#(address)","dev_sno":"\#(box)""#
    let text = """
      {"identity_id":"\(id)","identity_name":"\(name)","group_name":"default_group","reg_pic":"\(reference)",\
      "timestamp":\(time(number)),"score":0.\(random.int(50..<100)),"ext_data":{"device_ip":"\(address)","spot_pic":"\(scene)",\
      "person_type":\(isStranger ? 4 : [1, 1, 1, 2, 5][person % 5]),"device_type":"0"\(place)}}
      """
    return Array(text.utf8)
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: SamplePicture.base64(bytes), as: UTF8.self) }

  private static func code(_ number: Int) -> String { "FOGLAB00\(1_000 + number)20240305081500" }

  private static func name(_ number: Int) -> String {
    let given = ["Lin", "Dana", "Mira", "Teodor", "Ines", "Jonas", "Pavel", "Kim", "Aiko", "Samir"]
    let family = ["Wei", "Okafor", "Solberg", "Kask", "Carvalho", "Albrecht", "Novotny", "Sato", "Haddad", "Moreau", "Lindqvist"]
    return "\(given[number % given.count]) \(family[number / given.count % family.count]) \(number / 110)"
  }
}
