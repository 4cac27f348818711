/// Why a body that came, or was to come, cannot be given to the decoder.
enum BodyFailure: Error, Equatable {
  case refused(IntakeRefusal)
  case damagedCompression(ContentEncoding)
  case unsupportedEncoding(String)
}
