import FoundationEssentials

/// The pictures that simulated boxes send. They are part of the program, so that it works alone.
struct DrawnPictures: Sendable {
  private let faces: [[UInt8]]
  private let scenes: [[UInt8]]

  init() {
    faces = Self.facesTexts.compactMap { Data(base64Encoded: $0).map(Array.init) }
    scenes = Self.scenesTexts.compactMap { Data(base64Encoded: $0).map(Array.init) }
    precondition(faces.count == Self.facesTexts.count && scenes.count == Self.scenesTexts.count, "the drawn pictures are base64")
  }

  /// The enrolled picture of a person: the same bytes for the same name, always.
  func reference(look: Int, of name: String) -> [UInt8] { JPEGVariation.vary(face(look), comment: "reference of \(name)") }

  /// The crop of one passage: the person in another light.
  func crop(look: Int, passage: String, light: Int) -> [UInt8] { JPEGVariation.vary(face(look), comment: "face \(passage)", light: light) }

  func infrared(look: Int, passage: String) -> [UInt8] { JPEGVariation.vary(face(look), comment: "infrared \(passage)", light: -3) }

  func scene(_ number: Int, passage: String, light: Int) -> [UInt8] {
    JPEGVariation.vary(scenes[number % scenes.count], comment: "scene \(passage)", light: light)
  }

  private func face(_ look: Int) -> [UInt8] { faces[look % faces.count] }
}
