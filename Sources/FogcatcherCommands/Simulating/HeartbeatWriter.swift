import FaceEvents

/// Writes a box's status report in the form of its generation (protocol.md 4).
enum HeartbeatWriter {
  /// - Parameter number: of the report; what is measured changes with it.
  static func json(of box: SimulatedBox, number: Int, seed: UInt64) -> [UInt8] {
    var random = SeededNumbers(seed: seed, stream: "heartbeat \(box.number)", number)
    var line = JSONLine()
    line.object { line in
      if box.form == .g5 { writeEndpoints(of: box, &line) } else { writeBox(box, &random, &line) }
    }
    return line.bytes
  }

  private static func writeBox(_ box: SimulatedBox, _ random: inout SeededNumbers, _ line: inout JSONLine) {
    line.member("gateway_ip", box.address)
    line.member("gateway_name", "simulated \(box.number + 1)")
    line.member("gateway_status", "online")
    line.member("gateway_sn", "SIMSN\(box.number + 1)")
    line.member("dev_sno", box.code)
    if [.g4a, .g4b, .g4c].contains(box.form) { line.member("gateway_port", 80) }
    let (load, memory, temperature) = (
      Int.random(in: 2...90, using: &random), Int.random(in: 30...85, using: &random), random.pick([39, 41, 44])
    )
    line.key("gateway_ext_data")
    line.object { line in
      line.member("sw_version", "simulated by fogcatcher\nform \(box.form.rawValue)\n")
      line.member("sdk_version", "1.1.0")
      line.member("gateway_mac", "02:00:5e:10:a4:c7")
      let isFirst = box.form == .g1
      line.key(isFirst ? "cpu_use" : "cpu_usage")
      line.raw("\(load).5")
      line.key("memory_size")
      line.raw("1.55")
      line.key(isFirst ? "memory_use" : "memory_usage")
      line.raw("0.\(memory)")
      line.key("disk_size")
      line.raw("10.39")
      line.key(isFirst ? "disk_use" : "disk_free_size")
      line.raw(isFirst ? "0.23" : "8.02")
      if isFirst { line.member("status", "0") } else { line.member("temperature", temperature) }
    }
    line.key("sub_devices")
    line.array { line in for endpoint in box.endpoints { write(endpoint, isFirst: box.form == .g1, &line) } }
  }

  private static func write(_ endpoint: SimulatedEndpoint, isFirst: Bool, _ line: inout JSONLine) {
    line.object { line in
      line.member("ep_id", endpoint.earlyID)
      line.member("ep_name", endpoint.name)
      line.member("ep_ip", endpoint.address)
      line.member("ep_status", "online")
      line.member("ep_location", endpoint.uuid)
      line.member("ep_type", endpoint.typeCode)
      if isFirst { line.member("ep_ext_data", "") } else { line.member("ep_url", endpoint.isStream ? endpoint.url : "") }
    }
  }

  private static func writeEndpoints(of box: SimulatedBox, _ line: inout JSONLine) {
    line.member("mq_license_key", box.code)
    line.key("media_devices")
    line.array { line in
      for endpoint in box.endpoints {
        line.object { line in
          line.member("media_device_id", endpoint.uuid)
          line.member("media_device_name", endpoint.name)
          line.member("media_device_status", "online")
          line.member("media_device_ip", endpoint.address)
          line.member("media_device_type", endpoint.typeWord)
          line.member("media_device_url", endpoint.url)
          line.member("permission_id", "p-01")
        }
      }
    }
  }
}
