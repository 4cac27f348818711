/// A part of a form that is in memory as a whole.
public struct MultipartPart: Sendable, Hashable {
  public var head: MultipartPartHead
  /// The part's body within the bytes that were parsed; may be empty.
  public var body: Range<Int>

  public init(head: MultipartPartHead, body: Range<Int>) {
    self.head = head
    self.body = body
  }

  /// See ``MultipartPartHead/name``.
  public var name: String { head.name }
  /// See ``MultipartPartHead/filename``.
  public var filename: String? { head.filename }
  /// See ``MultipartPartHead/contentType``.
  public var contentType: String? { head.contentType }
  public var headers: [MultipartHeader] { head.headers }
}

extension MultipartParser {
  /// Takes a whole form apart at once. Nothing is copied but the headers.
  ///
  /// - Returns: the parts in order; none for a form that has only its closing boundary line.
  public static func parts(
    in form: UnsafeRawBufferPointer, boundary: MultipartBoundary, limits: MultipartLimits = MultipartLimits()
  ) throws(MultipartError) -> [MultipartPart] {
    var parser = MultipartParser(boundary: boundary, limits: limits)
    let events = try parser.received(form) + parser.ended()
    var parts: [MultipartPart] = []
    for event in events {
      switch event {
      case .partBegan(let head): parts.append(MultipartPart(head: head, body: 0..<0))
      case .body(let range): parts[parts.count - 1].body = range
      case .heldBody: preconditionFailure("nothing is held back between chunks when there is one chunk")
      case .partEnded, .finished: break
      }
    }
    return parts
  }
}
