public import FaceEvents
extension EventDecoder {
  /// Never throws: each element of the answer says for itself what became of it.
  public func decode(_ request: EncodedRequest) -> DecodedRequest {
    DecodedRequest(isArray: false, elements: [])
  }
}
