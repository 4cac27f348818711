import Crypto
package import FaceEvents

/// What the identity of an event is made from (design.md section 4): the event as a tree, names sorted, numbers in normal form, each
/// picture replaced by the SHA-256 of its bytes. Written with lengths, so that different trees never give the same bytes.
///
/// The outline is the same without the members that are pictures or empty places for one. Both are written in one walk.
package struct CanonicalForm {
  package struct Digests {
    package var outline: ContentDigest
    package var content: ContentDigest
    /// Some object has a name twice; of members with one name the last one counts.
    var hasRepeatedNames: Bool
  }

  private let tree: EventTree
  private let pictures: [ContentDigest]
  private var out = HashedText()
  private var hasRepeatedNames = false

  /// - Parameter pictures: digests of the tree's pictures, in order.
  package static func digests(of tree: EventTree, pictures: [ContentDigest]) -> Digests {
    var form = CanonicalForm(tree: tree, pictures: pictures)
    form.append(tree.root)
    let (content, outline) = form.out.digests()
    return Digests(outline: outline, content: content, hasRepeatedNames: form.hasRepeatedNames)
  }

  private init(tree: EventTree, pictures: [ContentDigest]) {
    self.tree = tree
    self.pictures = pictures
  }

  /// Recursion is bounded by the depth that the scanner lets pass.
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
        pictures[picture].bytes.withUnsafeBytes { out.append($0) }
      } else if value.hasEscapes {
        JSONText.unescape(tree.text(value.range)).withUnsafeBytes { out.append(UInt8(ascii: "S"), $0) }
      } else {
        out.append(UInt8(ascii: "S"), tree.text(value.range))
      }
    case .number: JSONText.normalNumber(tree.text(value.range)).withUnsafeBytes { out.append(UInt8(ascii: "N"), $0) }
    case .isTrue: out.append(UInt8(ascii: "T"))
    case .isFalse: out.append(UInt8(ascii: "F"))
    case .null: out.append(UInt8(ascii: "Z"))
    }
  }

  private mutating func appendObject(_ index: Int) {
    let members = sortedMembers(of: index)
    out.append(UInt8(ascii: "{"))
    for member in members {
      let isHidden = isPicturePlace(member)
      if isHidden { out.hide() }
      member.withName(in: tree.bytes) { out.append(UInt8(ascii: "K"), $0) }
      append(member.index)
      if isHidden { out.show() }
    }
    out.append(UInt8(ascii: "}"))
  }

  /// By the bytes of their names; members of one name keep their order, which is part of what was sent.
  private mutating func sortedMembers(of index: Int) -> [Member] {
    let text = tree.bytes
    var members: [Member] = []
    members.reserveCapacity(16)
    for child in tree.document.children(of: index) { members.append(Member(child, tree.value(child), in: text)) }
    members.sort {
      let order = $0.compare($1, in: text)
      return order == 0 ? $0.index < $1.index : order < 0
    }
    for index in members.indices.dropFirst() where members[index - 1].compare(members[index], in: text) == 0 { hasRepeatedNames = true }
    return members
  }

  private func isPicturePlace(_ member: Member) -> Bool {
    let value = tree.value(member.index)
    switch value.kind {
    case .string where !value.range.isEmpty: return tree.picture(at: member.index) != nil
    case .string, .null: return member.withName(in: tree.bytes, PictureField.role) != nil
    default: return false
    }
  }
}

private struct Member {
  let index: Int
  private let span: Range<Int>
  /// The name, when it is not what stands in the text.
  private let unescaped: [UInt8]?

  init(_ index: Int, _ value: JSONDocument.Value, in text: UnsafeRawBufferPointer) {
    self.index = index
    span = value.keyRange
    unescaped = value.keyHasEscapes ? JSONText.unescape(UnsafeRawBufferPointer(rebasing: text[span])) : nil
  }

  func withName<R>(in text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    if let unescaped { return unescaped.withUnsafeBytes(body) }
    return body(UnsafeRawBufferPointer(rebasing: text[span]))
  }

  /// Below 0 when this name stands before the other.
  func compare(_ other: Member, in text: UnsafeRawBufferPointer) -> Int {
    withName(in: text) { a in
      other.withName(in: text) { b in
        for index in 0..<min(a.count, b.count) where a[index] != b[index] { return Int(a[index]) - Int(b[index]) }
        return a.count - b.count
      }
    }
  }
}

/// Two digests of bytes that come in small pieces, one of all and one without what is hidden. The bytes are not held: an event may have
/// megabytes of text.
private struct HashedText {
  private static let pendingMax = 4096
  private var whole = SHA256()
  private var outline = SHA256()
  private var pending: [UInt8] = []
  /// What is pending from here on is not in the outline yet.
  private var shownFrom = 0
  private var isHidden = false

  init() { pending.reserveCapacity(1024) }

  mutating func append(_ byte: UInt8) { pending.append(byte) }

  /// A tag, the length in four bytes, and the bytes.
  mutating func append(_ tag: UInt8, _ bytes: UnsafeRawBufferPointer) {
    pending.append(tag)
    withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { append($0) }
    append(bytes)
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if pending.count + bytes.count > Self.pendingMax { flush() }
    if bytes.count > Self.pendingMax {
      whole.update(bufferPointer: bytes)
      if !isHidden { outline.update(bufferPointer: bytes) }
    } else {
      pending.append(contentsOf: bytes)
    }
  }

  mutating func hide() {
    flushOutline()
    isHidden = true
  }

  mutating func show() {
    shownFrom = pending.count
    isHidden = false
  }

  mutating func digests() -> (whole: ContentDigest, outline: ContentDigest) {
    flush()
    return (ContentDigest(whole.finalize()), ContentDigest(outline.finalize()))
  }

  private mutating func flush() {
    flushOutline()
    pending.withUnsafeBytes { whole.update(bufferPointer: $0) }
    pending.removeAll(keepingCapacity: true)
    shownFrom = 0
  }

  private mutating func flushOutline() {
    guard !isHidden else { return }
    pending.withUnsafeBytes { outline.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[shownFrom...])) }
    shownFrom = pending.count
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

  fileprivate init(_ digest: SHA256.Digest) {
    self = digest.withUnsafeBytes { bytes in
      func word(_ index: Int) -> UInt64 { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)) }
      return ContentDigest(words: (word(0), word(1), word(2), word(3)))
    }
  }
}
