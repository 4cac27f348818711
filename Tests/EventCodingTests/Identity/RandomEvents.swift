import FaceEvents

/// Events of every form with random content, as boxes send them and a little odder.
struct RandomEvents {
  var random: Seeded

  init(_ seed: UInt64) { random = Seeded(seed) }

  mutating func event(_ form: EventForm) -> Tree {
    var members = core()
    switch form {
    case .g1, .r1: members += [m("ext_data", ext(form))]
    case .g2, .r2: members += [m("ext_data", ext(form))]
    case .g3a, .g3b, .g3c: members += [m("want_action", .string(random.pick(["0", "1001", "1002"]))), m("ext_data", ext(form))]
    case .r3: members += [m("device_id", text()), m("identity_info", identityInfo()), m("ext_data", ext(form))]
    case .g4a, .g4b, .g4c: members += generation4(form)
    case .g5: members += generation5()
    case .r4:
      members += [
        m("event_id", text()), m("user_type", userType()), m("media_device_ip", text()), m("media_device_id", text()),
        m("register_image", picture()), m("recognize_face_image", picture()),
      ]
    case .unknown: break
    }
    if random.chance(50) { members += oddities() }
    // Members of one name have an order, which shuffling would change.
    var seen: Set<String> = []
    return .object(members.filter { seen.insert($0.key).inserted }.shuffled(using: &random))
  }

  private func m(_ key: String, _ value: Tree) -> Tree.Member { Tree.Member(key: key, value: value) }

  private mutating func core() -> [Tree.Member] {
    [
      m("identity_id", random.pick([text(), .string("00817342"), .string(""), .string("1709626601.4821")])), m("identity_name", text()),
      m("timestamp", random.pick([.number(1_709_626_502_345), .number(17_096_265_023_451, exponent: -4), .string("1709626504000")])),
      m("score", number()),
      m("reg_pic", picture()),
    ] + (random.chance(60) ? [m("group_name", text())] : [])
  }

  private mutating func ext(_ form: EventForm) -> Tree {
    var members = [
      m("device_ip", text()), m("ep_id", text()), m("person_type", random.pick([.number(1), .string("4"), .number(2)])),
      m("device_type", random.pick([.string("0"), .number(3)])), m("spot_pic", picture()),
    ]
    if random.chance(60) { members.append(m("dev_sno", text())) }
    if form != .g1 && form != .r1 { members += [m("recognize_face", picture())] }
    switch form {
    case .g2, .r2, .g3a: members += [m("grab_fiqa_info", .object([])), m("box_fiqa_info", value(3))]
    case .g3b: members += [m("info", .object(("age", text()), ("gender", .null)))]
    case .g3c: members += [m("ir_pic", picture()), m("info", .object(("box", .array([number(), number()])), ("feature", .array([]))))]
    default: break
    }
    return .object(members.shuffled(using: &random))
  }

  private mutating func generation4(_ form: EventForm) -> [Tree.Member] {
    var attributes = [m("age", .null), m("point", .array([number(), number()])), m("mask", random.pick([.string("2"), .number(2)]))]
    if form == .g4b { attributes.append(m("feature_binary", .string("AACAPwAAAAA="))) }
    var members = [
      m("identity_info", identityInfo()), m("out_timestamp", .number(1_709_626_503_990)), m("want_action", .string("0")),
      m("person_type", .number(4)), m("dev_sno", text()),
      m("ep_info", .object(("ep_id", text()), ("ep_ip", text()), ("ep_name", text()))), m("recognize_face_attr", .object(attributes)),
      m("spot_pic", picture()),
      m("recognize_face", picture()), m("ir_pic", picture()),
    ]
    if form == .g4c { members.append(m("api_version", .string("1.0"))) }
    return members
  }

  private mutating func generation5() -> [Tree.Member] {
    [
      m("api_version", .string("2.0")), m("in_timestamp", number()), m("post_action", .string("0")), m("user_type", userType()),
      m("mq_license_key", text()),
      m("media_device_info", .object(("media_device_id", text()), ("media_device_url", text()))), m("reg_image", picture()),
      m("spot_image", picture()),
      m("recognize_face_image", picture()), m("recognize_face_attr", value(3)),
    ]
  }

  private mutating func userType() -> Tree { .string(random.pick(["employee", "vip", "VIP", "stranger"])) }

  private mutating func identityInfo() -> Tree {
    random.chance(40) ? .object([]) : .object(("face_ids", .array([text()])), ("type", .number(1)))
  }

  /// Members that no form has, and known ones where they do not belong.
  private mutating func oddities() -> [Tree.Member] {
    let keys = [
      "x_site", "字段", "a b", "quote\"d", "back\\slash", "line\nfeed", "semi;colon=1", "%20", "ext_data[x]", "ext_data.y", "ép", "é",
      "x_pic", "nul\u{0}l".replacing("\u{0}", with: ""),
    ]
    var members = (0..<random.int(1..<4)).map { _ in m(random.pick(keys), value(3)) }
    if random.chance(30) { members.append(m("device_ip", text())) }
    if random.chance(30) { members.append(m("spot_pic", picture())) }
    if random.chance(20) { members.append(m("out_timestamp", random.pick([.null, .string("x"), .object([])]))) }
    return members
  }

  private mutating func value(_ depth: Int) -> Tree {
    switch random.int(0..<(depth > 0 ? 8 : 6)) {
    case 0: .null
    case 1: .bool(random.chance(50))
    case 2, 3: number()
    case 4, 5: text()
    case 6: .array((0..<random.int(0..<3)).map { _ in value(depth - 1) })
    default: .object((0..<random.int(0..<3)).map { m("k\($0)", value(depth - 1)) })
    }
  }

  private mutating func number() -> Tree {
    random.pick([
      .number(82), .number(0), .number(random.int(-999..<999), exponent: random.int(-4..<4)), .number(9_007_199_254_740_993),
      .number(1, exponent: -20),
    ])
  }

  private mutating func text() -> Tree {
    .string(
      random.pick([
        "", "E-20417", "林薇", "😀", "a/b", "x\ny\r\n", " trailing ", "\"quoted\"", "back\\slash", "\u{1}", "12", "0.5", "true", "null",
        "{\"a\":1}", "[1]", "{'a': 1}", "{broken", "--b\r\n",
        "10.20.30.41", "FOG__10.20.30.41", "\u{FEFF}mark", "\u{7F}", "é",
      ]))
  }

  private mutating func picture() -> Tree {
    if random.chance(15) { return .string("") }
    if random.chance(5) { return .null }
    return .picture([0xFF, 0xD8, 0xFF, 0xE0] + random.bytes(random.int(16..<120)))
  }
}
