import FaceEvents

/// Words that stand for pictures in a text while it is written. They begin with 128 random bits, so no text holds one by chance.
struct PictureTokens {
  private let head: [UInt8]

  init() {
    let random = [UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max)]
    head = Array("FogcatcherPicture".utf8) + random.flatMap { Array(Self.padded(String($0, radix: 16), to: 16).utf8) }
  }

  /// The index in four digits: an event has at most 64 pictures.
  func token(_ index: Int) -> [UInt8] { head + Array(Self.padded(String(index), to: 4).utf8) }

  private static func padded(_ text: String, to count: Int) -> String {
    String(repeating: "0", count: max(0, count - text.count)) + text
  }

  /// Cuts a text at its tokens.
  /// - Parameter spelling: how to write the picture; told its index, and whether it stands in a JSON string.
  func split(_ body: [UInt8], spelling: (Int, Bool) -> PictureText) -> [OutgoingBody.Piece] {
    var pieces: [OutgoingBody.Piece] = []
    var copied = 0
    var position = 0
    while let found = find(in: body, from: position) {
      position = found + head.count + 4
      guard let index = Int(String(decoding: body[found + head.count..<position], as: UTF8.self)) else { continue }
      pieces.append(.text(Array(body[copied..<found])))
      pieces.append(.picture(index, spelling(index, found > 0 && body[found - 1] == UInt8(ascii: "\""))))
      copied = position
    }
    pieces.append(.text(Array(body[copied...])))
    return pieces
  }

  private func find(in body: [UInt8], from start: Int) -> Int? {
    let last = body.count - head.count - 4
    var at = start
    while at <= last {
      if body[at] == head[0], body[at..<at + head.count].elementsEqual(head) { return at }
      at += 1
    }
    return nil
  }
}
