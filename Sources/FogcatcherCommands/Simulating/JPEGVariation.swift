/// Makes a JPEG file (ITU-T T.81) into another one that shows the same: new bytes, as a camera's next picture has, without drawing.
enum JPEGVariation {
  /// - Parameters:
  ///   - jpeg: a baseline file whose tables are 8 bits wide.
  ///   - comment: goes into a comment segment; at most 65,533 bytes of it are used.
  ///   - light: is added to the first entry of the first quantization table, which makes the contrast a little stronger or weaker.
  static func vary(_ jpeg: [UInt8], comment: String, light: Int = 0) -> [UInt8] {
    var out = jpeg
    let segments = segments(of: jpeg)
    if let table = segments.first(where: { $0.marker == 0xDB }), table.range.count > 5 {
      // Marker, length and the table's own head are five bytes.
      let entry = table.range.lowerBound + 5
      out[entry] = UInt8(clamping: max(1, Int(out[entry]) + light))
    }
    let text = Array(comment.utf8.prefix(0xFFFF - 2))
    let length = text.count + 2
    let segment = [0xFF, 0xFE, UInt8(length >> 8), UInt8(length & 0xFF)] + text
    // JFIF wants its own segment first.
    let place = segments.first.map { $0.marker == 0xE0 ? $0.range.upperBound : $0.range.lowerBound } ?? min(2, jpeg.count)
    out.insert(contentsOf: segment, at: place)
    return out
  }

  /// What stands between the start of the image and its first scan.
  static func segments(of jpeg: [UInt8]) -> [(marker: UInt8, range: Range<Int>)] {
    var found: [(marker: UInt8, range: Range<Int>)] = []
    var index = 2
    while index + 4 <= jpeg.count, jpeg[index] == 0xFF, jpeg[index + 1] != 0xDA {
      let end = index + 2 + Int(jpeg[index + 2]) << 8 + Int(jpeg[index + 3])
      guard end <= jpeg.count, end > index + 3 else { break }
      found.append((jpeg[index + 1], index..<end))
      index = end
    }
    return found
  }
}
