/// The keys that are read into columns or tell the forms apart (protocol.md 2 to 4, 9.2). Cases are called exactly as the keys are.
// swift-format-ignore: AlwaysUseLowerCamelCase
enum EventField: UInt8, CaseIterable {
  // who
  case identity_id, identity_name, identity_info, group_name, userId, userName
  // class
  case person_type, user_type, userType
  // when
  case timestamp, crossTime, in_timestamp, out_timestamp
  // how sure
  case score, matchScore
  // which box
  case dev_sno, mq_license_key, deviceId
  // where
  case ext_data, ep_info, media_device_info
  case device_ip, ep_id, device_type, ep_type, ep_ip, ep_name, device_id
  case media_device_ip, media_device_id, media_device_type, media_device_name, media_device_url
  case cameraId, cameraIp, cameraType
  // what else tells the forms apart
  case want_action, post_action, api_version, event_id
  case recognize_face_attr, feature_binary, grab_fiqa_info, box_fiqa_info, info, box, feature, recognize_face, ir_pic
  case reg_pic, spot_pic, reg_image, spot_image, ir_image, recognize_face_image, register_image
  // status reports
  case gateway_ip, gateway_name, gateway_status, gateway_sn, gateway_ext_data, gateway_port, reporter_id
  case sub_devices, media_devices, deviceStatus
  case cpu_usage, cpu_use, cpu_info, cpu_rate, tpu_info, core_temperature, disk_free_size

  /// Members of `ext_data` in G1 to G3, which some senders put at the top (protocol.md T16).
  static let extensionMembers: Set<EventField> = [
    .device_ip, .ep_id, .spot_pic, .person_type, .device_type, .dev_sno, .recognize_face, .ir_pic, .info, .grab_fiqa_info, .box_fiqa_info,
  ]

  /// Fields that are numbers in JSON, so that their text in a form is read as one.
  static let numbers: Set<EventField> = [.timestamp, .score, .person_type, .in_timestamp, .out_timestamp, .gateway_port]

  /// Objects that some senders spread over bracket or dotted names in a form.
  static let containers: Set<EventField> = [
    .ext_data, .ep_info, .media_device_info, .recognize_face_attr, .identity_info, .gateway_ext_data,
  ]
}

extension EventField {
  /// The key.
  var name: String { Self.names[Int(rawValue)] }

  init?(name: String) {
    guard let found = Array(name.utf8).withUnsafeBytes(EventField.init(name:)) else { return nil }
    self = found
  }

  /// Looks a key up without making anything of it: this happens for every member of every event.
  init?(name: UnsafeRawBufferPointer) {
    var slot = Self.slot(of: name)
    while let field = Self.slots[slot] {
      if Self.keys[Int(field.rawValue)].elementsEqual(name) {
        self = field
        return
      }
      slot = (slot + 1) & (Self.slotCount - 1)
    }
    return nil
  }

  static let count = allCases.count
  private static let names = allCases.map { "\($0)" }
  private static let keys = names.map { Array($0.utf8) }

  /// More than twice as many as there are fields, so that most keys are found, or not, at the first look. A power of two.
  private static let slotCount = 256

  /// A hash table with open addressing.
  private static let slots: [EventField?] = {
    var slots = [EventField?](repeating: nil, count: slotCount)
    for (field, key) in zip(allCases, keys) {
      var slot = key.withUnsafeBytes(slot)
      while slots[slot] != nil { slot = (slot + 1) & (slotCount - 1) }
      slots[slot] = field
    }
    return slots
  }()

  /// FNV-1a of the first bytes; no known key is longer.
  private static func slot(of name: UnsafeRawBufferPointer) -> Int {
    var hash: UInt32 = 0x811C_9DC5
    for byte in name.prefix(24) { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return Int(hash >> 8) & (slotCount - 1)
  }
}
