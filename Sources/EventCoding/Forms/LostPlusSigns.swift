import FaceEvents

/// Puts back the plus signs that a sender of an urlencoded form forgot to write as `%2B` (`curl -d "reg_pic=$(base64 p.jpg)"`): decoding
/// made blanks of them, and without them a picture would be another picture.
///
/// Only the text of pictures is touched: base64 has plus signs and no blanks.
struct LostPlusSigns {
  let limits: EventDecoder.Limits

  /// - Returns: whether anything was put back.
  func mend(_ value: inout [UInt8], of name: String) -> Bool {
    guard value.contains(0x20) else { return false }
    let last = FormPath(name)?.names.last ?? name
    if isPicture(Array(last.utf8)) { return mend(&value, value.startIndex..<value.endIndex) }
    return value.first == UInt8(ascii: "{") && mendMembers(&value)
  }

  private func mendMembers(_ json: inout [UInt8]) -> Bool {
    let document = json.withUnsafeBytes { try? JSONScanner.scan($0, depthMax: limits.depthMax, valuesMax: limits.valuesMax) }
    var isMended = false
    for value in document?.values ?? [] where value.kind == .string && value.keyStart >= 0 && isPicture(Array(json[value.keyRange])) {
      if mend(&json, value.range) { isMended = true }
    }
    return isMended
  }

  private func isPicture(_ key: [UInt8]) -> Bool { key.withUnsafeBytes(PictureField.role) != nil }

  /// Nothing but base64, blanks and line ends, or it is a text of another kind.
  private func mend(_ text: inout [UInt8], _ range: Range<Int>) -> Bool {
    var base64 = text[range]
    if base64.starts(with: "data:".utf8), let comma = base64.firstIndex(of: UInt8(ascii: ",")) { base64 = base64[(comma + 1)...] }
    let others = Array(" =\r\n".utf8)
    guard base64.contains(0x20), base64.allSatisfy({ Base64.isSymbol[Int($0)] || others.contains($0) }) else { return false }
    for index in base64.indices where text[index] == 0x20 { text[index] = UInt8(ascii: "+") }
    return true
  }
}
