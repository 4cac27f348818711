import FaceEvents

/// Turns the fields of a form into the JSON of the same event, so that everything after it has one path.
///
/// `ext_data` may come in every shape of protocol.md 2.7; they are merged in its order of preference: JSON text, Python literal, bracket
/// names, dotted names, members put at the top, and bare names whose values the sender lost.
struct FormReader {
  private let limits: EventDecoder.Limits
  private let fields: [FormField]
  /// Members of `ext_data` at the top belong into it, unless the form is of a generation that has none.
  private let movesExtensionMembers: Bool
  private var top: [(name: String, node: FormNode)] = []
  private var containers: [EventField: Container] = [:]
  /// What had no place inside its container.
  private var beside: [(name: String, node: FormNode)] = []
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
    let names = Set(fields.map { FormPath($0.name)?.container.name ?? $0.name })
    let flat = [
      "media_device_info", "mq_license_key", "user_type", "media_device_ip", "media_device_id", "ep_info", "recognize_face_attr",
      "gateway_ip",
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
    for field in fields where field.isMended {
      warnings.append("\(field.name.prefix(40)) had blanks in base64, which were read as plus signs; write + as %2B in a form")
    }
    var out: [UInt8] = []
    out.reserveCapacity(fields.reduce(64) { $0 + $1.bytes.count + $1.name.utf8.count + 8 })
    var writer = FormNodeWriter()
    let members = top.map { ($0.name, resolved($0)) }
    writer.object(beside + members, to: &out)
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
    } else if let known = EventField(name: field.name), EventField.containers.contains(known) {
      placeContainer(known, field)
    } else if movesExtensionMembers, let known = EventField(name: field.name), EventField.extensionMembers.contains(known) {
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
    append(container.name, .container)
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
      warnings.append("\(name.prefix(40)) is a file that is neither a picture nor text; kept as base64")
      return .base64(field.bytes)
    }
  }

  /// Puts the parts of a container together, the preferred shape first. A picture fills the empty place that a better shape left for it;
  /// what a better shape has already is kept at the top.
  private mutating func resolved(_ entry: (name: String, node: FormNode)) -> FormNode {
    guard case .container = entry.node, let known = EventField(name: entry.name), let container = containers[known] else {
      return entry.node
    }
    let isAlone = container.members.isEmpty && container.flattened.isEmpty
    let places = isAlone ? [:] : container.json.map(memberSpans) ?? [:]
    var taken = places.mapValues { FormNode.json(container.json?[$0] ?? .empty) }
    var fillings: [(span: Range<Int>, node: FormNode)] = []
    var members: [(name: String, node: FormNode)] = []
    for member in container.members + container.flattened {
      guard let better = taken[member.name] else {
        taken[member.name] = member.node
        members.append(member)
        continue
      }
      if let span = places[member.name], isEmptyPicturePlace(member.name, better) {
        fillings.append((span, member.node))
        taken[member.name] = member.node
      } else {
        keepBeside(member, better: better, in: known)
      }
    }
    if container.json == nil && members.isEmpty { return lost(container.lost, known) }
    if !container.lost.isEmpty {
      warnings.append("\(known.name) was sent more than once; the first object counts")
      // Before the container: of members with one name the last counts.
      beside.insert(contentsOf: container.lost.map { (known.name, .text($0)) }, at: 0)
    }
    return .merged(json: container.json, fillings: fillings.sorted { $0.span.lowerBound < $1.span.lowerBound }, members: members)
  }

  private func isEmptyPicturePlace(_ name: String, _ node: FormNode) -> Bool {
    let text = json(of: node)
    return (text == Array("\"\"".utf8) || text == Array("null".utf8)) && Array(name.utf8).withUnsafeBytes { PictureField.role($0) } != nil
  }

  private mutating func keepBeside(_ member: (name: String, node: FormNode), better: FormNode, in container: EventField) {
    guard json(of: member.node) != json(of: better) else { return }
    warnings.append("a member of \(container.name) was sent twice with different values; the second is kept beside it")
    beside.append(member)
  }

  private func json(of node: FormNode) -> [UInt8] {
    var out: [UInt8] = []
    var writer = FormNodeWriter()
    writer.write(node, to: &out)
    return out
  }

  private mutating func lost(_ texts: [SharedBytes], _ known: EventField) -> FormNode {
    warnings.append("\(known.name) has no values, only text; send it as JSON text, or every field as \(known.name)[name]")
    return texts.count == 1 ? .text(texts[0]) : .list(texts)
  }

  /// Where the value of each member of a JSON object stands; of members with one name, of the last.
  private func memberSpans(_ json: SharedBytes) -> [String: Range<Int>] {
    json.withUnsafeBytes { bytes in
      guard let document = try? JSONScanner.scan(bytes, depthMax: limits.depthMax, valuesMax: limits.valuesMax) else { return [:] }
      var spans: [String: Range<Int>] = [:]
      for index in document.children(of: 0) {
        let value = document.values[index]
        let name = JSONText.unescape(UnsafeRawBufferPointer(rebasing: bytes[value.keyRange]))
        spans[String(decoding: name, as: UTF8.self)] =
          value.kind == .string ? value.range.lowerBound - 1..<value.range.upperBound + 1 : value.range
      }
      return spans
    }
  }
}
