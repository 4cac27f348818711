import EventCoding
import FaceEvents
import MultipartFormData

extension Workload {
  /// The steps of decoding, each alone.
  static let parsing: [Workload] = multipart + base64 + identity

  // MARK: - Form-data

  private static let multipart: [Workload] = [
    Workload("parse form-data, small", runsPerSample: 1_000, countedRuns: 200) { _ in try parse(.small, chunk: .max) },
    Workload("parse form-data, large", runsPerSample: 1, countedRuns: 20) { _ in try parse(.large, chunk: .max) },
    Workload("parse form-data, large, in chunks of 4 KiB", runsPerSample: 1, countedRuns: 20) { _ in try parse(.large, chunk: 4_096) },
  ]

  private static func parse(_ size: WireBody.Size, chunk: Int) throws -> Work {
    let body = try WireBody.formData(size)
    let boundary = try MultipartBoundary(contentType: body.contentType)
    return Work { _ in
      var parser = MultipartParser(boundary: boundary)
      var events = 0
      try body.bytes.withUnsafeBytes { bytes in
        var rest = bytes[...]
        while !rest.isEmpty {
          events += try parser.received(UnsafeRawBufferPointer(rebasing: rest.prefix(chunk))).count
          rest = rest.dropFirst(chunk)
        }
      }
      events += try parser.ended().count
      try expect(events > 7, "the form has \(events) events")
    }
  }

  // MARK: - Base64

  private static let base64: [Workload] = [
    Workload("base64 decode, 90 KB", runsPerSample: 1, countedRuns: 50) { _ in
      let text = SamplePicture.base64(SamplePicture.bytes(1, count: SamplePicture.sceneBytes))
      return Work { _ in
        // Decoded over its own text, so in a copy.
        var text = text
        let count = text.withUnsafeMutableBytes { Base64.decodeInPlace($0) }
        try expect(count == SamplePicture.sceneBytes, "the text is not base64")
      }
    },
    Workload("base64 encode, 90 KB", runsPerSample: 1, countedRuns: 50) { _ in
      let bytes = SamplePicture.bytes(1, count: SamplePicture.sceneBytes)
      return Work { _ in
        let text = SamplePicture.base64(bytes)
        try expect(text.count == SamplePicture.sceneBytes / 3 * 4, "the text has another length")
      }
    },
  ]

  // MARK: - Identity

  private static let identity: [Workload] = [
    Workload("identity, small", runsPerSample: 1_000, countedRuns: 200) { _ in try identify(.g1) },
    Workload("identity, many members", runsPerSample: 1_000, countedRuns: 200) { _ in try identify(.g5) },
    Workload("digest of a picture, 90 KB", runsPerSample: 1, countedRuns: 20) { _ in
      let bytes = SharedBytes(SamplePicture.bytes(1, count: SamplePicture.sceneBytes))
      let digest = ContentDigest(sha256Of: bytes)
      return Work { _ in try expect(ContentDigest(sha256Of: bytes) == digest, "the digest differs") }
    },
  ]

  /// Canonical form and digests of a tree that is there; its pictures have been digested.
  private static func identify(_ form: EventForm) throws -> Work {
    let tree = try ParsedEvent(WireBody.json(form, .small))
    let expected = tree.identity.content
    return Work { _ in try expect(tree.identity.content == expected, "the digest differs") }
  }
}

/// Safe as `@unchecked Sendable`: a tree is immutable, and its storage is not written after decoding.
private struct ParsedEvent: @unchecked Sendable {  // safe: see above
  private let tree: EventTree
  private let pictures: [ContentDigest]

  init(_ body: WireBody) throws {
    let storage = body.request.body
    let limits = EventDecoder.Limits()
    let document = try JSONScanner.scan(
      UnsafeRawBufferPointer(storage.bytes), from: 0, depthMax: limits.depthMax, valuesMax: limits.valuesMax)
    tree = EventTree(document: document, storage: storage, root: 0)
    pictures = tree.pictureBytes.map { ContentDigest(sha256Of: $0) }
  }

  var identity: CanonicalForm.Digests { CanonicalForm.digests(of: tree, pictures: pictures) }
}
