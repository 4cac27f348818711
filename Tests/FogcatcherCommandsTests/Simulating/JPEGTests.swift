import Testing

@testable import FogcatcherCommands

@Suite("Drawn pictures")
struct JPEGTests {
  /// What a decoder needs (ITU-T T.81 B): start, tables, one frame, a scan, end; every segment within the file.
  private func isWhole(_ jpeg: [UInt8]) -> Bool {
    guard jpeg.starts(with: [0xFF, 0xD8, 0xFF]), jpeg.suffix(2) == [0xFF, 0xD9] else { return false }
    let segments = JPEGVariation.segments(of: jpeg)
    let markers = segments.map(\.marker)
    guard let scan = segments.last?.range.upperBound, jpeg[scan...].starts(with: [0xFF, 0xDA]) else { return false }
    return markers.contains(0xDB) && markers.contains(0xC4) && markers.contains(0xC0)
  }

  @Test("Every face and scene is a whole JPEG file, and stays one when it is varied")
  func whole() {
    let pictures = DrawnPictures()
    for look in 0..<DrawnPictures.facesTexts.count {
      #expect(isWhole(pictures.reference(look: look, of: "E-1")))
      for light in -3...3 { #expect(isWhole(pictures.crop(look: look, passage: "1/2", light: light))) }
      #expect(isWhole(pictures.infrared(look: look, passage: "1/2")))
    }
    for number in 0..<DrawnPictures.scenesTexts.count { #expect(isWhole(pictures.scene(number, passage: "1/2", light: 1))) }
  }

  @Test("A comment is put behind the JFIF segment and nothing else moves; a long one is cut")
  func comment() {
    let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xDB, 0, 5, 0, 9, 7, 0xFF, 0xDA, 0xFF, 0xD9]
    #expect(
      JPEGVariation.vary(jpeg, comment: "ab", light: 2)
        == [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFE, 0, 4, 97, 98, 0xFF, 0xDB, 0, 5, 0, 11, 7, 0xFF, 0xDA, 0xFF, 0xD9])
    let long = JPEGVariation.vary(jpeg, comment: String(repeating: "x", count: 100_000))
    #expect(long.count == jpeg.count + 65_533 + 4)
    #expect(JPEGVariation.segments(of: long).map(\.marker) == [0xE0, 0xFE, 0xDB])
  }

  @Test("The light stays within what a table may hold")
  func light() {
    let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDB, 0, 5, 0, 1, 7, 0xFF, 0xDA]
    #expect(JPEGVariation.vary(jpeg, comment: "", light: -5)[11] == 1)
    #expect(JPEGVariation.vary(jpeg, comment: "", light: 1000)[11] == 255)
  }

  @Test(
    "What is no JPEG is not read beyond its end",
    arguments: [[], [0xFF], [0xFF, 0xD8, 0xFF], [0xFF, 0xD8, 0xFF, 0xDB, 0xFF, 0xFF, 1]] as [[UInt8]])
  func broken(bytes: [UInt8]) {
    #expect(JPEGVariation.segments(of: bytes).isEmpty)
    #expect(JPEGVariation.vary(bytes, comment: "a").count == bytes.count + 5)
  }
}
