import FaceEvents

extension PictureText {
  /// Appends the text of a picture as it stood between the quotation marks of the sender's JSON.
  func write(_ picture: UnsafeRawBufferPointer, to out: inout [UInt8]) {
    out += prefix
    guard hasEscapedSlashes || lineLength > 0 || !lineBreak.isEmpty else {
      Base64.append(picture, urlSafe: isURLSafe, padded: isPadded, to: &out)
      return
    }
    var symbols: [UInt8] = []
    symbols.reserveCapacity(picture.count / 3 * 4 + 4)
    Base64.append(picture, urlSafe: isURLSafe, padded: isPadded, to: &symbols)
    out.reserveCapacity(out.count + symbols.count + symbols.count / 16)
    var start = 0
    while start < symbols.count {
      if start > 0 { out += lineBreak }
      let end = lineLength > 0 ? min(symbols.count, start + lineLength) : symbols.count
      append(symbols[start..<end], to: &out)
      start = end
    }
    if endsWithLineBreak { out += lineBreak }
  }

  private func append(_ line: ArraySlice<UInt8>, to out: inout [UInt8]) {
    guard hasEscapedSlashes else { return out.append(contentsOf: line) }
    for symbol in line {
      if symbol == UInt8(ascii: "/") { out.append(UInt8(ascii: "\\")) }
      out.append(symbol)
    }
  }
}
