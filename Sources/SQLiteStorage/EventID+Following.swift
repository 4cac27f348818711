import FaceEvents

extension EventID {
  /// The ids to try, in order, for an event whose own id a different event holds already: the last 34 bits come from further words of the
  /// event's own digest, so that the same event finds the same id again, and many events that claim one id (a sender may name it in
  /// `Idempotency-Key`) do not have to walk past each other. Time and outline stay, as does ``sharesOutline(with:)``.
  func following(_ content: ContentDigest) -> [EventID] {
    let kept = low & ~0x3_FFFF_FFFF
    let words = [content.words.1 >> 30, content.words.2 >> 30, content.words.3 >> 30]
    // Then one by one from the last: reached only by events made to collide.
    let further = (1...13).map { (words[2] &+ $0) & 0x3_FFFF_FFFF }
    return (words + further).map { EventID(high: high, low: kept | $0) }
  }
}
