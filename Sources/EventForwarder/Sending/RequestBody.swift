import AsyncHTTPClient
package import EventCoding
package import FaceEvents
package import NIOCore
import Synchronization

/// A body with the sizes of its pictures known, so that the request can say its length; the pictures themselves are read when they are
/// written, one after the other. What is held is one picture at a time, whatever the backlog.
package struct RequestBody: Sendable {
  /// Bodies up to this size go out in one piece, which is quicker.
  private static let wholeBytesMax = 384 << 10
  /// Bytes of a picture in one piece of a large body; a multiple of three.
  private static let partBytes = 96 << 10

  private enum Piece: Sendable {
    case text(ByteBuffer)
    case picture(EventPicture, PictureLocation, PictureText)
  }

  private let pieces: [Piece]
  package let byteCount: Int
  let contentType: String
  private let pictures: any PictureStore

  /// - Throws: ``StorageError``: `.damaged` when the event or one of its pictures is not what was written.
  package init(_ stored: StoredEvent, rendering: EventRendering, pictures: any PictureStore) async throws(StorageError) {
    var inline: [Int: SharedBytes] = [:]
    for index in rendering.inlinePictures(of: stored.event) {
      inline[index] = try await pictures.picture(at: stored.locations[index], digest: stored.event.pictures[index].digest)
    }
    guard let body = rendering.body(of: stored.event, inline: inline) else {
      throw .damaged("the text of event number \(stored.sequence) has no places for its pictures")
    }
    var pieces: [Piece] = []
    var byteCount = 0
    for piece in body.pieces {
      switch piece {
      case .text(let text):
        pieces.append(.text(ByteBuffer(bytes: text)))
        byteCount += text.count
      case .picture(let index, let text):
        let (picture, location) = (stored.event.pictures[index], stored.locations[index])
        pieces.append(.picture(picture, location, text))
        if let count = text.textCount(ofPictureOf: picture.byteCount) {
          byteCount += count
        } else {
          byteCount += text.text(of: try await pictures.picture(at: location, digest: picture.digest)).count
        }
      }
    }
    self.pieces = pieces
    self.byteCount = byteCount
    self.pictures = pictures
    contentType = body.contentType
  }

  /// - Parameter failure: gets what went wrong with a picture while the body was on its way; the HTTP client only says that it ended early.
  func httpBody(_ failure: BodyFailure) async throws(StorageError) -> HTTPClientRequest.Body {
    guard byteCount > Self.wholeBytesMax else { return .bytes(try await whole()) }
    return .stream(BodyStream(body: self, failure: failure), length: .known(Int64(byteCount)))
  }

  /// In one piece, whatever its size.
  package func whole() async throws(StorageError) -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: byteCount)
    for piece in pieces {
      switch piece {
      case .text(let text): buffer.writeImmutableBuffer(text)
      case .picture(let picture, let location, let text):
        let bytes = try await pictures.picture(at: location, digest: picture.digest)
        Self.write(bytes, text, to: &buffer)
      }
    }
    return buffer
  }

  private static func write(_ bytes: SharedBytes, _ text: PictureText, to buffer: inout ByteBuffer) {
    guard text.hasPlainSymbols else { return _ = buffer.writeBytes(text.text(of: bytes)) }
    buffer.writeBytes(text.prefix)
    writeSymbols(bytes, text, to: &buffer)
  }

  private static func writeSymbols(_ bytes: SharedBytes, _ text: PictureText, to buffer: inout ByteBuffer) {
    bytes.withUnsafeBytes { bytes in
      _ = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count / 3 * 4 + 4) { text.writeSymbols(bytes, to: $0) }
    }
  }

  /// The body piece by piece.
  struct BodyStream: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    let body: RequestBody
    let failure: BodyFailure

    func makeAsyncIterator() -> Iterator { Iterator(body: body, failure: failure) }

    struct Iterator: AsyncIteratorProtocol {
      let body: RequestBody
      let failure: BodyFailure
      private var index = 0
      /// The picture that is being written, and how far.
      private var current: (bytes: SharedBytes, text: PictureText, offset: Int)?

      init(body: RequestBody, failure: BodyFailure) {
        self.body = body
        self.failure = failure
      }

      mutating func next() async throws -> ByteBuffer? {
        if let part = nextPart() { return part }
        guard index < body.pieces.count else { return nil }
        defer { index += 1 }
        switch body.pieces[index] {
        case .text(let text): return text
        case .picture(let picture, let location, let text):
          let bytes: SharedBytes
          do {
            bytes = try await body.pictures.picture(at: location, digest: picture.digest)
          } catch {
            failure.note(error)
            throw error
          }
          guard text.hasPlainSymbols else { return ByteBuffer(bytes: text.text(of: bytes)) }
          current = (bytes, text, 0)
          return ByteBuffer(bytes: text.prefix)
        }
      }

      private mutating func nextPart() -> ByteBuffer? {
        guard let (bytes, text, offset) = current, offset < bytes.count else {
          current = nil
          return nil
        }
        let end = Swift.min(bytes.count, offset + RequestBody.partBytes)
        var buffer = ByteBufferAllocator().buffer(capacity: (end - offset) / 3 * 4 + 4)
        RequestBody.writeSymbols(bytes[offset..<end], text, to: &buffer)
        current = (bytes, text, end)
        return buffer
      }
    }
  }
}

/// Carries a fault of the node's own pictures past the HTTP client.
final class BodyFailure: Sendable {
  private let error = Mutex<StorageError?>(nil)

  func note(_ error: StorageError) { self.error.withLock { $0 = $0 ?? error } }

  var storageError: StorageError? { error.withLock { $0 } }
}
