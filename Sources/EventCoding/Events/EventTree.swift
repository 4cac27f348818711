import FaceEvents

/// One JSON object of a request, with its pictures found: what mapping, identity and storing all read.
struct EventTree {
  let document: JSONDocument
  let storage: ByteStorage
  /// Index of the object in `document`.
  let root: Int
  /// In reading order. `value` is the index of the string that held the picture.
  private(set) var pictures: [(value: Int, role: PictureRole, picture: DecodedPicture)] = []
  /// Keys whose text is no picture though they should hold one.
  private(set) var undecodable: [String] = []
  private(set) var unsigned: [String] = []

  init(document: JSONDocument, storage: ByteStorage, root: Int) {
    self.document = document
    self.storage = storage
    self.root = root
    decodePictures()
  }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(storage.bytes) }

  func text(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }

  func value(_ index: Int) -> JSONDocument.Value { document.values[index] }

  /// A member's name as it is meant.
  func withKey<R>(_ value: JSONDocument.Value, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let raw = text(value.keyRange)
    return value.keyHasEscapes ? JSONText.unescape(raw).withUnsafeBytes(body) : body(raw)
  }

  /// A string, or the spelling of a number; nil for anything else. What is not UTF-8 is repaired.
  func string(_ index: Int) -> String? {
    let value = value(index)
    switch value.kind {
    case .string where value.hasEscapes: return String(decoding: JSONText.unescape(text(value.range)), as: UTF8.self)
    case .string, .number: return String(decoding: text(value.range), as: UTF8.self)
    default: return nil
    }
  }

  /// Position in ``pictures`` of the picture at a value.
  func picture(at index: Int) -> Int? { pictures.firstIndex { $0.value == index } }

  /// A string, taken out and decoded over its text where it can be.
  private mutating func decodePictures() {
    for index in root..<Int(document.values[root].next) {
      let value = document.values[index]
      guard value.kind == .string, value.keyStart >= 0, !value.range.isEmpty else { continue }
      let (role, isLikely) = withKey(value) { (PictureField.role($0), PictureField.looksLikePicture($0)) }
      if let role {
        take(index, value, role)
      } else if isLikely, value.range.count >= 64, startsLikePicture(value.range) {
        take(index, value, .other)
      }
    }
  }

  private mutating func take(_ index: Int, _ value: JSONDocument.Value, _ role: PictureRole) {
    guard let picture = PictureText.decode(value.range, of: storage) else {
      undecodable.append(name(value))
      return
    }
    if picture.bytes.withUnsafeBytes({ PictureKind(signatureOf: $0) }) == nil { unsigned.append(name(value)) }
    pictures.append((index, role, picture))
  }

  /// Base64 of a JPEG's or PNG's first bytes, perhaps behind a data URI's prefix.
  private func startsLikePicture(_ range: Range<Int>) -> Bool {
    let start = text(range.lowerBound..<min(range.upperBound, range.lowerBound + 48))
    return start.starts(with: "/9j/".utf8) || start.starts(with: "iVBORw".utf8) || start.starts(with: "data:image/".utf8)
  }

  func name(_ value: JSONDocument.Value) -> String { withKey(value) { String(decoding: $0, as: UTF8.self) } }
}
