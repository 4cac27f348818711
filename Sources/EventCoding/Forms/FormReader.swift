import FaceEvents

/// Turns the fields of a form into the JSON of the same event, so that everything after it has one path.
///
/// `ext_data` may come in every shape of protocol.md 2.7; they are merged in its order of preference: JSON text, Python literal, bracket names,
/// dotted names, members put at the top, and bare names whose values the sender lost.
struct FormReader {
  private let limits: EventDecoder.Limits
  private let fields: [FormField]
  /// Members of `ext_data` at the top belong into it, unless the form is of a generation that has none.
  private let movesExtensionMembers: Bool
  private var top: [(name: String, node: FormNode)] = []
  private var containers: [EventField: Container] = [:]
  private(set) var warnings: [String] = []

  private struct Container {
    var json: SharedBytes?
    var members: [(name: String, node: FormNode)] = []
    var flattened: [(name: String, node: FormNode)] = []
    var lost: [SharedBytes] = []
  }

  init(fields: [FormField], limits: EventDecoder.Limits) {
    self.fields = fields
    self.limits = limits
    let names = Set(fields.map { FormPath($0.name)?.container.rawValue ?? $0.name })
    let flat = [
      "media_device_info", "mq_license_key", "user_type", "media_device_ip", "media_device_id", "ep_info", "recognize_face_attr", "gateway_ip",
      "gateway_name", "gateway_sn", "sub_devices", "media_devices",
    ]
    let isFlat =
      flat.contains(where: names.contains) || names.contains { $0.hasSuffix("_image") }
      || names.contains("person_type") && names.contains("out_timestamp")
    movesExtensionMembers = !isFlat
  }

  /// The JSON text. It is always valid.
  mutating func json() -> ByteStorage {
    for field in fields { place(field) }
    var out: [UInt8] = []
    out.reserveCapacity(fields.reduce(64) { $0 + $1.bytes.count + $1.name.utf8.count + 8 })
    var writer = FormNodeWriter()
    writer.object(top.map { ($0.name, resolved($0)) }, to: &out)
    let storage = ByteStorage(capacity: out.count)
    out.withUnsafeBytes { storage.append($0) }
    return storage
  }

  private mutating func place(_ field: FormField) {
    if field.isJSON, isValidJSON(field.bytes) {
      append(field.name, .json(field.bytes))
    } else if let path = FormPath(field.name) {
      let node = node(field, name: path.names.last ?? "")
      open(path.container)
      containers[path.container]?.members.insert(path.names, node)
    } else if let known = EventField(rawValue: field.name), EventField.containers.contains(known) {
      placeContainer(known, field)
    } else if movesExtensionMembers, let known = EventField(rawValue: field.name), EventField.extensionMembers.contains(known) {
      let node = node(field, name: field.name)
      open(.ext_data)
      containers[.ext_data]?.flattened.append((field.name, node))
    } else {
      append(field.name, node(field, name: field.name))
    }
  }

  private mutating func placeContainer(_ known: EventField, _ field: FormField) {
    open(known)
    switch field.bytes.withUnsafeBytes({ FormValue(name: field.name, $0, limits: limits) }) {
    case .json where containers[known]?.json == nil && field.bytes.withUnsafeBytes({ $0.first == UInt8(ascii: "{") }):
      containers[known]?.json = field.bytes
    case .python(let json) where containers[known]?.json == nil:
      containers[known]?.json = json.share(0..<json.count)
      warnings.append("\(field.name) is a Python literal; send it as JSON text")
    default: containers[known]?.lost.append(field.bytes)
    }
  }

  private mutating func open(_ container: EventField) {
    guard containers[container] == nil else { return }
    containers[container] = Container()
    append(container.rawValue, .container)
  }

  private mutating func append(_ name: String, _ node: FormNode) { top.append((name, node)) }

  private func isValidJSON(_ bytes: SharedBytes) -> Bool {
    bytes.withUnsafeBytes { (try? JSONScanner.scan($0, depthMax: limits.depthMax, valuesMax: limits.valuesMax)) != nil }
  }

  private mutating func node(_ field: FormField, name: String) -> FormNode {
    switch field.bytes.withUnsafeBytes({ FormValue(name: name, $0, limits: limits) }) {
    case .number, .json: return .json(field.bytes)
    case .python(let json): return .json(json.share(0..<json.count))
    case .picture: return .base64(field.bytes)
    case .text:
      guard field.isFile, !field.bytes.withUnsafeBytes(UTF8Sequence.isText) else { return .text(field.bytes) }
      warnings.append("\(name) is a file that is neither a picture nor text; kept as base64")
      return .base64(field.bytes)
    }
  }

  /// Puts the parts of a container together, the preferred shape first; what a better shape has already is kept at the top.
  private mutating func resolved(_ entry: (name: String, node: FormNode)) -> FormNode {
    guard case .container = entry.node, let known = EventField(rawValue: entry.name), let container = containers[known] else { return entry.node }
    var names = container.json.map(memberNames) ?? []
    var members: [(name: String, node: FormNode)] = []
    for member in container.members + container.flattened where names.insert(member.name).inserted { members.append(member) }
    if container.json == nil && members.isEmpty { return lost(container.lost, known) }
    if !container.lost.isEmpty { warnings.append("\(known.rawValue) was sent more than once; what is not an object in it was left out") }
    return .merged(json: container.json, members: members)
  }

  private mutating func lost(_ texts: [SharedBytes], _ known: EventField) -> FormNode {
    warnings.append("\(known.rawValue) has no values, only text; send it as JSON text, or every field as \(known.rawValue)[name]")
    return texts.count == 1 ? .text(texts[0]) : .list(texts)
  }

  private func memberNames(_ json: SharedBytes) -> Set<String> {
    json.withUnsafeBytes { bytes in
      guard let document = try? JSONScanner.scan(bytes, depthMax: limits.depthMax, valuesMax: limits.valuesMax) else { return [] }
      return Set(
        document.children(of: 0).map {
          String(decoding: JSONText.unescape(UnsafeRawBufferPointer(rebasing: bytes[document.values[$0].keyRange])), as: UTF8.self)
        })
    }
  }
}
