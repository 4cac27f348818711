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
    for (index, symbol) in symbols.enumerated() {
      if lineLength > 0, index > 0, index % lineLength == 0 { out += lineBreak }
      if hasEscapedSlashes, symbol == UInt8(ascii: "/") { out.append(UInt8(ascii: "\\")) }
      out.append(symbol)
    }
    if endsWithLineBreak { out += lineBreak }
  }
}
