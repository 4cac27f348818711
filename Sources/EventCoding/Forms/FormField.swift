import FaceEvents
import MultipartFormData

/// One named value of a form, however the form was written.
struct FormField {
  var name: String
  var bytes: SharedBytes
  /// As sent with the part; nil in an urlencoded form.
  var contentType: String?
  var isFile: Bool
  /// See ``LostPlusSigns``.
  var isMended = false

  /// A part that says it is JSON is taken exactly as it is, where it is: our own encoder marks so what plain text could not carry.
  var isJSON: Bool { contentType.flatMap(ContentType.init)?.essence == "application/json" }
}

/// What an unmarked value of a form means. The reader and the encoder must agree, so both ask here.
enum FormValue {
  case number
  /// An object or an array in JSON text.
  case json
  /// An object printed by Python, as JSON.
  case python(ByteStorage)
  case picture
  case text

  init(name: String, _ bytes: UnsafeRawBufferPointer, limits: EventDecoder.Limits) {
    self = .text
    if let kind = PictureKind(signatureOf: bytes), kind != .bmp {
      self = .picture
    } else if bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "[") {
      if (try? JSONScanner.scan(bytes, depthMax: limits.depthMax, valuesMax: limits.valuesMax)) != nil {
        self = .json
      } else if let json = PythonLiteral.json(bytes, from: 0, depthMax: limits.depthMax) {
        self = .python(json)
      }
    } else if let field = EventField(name: name), EventField.numbers.contains(field), JSONText.isNumber(bytes) {
      self = .number
    }
  }
}

/// `ext_data[device_ip]`, `ext_data.device_ip`: the names inside a known container; nil for any other name.
struct FormPath {
  /// Boxes nest three levels; a name with more levels than this is taken as one plain name, which bounds the recursion over paths.
  static let levelsMax = 16

  var container: EventField
  var names: [String]

  init?(_ name: String) {
    guard name.utf8.count <= 1024 else { return nil }
    let marks = Array("[.".utf8)
    guard let cut = name.utf8.firstIndex(where: marks.contains), let field = EventField(name: String(name[..<cut])),
      EventField.containers.contains(field)
    else { return nil }
    container = field
    let rest = name[name.index(after: cut)...]
    if name[cut] == "." {
      names = rest.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    } else {
      guard rest.hasSuffix("]") else { return nil }
      names = rest.dropLast().split(separator: "]", omittingEmptySubsequences: false).map {
        $0.hasPrefix("[") ? String($0.dropFirst()) : String($0)
      }
    }
    if names.count > Self.levelsMax { return nil }
  }
}
