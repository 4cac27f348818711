/// What a ``MultipartParser`` found in a chunk, in order. A part is `partBegan`, any number of `body` and `heldBody`, `partEnded`.
public enum MultipartEvent: Sendable, Hashable {
  case partBegan(MultipartPartHead)
  /// More of the part's body: these bytes of the chunk just given. Never empty.
  case body(Range<Int>)
  /// More of the part's body: bytes of earlier chunks that were held back because they looked like the beginning of a boundary line. Never
  /// empty, at most some 330 bytes, and never there when the whole form comes as one chunk.
  case heldBody([UInt8])
  case partEnded
  /// The closing boundary line. What follows is ignored.
  case finished
}
