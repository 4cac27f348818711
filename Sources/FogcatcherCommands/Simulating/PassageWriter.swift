import FaceEvents
import FoundationEssentials

/// Writes a passage as a box of that generation reports it (protocol.md 2 and 3).
struct PassageWriter {
  let passage: Passage
  let form: EventForm

  /// - Parameter form: one of ``SimulatedFleet/forms``, R1 or R2.
  static func json(_ passage: Passage, as form: EventForm) -> [UInt8] {
    var line = JSONLine()
    PassageWriter(passage: passage, form: form).write(to: &line)
    return line.bytes
  }

  private init(passage: Passage, form: EventForm) {
    self.passage = passage
    self.form = form
  }

  /// What a box of a history form sends at once, where it also reports in real time.
  static func realtimeForm(of form: EventForm) -> EventForm { form == .g1 ? .r1 : .r2 }

  private func write(to line: inout JSONLine) {
    line.object { line in
      line.member("identity_id", passage.person.id)
      line.member("identity_name", passage.person.name)
      line.member("timestamp", passage.time.milliseconds)
      line.key("score")
      line.raw(score)
      switch form {
      case .g5: writeFifth(&line)
      case .g4a, .g4b, .g4c: writeFourth(&line)
      default: writeEarly(&line)
      }
    }
  }

  /// 0…1 in the first two generations, 0…100 later.
  private var score: String {
    let isPercent = ![.g1, .g2, .r1, .r2].contains(form)
    let (whole, rest) = passage.surety.quotientAndRemainder(dividingBy: isPercent ? 100 : 10_000)
    let digits = String(rest)
    return "\(whole)." + String(repeating: "0", count: (isPercent ? 2 : 4) - digits.count) + digits
  }

  // MARK: - Generations 1 to 3, and realtime

  private func writeEarly(_ line: inout JSONLine) {
    line.member("group_name", "default_group")
    line.picture("reg_pic", passage.reference)
    if [.g3a, .g3b, .g3c].contains(form) { line.member("want_action", "0") }
    line.key("ext_data")
    line.object { line in
      line.member("device_ip", passage.endpoint.address)
      line.member("device_type", passage.endpoint.typeCode)
      line.member("person_type", passage.person.personClass.rawValue)
      line.picture("spot_pic", passage.scene)
      if form != .r1, form != .r2 {
        line.member("ep_id", passage.endpoint.earlyID)
        line.member("dev_sno", passage.box.code)
      }
      if form != .g1, form != .r1 { line.picture("recognize_face", passage.face) }
      if [.g2, .r2, .g3a, .g3b].contains(form) {
        for key in ["grab_fiqa_info", "box_fiqa_info"] {
          line.key(key)
          line.object { _ in }
        }
      }
      if form == .g3c { line.picture("ir_pic", passage.infrared) }
      if form == .g3b || form == .g3c { writeInfo(&line) }
    }
  }

  private func writeInfo(_ line: inout JSONLine) {
    line.key("info")
    line.object { line in
      line.member("age", "youth")
      line.member("gender", passage.person.look.isMultiple(of: 2) ? "female" : "male")
      line.member("glasses", "no")
      guard form == .g3c else { return }
      line.key("box")
      line.raw("[120,80,264,270]")
      line.key("feature")
      line.raw("[]")
    }
  }

  // MARK: - Generations 4 and 5

  private func writeFourth(_ line: inout JSONLine) {
    if form == .g4c { line.member("api_version", "1.0") }
    line.key("identity_info")
    line.object { line in
      guard !passage.person.isStranger else { return }
      line.member("face_ids", [passage.person.imageID])
      line.member("image_id", passage.person.imageID)
    }
    line.member("out_timestamp", passage.leftAt.milliseconds)
    line.member("want_action", "0")
    line.member("person_type", passage.person.personClass.rawValue)
    line.member("dev_sno", passage.box.code)
    line.picture("reg_pic", passage.reference)
    line.picture("spot_pic", passage.scene)
    line.picture("ir_pic", passage.infrared)
    line.picture("recognize_face", passage.face)
    line.key("ep_info")
    line.object { line in
      line.member("ep_id", passage.endpoint.lateID)
      line.member("ep_type", passage.endpoint.typeWord)
      line.member("ep_ip", passage.endpoint.address)
      line.member("ep_name", passage.endpoint.name)
      line.member("device_id", passage.endpoint.uuid)
    }
    writeAttributes(&line)
  }

  private func writeFifth(_ line: inout JSONLine) {
    line.member("api_version", "2.0")
    line.member("in_timestamp", passage.time.milliseconds)
    line.member("out_timestamp", passage.leftAt.milliseconds)
    line.member("post_action", "0")
    line.member("user_type", passage.person.personClass.word)
    line.key("media_device_info")
    line.object { line in
      line.member("media_device_id", passage.endpoint.uuid)
      line.member("media_device_type", passage.endpoint.typeWord)
      line.member("media_device_ip", passage.endpoint.address)
      line.member("media_device_name", passage.endpoint.name)
      line.member("media_device_url", passage.endpoint.url)
    }
    line.member("mq_license_key", passage.box.code)
    line.picture("reg_image", passage.reference)
    line.picture("spot_image", passage.scene)
    line.picture("ir_image", nil)
    line.picture("recognize_face_image", passage.face)
    writeAttributes(&line)
  }

  private func writeAttributes(_ line: inout JSONLine) {
    line.key("recognize_face_attr")
    line.object { line in
      line.key("point")
      line.raw("[512,548,530,516,545,201,203,226,246,247]")
      line.key("box")
      line.raw("[486,160,575,276]")
      for name in ["age", "mask", "gender", "glasses", "hat", "expression"] { line.member(name, nil) }
      switch form {
      case .g4b: line.member("feature_binary", Data(passage.feature).base64EncodedString())
      case .g5: line.member("feature_base64_str", Data(passage.feature).base64EncodedString())
      default:
        line.key("feature")
        line.raw("[]")
      }
    }
  }
}

extension JSONLine {
  /// A picture that is not sent is an empty string, as boxes do.
  fileprivate mutating func picture(_ name: String, _ bytes: [UInt8]?) {
    key(name)
    // Base64 needs no escapes.
    raw("\"\(bytes.map { Data($0).base64EncodedString() } ?? "")\"")
  }
}
