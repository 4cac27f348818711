import FaceEvents

/// Tells the generations apart by their keys, in the order of protocol.md 2.8; a version text is never trusted.
extension EventFields {
  func eventForm(lane: Lane) -> EventForm {
    let hasFlatMediaDevice = has(.media_device_ip) || has(.media_device_id)
    if has(.media_device_info) || has(.mq_license_key) || has(.user_type) || hasPictureImageKey || hasFlatMediaDevice {
      return !has(.media_device_info) && hasFlatMediaDevice ? .r4 : .g5
    }
    if has(.ep_info) || has(.recognize_face_attr) || has(.person_type) && has(.out_timestamp) {
      return has(.api_version) ? .g4c : has(.feature_binary, .attributes) ? .g4b : .g4a
    }
    guard has(.ext_data) else { return .unknown }
    if lane == .realtime, has(.device_id) || has(.identity_info) { return .r3 }
    if has(.ir_pic, .ext) || has(.box, .extInfo) || has(.feature, .extInfo) { return .g3c }
    if has(.info, .ext) { return .g3b }
    if has(.want_action) { return .g3a }
    let isSecond = has(.grab_fiqa_info, .ext) || has(.box_fiqa_info, .ext) || has(.recognize_face, .ext)
    // R1, R2 and R3 look like G1 and G2: the lane decides.
    return lane == .realtime ? (isSecond ? .r2 : .r1) : (isSecond ? .g2 : .g1)
  }

  /// A person, a time or a picture makes an object an event, whatever its form.
  var isEvent: Bool {
    let person: [EventField] = [.identity_id, .identity_name, .identity_info, .userId, .userName, .user_type, .userType, .person_type]
    return person.contains { isGiven($0) } || isGiven(.person_type, .ext) || isGiven(.timestamp) || isGiven(.crossTime)
      || !tree.pictures.isEmpty
  }

  /// Keys that only a heartbeat has.
  var isStatus: Bool {
    let marks: [EventField] = [
      .gateway_ip, .gateway_name, .gateway_status, .gateway_sn, .gateway_ext_data, .sub_devices, .media_devices, .deviceStatus,
    ]
    return marks.contains { has($0) }
  }

  var statusForm: StatusForm {
    let hasGateway = has(.gateway_ip) || has(.gateway_name) || has(.gateway_sn) || has(.gateway_ext_data)
    guard hasGateway else {
      if has(.mq_license_key) || has(.media_devices) { return .s6 }
      return has(.sub_devices) ? .s5 : .unknown
    }
    if has(.reporter_id) || has(.tpu_info, .gateway) || has(.core_temperature, .gateway) { return .s6 }
    if has(.cpu_info, .gateway) { return .s4 }
    if has(.gateway_port) { return .s3 }
    return has(.cpu_usage, .gateway) || has(.disk_free_size, .gateway) ? .s2 : .s1
  }
}

extension EventForm {
  /// Fields that every edition of this form requires, with where they belong; leaving one out is worth a warning, no more.
  var requiredFields: [(EventField, EventFields.Scope)] {
    let person: [(EventField, EventFields.Scope)] = [(.identity_id, .top), (.identity_name, .top), (.timestamp, .top), (.score, .top)]
    let endpoint: [(EventField, EventFields.Scope)] = [(.device_ip, .ext), (.ep_id, .ext), (.device_type, .ext)]
    switch self {
    case .g1: return person + [(.group_name, .top), (.reg_pic, .top)]
    case .g2: return person + [(.group_name, .top)]
    case .g3a, .g3b, .g3c: return person + [(.group_name, .top), (.want_action, .top)] + endpoint
    case .g4a, .g4b, .g4c: return person + [(.want_action, .top), (.out_timestamp, .top), (.identity_info, .top), (.ep_info, .top)]
    case .g5:
      return person + [
        (.api_version, .top), (.post_action, .top), (.user_type, .top), (.in_timestamp, .top), (.out_timestamp, .top),
        (.media_device_info, .top),
      ]
    case .r1: return person + [(.group_name, .top), (.reg_pic, .top)]
    case .r2: return person + [(.group_name, .top), (.device_ip, .ext), (.device_type, .ext)]
    case .r3: return person + [(.group_name, .top), (.device_id, .top), (.identity_info, .top)]
    case .r4: return person + [(.event_id, .top), (.user_type, .top), (.media_device_ip, .top), (.media_device_id, .top)]
    case .unknown: return []
    }
  }

  /// The box's own code; realtime forms have none.
  var boxField: EventField? {
    switch self {
    case .g1, .g2, .g3a, .g3b, .g3c, .g4a, .g4b, .g4c: .dev_sno
    case .g5: .mq_license_key
    case .r1, .r2, .r3, .r4, .unknown: nil
    }
  }
  /// Pictures that boxes send with this form unless they are switched off. Infrared is sent by few cameras, so that its absence says
  /// nothing.
  var pictureRoles: [PictureRole] {
    switch self {
    case .g1, .r1: [.reference, .scene]
    case .r4: [.reference, .face]
    default: [.reference, .scene, .face]
    }
  }
}
