import FaceEvents
import FoundationEssentials
import NIOCore
import Synchronization

/// The node's own state in the words of a box: form S2 (protocol.md 4.2). A node has no capture endpoints of its own, so `sub_devices` is
/// empty: those of the boxes behind it come with the boxes' own reports.
struct NodeStatus: Sendable {
  let identity: NodeIdentity
  let pictures: any PictureStore
  private let processor = ProcessorMeter()

  init(identity: NodeIdentity, pictures: any PictureStore) {
    self.identity = identity
    self.pictures = pictures
  }

  private struct Report: Encodable {
    var address: String
    var name: String
    var status = "online"
    var code: String
    var figures: [String: Value]
    var endpoints: [String] = []

    enum Key: String, CodingKey {
      case address = "gateway_ip"
      case name = "gateway_name"
      case status = "gateway_status"
      case serial = "gateway_sn"
      case code = "dev_sno"
      case figures = "gateway_ext_data"
      case endpoints = "sub_devices"
    }

    func encode(to encoder: any Encoder) throws {
      var box = encoder.container(keyedBy: Key.self)
      try box.encode(address, forKey: .address)
      try box.encode(name, forKey: .name)
      try box.encode(status, forKey: .status)
      try box.encode(code, forKey: .serial)
      try box.encode(code, forKey: .code)
      try box.encode(figures, forKey: .figures)
      try box.encode(endpoints, forKey: .endpoints)
    }
  }

  private enum Value: Encodable {
    case text(String)
    case number(Double)
    case integer(Int)

    func encode(to encoder: any Encoder) throws {
      var box = encoder.singleValueContainer()
      switch self {
      case .text(let text): try box.encode(text)
      case .number(let number): try box.encode((number * 100).rounded() / 100)
      case .integer(let integer): try box.encode(integer)
      }
    }
  }

  /// JSON text.
  func report() async -> [UInt8] {
    let memory = SystemFigures.memory()
    let address = SystemFigures.mainAddress()
    let gibibyte = Double(1 << 30)
    let report = Report(
      address: address?.ip ?? "", name: identity.name, code: identity.code,
      figures: [
        "sw_version": .text("VERSION: \(identity.version)\n"), "sdk_version": .text(""), "gateway_mac": .text(address?.mac ?? ""),
        "cpu_usage": .number(processor.percent()), "memory_size": .number(Double(memory?.total ?? 0) / gibibyte),
        "memory_usage": .number(memory.map { 1 - Double($0.available) / Double(max(1, $0.total)) } ?? 0),
        "disk_size": .number(Double(SystemFigures.diskBytes(identity.dataDirectory) ?? 0) / gibibyte),
        "disk_free_size": .number(Double((try? pictures.freeBytes()) ?? 0) / gibibyte),
        "temperature": .integer(SystemFigures.temperature() ?? 0),
      ])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(report)).map(Array.init) ?? Array("{}".utf8)
  }
}
