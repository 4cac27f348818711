/// An event while it is made up: members by form (protocol.md 2 and 3), values by chance.
struct EventDraft {
  let index: Int
  let form: String
  let personID: String
  var random: SeededRandom
  var reference: [UInt8] = []
  var fresh: (inout SeededRandom) -> [UInt8] = { _ in [] }
  var hasPictures = true
  private var pictures: [SampleEvent.Picture] = []

  init(index: Int, form: String, personID: String, random: SeededRandom) {
    self.index = index
    self.form = form
    self.personID = personID
    self.random = random
  }

  mutating func event() -> SampleEvent {
    let members = members()
    let manner = SampleJSON.Manner.all[Int.random(in: 0..<SampleJSON.Manner.all.count, using: &random)]
    var json: [UInt8] = []
    SampleJSON.object(members).write(manner, to: &json)
    return SampleEvent(
      index: index, form: form, personID: personID, isRealtime: form.hasPrefix("R"), json: json, pictures: pictures)
  }

  private mutating func members() -> [(String, SampleJSON)] {
    let generation = form.prefix(2)
    let person = who()
    let rest: [(String, SampleJSON)] =
      switch generation {
      case "G4": fourth()
      case "G5": fifth()
      case "R4": pushed()
      default: [("reg_pic", picture("reference"))] + third() + [("ext_data", .object(extensions()))]
      }
    return person + rest + unknown()
  }

  private mutating func who() -> [(String, SampleJSON)] {
    let names = ["Lin Wei", "林薇", "\\u6797\\u8587", "Dana Okafor", "Ana-Mária 🙂", "O\\\"Neil", "stranger"]
    let scores = ["0.6177", "91.3", "82", "7.04", "0.10", "1e-1", "99.99999999999999"]
    let milliseconds = 1_709_626_502_345 + Int64(index) * 137
    return [
      ("identity_id", .raw("\"\(personID)\"")),
      ("identity_name", .raw("\"\(pick(names))\"")),
      ("timestamp", .raw(pick(["\(milliseconds)", "\(milliseconds)", "\(milliseconds / 1000).345"]))),
      ("score", .raw(pick(scores))),
    ]
  }

  private mutating func third() -> [(String, SampleJSON)] {
    var members: [(String, SampleJSON)] = [("group_name", .raw(pick(["\"north_gate\"", "\"\"", "\"9b1d7c52-0f6e\""])))]
    if form.hasPrefix("G3") { members.append(("want_action", .raw("\"0\""))) }
    if form == "R3" {
      members.append(("device_id", .raw("\"6d0b8a0e-3c0f-4a5e-8f46-51a0f5b2f9d4\"")))
      members.append(("identity_info", .raw(pick(["{}", #"{"image_id":"5a1f","ext_info":{"floor":"2"}}"#]))))
    }
    return members
  }

  private mutating func extensions() -> [(String, SampleJSON)] {
    var members: [(String, SampleJSON)] = [
      ("device_ip", .raw("\"10.20.30.\(index % 250)\"")),
      ("ep_id", .raw("\"FOGLAB\(index % 7)__10.20.30.\(index % 250)\"")),
      ("spot_pic", picture("scene")),
      ("person_type", .raw(pick(["1", "2", "4", "5", "\"4\""]))),
      ("device_type", .raw(pick(["\"0\"", "\"3\"", "0"]))),
    ]
    if !form.hasPrefix("R") { members.append(("dev_sno", .raw("\"FOGLAB\(index % 7)\""))) }
    switch form {
    case "G2", "R2", "G3a": members += [("recognize_face", picture("face")), ("grab_fiqa_info", .raw("{}")), ("box_fiqa_info", .raw("{}"))]
    case "G3b": members.append(("info", .raw(#"{"age":"youth","gender":"female","glasses":"no"}"#)))
    case "G3c":
      members += [("ir_pic", picture("infrared")), ("recognize_face", picture("face"))]
      members.append(("info", .raw(#"{"age":null,"box":[120,80,264,270],"feature":[0.013,-0.036]}"#)))
    default: break
    }
    return members
  }

  private mutating func fourth() -> [(String, SampleJSON)] {
    var members: [(String, SampleJSON)] = [
      ("identity_info", .raw("{}")), ("out_timestamp", .raw("1709626603990")), ("want_action", .raw("\"1001\"")),
      ("person_type", .raw(pick(["1", "3", "4"]))), ("dev_sno", .raw("\"FOGLAB\(index % 7)\"")),
      ("reg_pic", picture("reference")), ("spot_pic", picture("scene")), ("ir_pic", .raw("\"\"")), ("recognize_face", picture("face")),
      (
        "ep_info", .raw(#"{"ep_id":"0x02005e10a4c7__rtsp://10.20.30.90:554/a__b","ep_type":"rtsp","ep_ip":"10.20.30.90","ep_name":"dock"}"#)
      ),
    ]
    let feature = form == "G4b" ? #""feature_binary":"AACAPwAAAAA=""# : #""feature":[]"#
    members.append(("recognize_face_attr", .raw(#"{"age":null,"mask":"2","box":[486,160,575,276],\#(feature)}"#)))
    if form == "G4c" { members.append(("api_version", .raw("\"1.0\""))) }
    return members
  }

  private mutating func fifth() -> [(String, SampleJSON)] {
    [
      ("api_version", .raw("\"2.0\"")), ("in_timestamp", .raw("1709626702001")), ("out_timestamp", .raw("1709626705874")),
      ("post_action", .raw("\"0\"")), ("user_type", .raw(pick(["\"employee\"", "\"stranger\"", "\"VIP\""]))),
      ("media_device_info", .raw(#"{"media_device_id":"6d0b8a0e","media_device_type":"rtsp","media_device_ip":"10.20.30.90"}"#)),
      ("mq_license_key", .raw("\"FOGLAB\(index % 7)\"")), ("reg_image", picture("reference")), ("spot_image", picture("scene")),
      ("ir_image", .raw("\"\"")), ("recognize_face_image", picture("face")),
    ]
  }

  private mutating func pushed() -> [(String, SampleJSON)] {
    [
      ("event_id", .raw("\"\(1_709_626_702_001_337 + index)\"")), ("user_type", .raw("\"visitor\"")),
      ("media_device_ip", .raw("\"10.20.30.90\"")), ("media_device_id", .raw("\"6d0b8a0e\"")), ("media_device_type", .raw("\"file\"")),
      ("register_image", picture("reference")), ("recognize_face_image", picture("face")),
    ]
  }

  /// What nobody has documented must survive too (protocol.md T20).
  private mutating func unknown() -> [(String, SampleJSON)] {
    guard random.chance(0.5) else { return [] }
    let values = [
      #"{"floor":3,"deep":{"er":[1,2.50,-0,1E+2,null,true,{}]}}"#, "12345678901234567890.123456789", #""a\u0000b\n\ud83d\ude42""#, "[]",
    ]
    return [("x_site", .raw(pick(values)))]
  }

  /// A picture that was switched off is an empty string; boxes do that (protocol.md T9).
  private mutating func picture(_ role: String) -> SampleJSON {
    guard hasPictures, random.chance(0.8) else { return .raw("\"\"") }
    let bytes = role == "reference" ? reference : fresh(&random)
    pictures.append(SampleEvent.Picture(role: role, bytes: bytes))
    return .picture(bytes, random.chance(0.6) ? .plain : SamplePictureText.allCases[Int.random(in: 0..<7, using: &random)])
  }

  private mutating func pick(_ choices: [String]) -> String { choices[Int.random(in: 0..<choices.count, using: &random)] }
}
