import ArgumentParser
import EventCoding
import FaceEvents
import FoundationEssentials

/// `--picture role=FILE`.
struct PictureArgument: ExpressibleByArgument, Sendable, Equatable {
  var role: PictureRole
  var path: String

  static let roles = PictureRole.allCases.filter { $0 != .other }

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), let role = PictureRole(word: argument[..<sign].lowercased()), role != .other else {
      return nil
    }
    let path = argument[argument.index(after: sign)...]
    guard !path.isEmpty else { return nil }
    (self.role, self.path) = (role, String(path))
  }
}

/// Puts pictures into the JSON of an event, where its form has them.
struct PictureInsertion: Sendable {
  private static let pictureBytesMax = 64 << 20

  private let pictures: [(role: PictureRole, base64: [UInt8])]

  init(_ arguments: [PictureArgument]) throws(FileError) {
    var pictures: [(PictureRole, [UInt8])] = []
    for argument in arguments {
      let bytes = try FileBytes.read(argument.path, bytesMax: Self.pictureBytesMax)
      pictures.append((argument.role, Array(Data(bytes).base64EncodedData())))
    }
    self.pictures = pictures
  }

  var isEmpty: Bool { pictures.isEmpty }

  /// The event with the pictures in it; what was there under their names is replaced. What is not an event is left as it is.
  func apply(to json: [UInt8]) -> [UInt8] {
    pictures.reduce(json) { json, picture in
      guard let form = Self.form(of: json) else { return json }
      let place = PicturePlace(role: picture.role, form: form)
      return JSONMembers.set(place.path, to: [UInt8(ascii: "\"")] + picture.base64 + [UInt8(ascii: "\"")], in: json)
    }
  }

  private static func form(of json: [UInt8]) -> EventForm? {
    let storage = ByteStorage(capacity: json.count)
    json.withUnsafeBytes { storage.append($0) }
    let request = EncodedRequest(
      body: storage, contentType: "application/json", kind: .history, source: RequestSource(address: "127.0.0.1", path: "/"),
      receivedAt: WallClock.now)
    guard case .success(.event(let event, _))? = EventDecoder().decode(request).elements.first, event.encoding == .json else { return nil }
    return event.form
  }
}

/// Where an event of a form has a picture of a role (protocol.md 2.1 to 2.5, 3.1 to 3.5).
struct PicturePlace: Equatable {
  /// Names from the top down.
  var path: [String]

  init(role: PictureRole, form: EventForm) {
    switch form {
    case .g5, .r4: path = [Self.imageName(role, isRealtime: form == .r4)]
    case .g4a, .g4b, .g4c, .unknown: path = [Self.pictureName(role)]
    default: path = role == .reference ? [Self.pictureName(role)] : ["ext_data", Self.pictureName(role)]
    }
  }

  private static func pictureName(_ role: PictureRole) -> String {
    switch role {
    case .reference: "reg_pic"
    case .scene: "spot_pic"
    case .face: "recognize_face"
    case .infrared: "ir_pic"
    case .other: "other_pic"
    }
  }

  private static func imageName(_ role: PictureRole, isRealtime: Bool) -> String {
    switch role {
    case .reference: isRealtime ? "register_image" : "reg_image"
    case .scene: "spot_image"
    case .face: "recognize_face_image"
    case .infrared: "ir_image"
    case .other: "other_image"
    }
  }
}
