package import FaceEvents

/// One JSON object of a request, with its pictures found: what mapping, identity and storing all read.
package struct EventTree {
  let document: JSONDocument
  let storage: ByteStorage
  /// Index of the object in `document`.
  let root: Int
  /// In reading order. `value` is the index of the string that held the picture.
  private(set) var pictures: [(value: Int, role: PictureRole, picture: DecodedPicture)] = []
  /// Keys whose text is no picture though they should hold one.
  private(set) var undecodable = FieldList()
  /// Keys whose bytes do not begin like a picture file.
  private(set) var unsigned = FieldList()
  /// Keys of pictures beyond ``picturesMax``, which stay in the text.
  private(set) var surplus = FieldList()

  /// Forms have at most four pictures. Each more costs a record in a volume, so that a body of nothing but tiny ones must not pass.
  /// Which ones are taken depends on their order, and so does the id of such an event.
  static let picturesMax = 64

  package init(document: JSONDocument, storage: ByteStorage, root: Int) {
    self.document = document
    self.storage = storage
    self.root = root
    decodePictures()
  }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(storage.bytes) }

  /// Of ``pictures``.
  package var pictureBytes: [SharedBytes] { pictures.map(\.picture.bytes) }

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
  func picture(at index: Int) -> Int? {
    // They stand in reading order; there may be very many in a hostile body.
    var (low, high) = (0, pictures.count)
    while low < high {
      let middle = (low + high) / 2
      if pictures[middle].value < index { low = middle + 1 } else { high = middle }
    }
    return low < pictures.count && pictures[low].value == index ? low : nil
  }

  /// A string, taken out and decoded over its text where it can be.
  private mutating func decodePictures() {
    for index in root..<Int(document.values[root].next) {
      let value = document.values[index]
      guard value.kind == .string, value.keyStart >= 0, !value.range.isEmpty else { continue }
      if let role = withKey(value, PictureField.role) {
        take(index, value, role)
      } else if value.range.count >= 64, value.keyRange.count <= 64, startsLikePicture(value.range) {
        // Nobody has documented the key, but what stands there is the text of a picture.
        take(index, value, .other)
      }
    }
  }

  private mutating func take(_ index: Int, _ value: JSONDocument.Value, _ role: PictureRole) {
    guard pictures.count < Self.picturesMax else { return surplus.append(name(value)) }
    guard let picture = PictureText.decode(value.range, of: storage) else {
      if role != .other { undecodable.append(name(value)) }
      return
    }
    if picture.bytes.withUnsafeBytes({ PictureKind(signatureOf: $0) }) == nil { unsigned.append(name(value)) }
    pictures.append((index, role, picture))
  }

  /// Base64 of a JPEG's or PNG's first bytes, perhaps behind a data URI's prefix.
  private func startsLikePicture(_ range: Range<Int>) -> Bool {
    let start = text(range.lowerBound..<min(range.upperBound, range.lowerBound + 48))
    return ["/9j/", "\\/9j\\/", "iVBORw", "data:image/", "data:image\\/"].contains { start.starts(with: $0.utf8) }
  }

  func name(_ value: JSONDocument.Value) -> String { withKey(value) { String(decoding: $0, as: UTF8.self) } }
}

/// Names of fields for a warning. A hostile body has many: the first few are enough to find the mistake.
struct FieldList {
  private static let namesMax = 8
  private(set) var names: [String] = []
  private(set) var count = 0

  mutating func append(_ name: String) {
    count += 1
    if names.count < Self.namesMax { names.append(name) }
  }

  /// One sentence for each name, and one that counts the others.
  func warnings(_ text: String) -> [String] {
    names.map { "\($0) \(text)" } + (count > names.count ? ["and so for \(count - names.count) more fields"] : [])
  }
}
