import Crypto
package import FaceEvents

/// What the identity of an event is made from (design.md section 4): the event as a tree, names sorted, numbers in normal form, each picture
/// replaced by the SHA-256 of its bytes. Written with lengths, so that different trees never give the same bytes.
struct CanonicalForm {
  private let tree: EventTree
  private let digests: [ContentDigest]
  /// False writes the outline: no member that is a picture, or a place for one that is empty.
  private let hasPictures: Bool
  private var out: [UInt8] = []
  private(set) var hasRepeatedNames = false

  /// Digests of the outline and of the whole.
  static func digests(of tree: EventTree, pictures: [ContentDigest]) -> (outline: ContentDigest, content: ContentDigest, hasRepeatedNames: Bool) {
    var whole = CanonicalForm(tree: tree, digests: pictures, hasPictures: true)
    whole.append(tree.root)
    var outline = CanonicalForm(tree: tree, digests: pictures, hasPictures: false)
    outline.append(tree.root)
    return (outline.digest(), whole.digest(), whole.hasRepeatedNames)
  }

  private init(tree: EventTree, digests: [ContentDigest], hasPictures: Bool) {
    self.tree = tree
    self.digests = digests
    self.hasPictures = hasPictures
    out.reserveCapacity(1024)
  }

  private func digest() -> ContentDigest { ContentDigest(sha256Of: out) }

  private mutating func append(_ index: Int) {
    let value = tree.value(index)
    switch value.kind {
    case .object: appendObject(index)
    case .array:
      out.append(UInt8(ascii: "["))
      for child in tree.document.children(of: index) { append(child) }
      out.append(UInt8(ascii: "]"))
    case .string:
      if let picture = tree.picture(at: index) {
        out.append(UInt8(ascii: "P"))
        out += digests[picture].bytes
      } else if value.hasEscapes {
        JSONText.unescape(tree.text(value.range)).withUnsafeBytes { appendCounted("S", $0) }
      } else {
        appendCounted("S", tree.text(value.range))
      }
    case .number: JSONText.normalNumber(tree.text(value.range)).withUnsafeBytes { appendCounted("N", $0) }
    case .isTrue: out.append(UInt8(ascii: "T"))
    case .isFalse: out.append(UInt8(ascii: "F"))
    case .null: out.append(UInt8(ascii: "Z"))
    }
  }

  private mutating func appendObject(_ index: Int) {
    var members: [(key: [UInt8], index: Int)] = []
    for child in tree.document.children(of: index) {
      let value = tree.value(child)
      if !hasPictures, isPicturePlace(child, value) { continue }
      members.append((tree.withKey(value) { Array($0) }, child))
    }
    // Stable: members of one name keep their order, which is part of what was sent.
    members.sort { $0.key == $1.key ? $0.index < $1.index : $0.key.lexicographicallyPrecedes($1.key) }
    for (a, b) in zip(members, members.dropFirst()) where a.key == b.key { hasRepeatedNames = true }
    out.append(UInt8(ascii: "{"))
    for member in members {
      member.key.withUnsafeBytes { appendCounted("K", $0) }
      append(member.index)
    }
    out.append(UInt8(ascii: "}"))
  }

  private func isPicturePlace(_ index: Int, _ value: JSONDocument.Value) -> Bool {
    if tree.picture(at: index) != nil { return true }
    guard value.kind == .null || value.kind == .string && value.range.isEmpty else { return false }
    return tree.withKey(value) { PictureField.role($0) } != nil
  }

  private mutating func appendCounted(_ tag: StaticString, _ bytes: UnsafeRawBufferPointer) {
    out.append(tag.utf8Start.pointee)
    withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { out.append(contentsOf: $0) }
    out.append(contentsOf: bytes)
  }
}

extension ContentDigest {
  /// SHA-256 of the bytes.
  package init(sha256Of bytes: some Sequence<UInt8> & Collection) {
    var hash = SHA256()
    if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    self.init(hash.finalize())
  }

  package init(sha256Of bytes: SharedBytes) {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    self.init(hash.finalize())
  }

  private init(_ digest: SHA256.Digest) {
    self = digest.withUnsafeBytes { bytes in
      func word(_ index: Int) -> UInt64 { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)) }
      return ContentDigest(words: (word(0), word(1), word(2), word(3)))
    }
  }
}
