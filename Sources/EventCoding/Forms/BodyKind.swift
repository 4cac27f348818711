import FaceEvents
import MultipartFormData

/// What a body is, by its own look first and by what the request says of it second (protocol.md T14).
enum BodyKind {
  /// JSON, or something that will be refused as JSON; the text begins at this offset, after a byte order mark.
  case json(start: Int)
  case form(BodyEncoding, [FormField])

  init(of request: EncodedRequest, limits: EventDecoder.Limits) throws(DecodingError) {
    let body = UnsafeRawBufferPointer(request.body.bytes)
    let start = body.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let first = body[start...].first(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }) else {
      throw Self.error(.empty, "the body is empty; send the event as JSON or as a form", request)
    }
    let type = request.contentType.flatMap(ContentType.init)
    if let name = Self.wideEncoding(body) {
      throw Self.error(.malformed, "the body is not JSON: \(JSONError(reason: .notUTF8(name), offset: 0))", request)
    } else if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      self = .json(start: start)
    } else if let boundary = try Self.boundary(body, type, request) {
      self = .form(.formData, try Self.parts(body, boundary, request, limits))
    } else if type?.essence == "application/x-www-form-urlencoded" || Self.looksURLEncoded(body) {
      self = .form(.urlencoded, try Self.pairs(body, request, limits))
    } else {
      self = .json(start: start)
    }
  }

  private static func error(_ code: DecodingError.Code, _ message: String, _ request: EncodedRequest) -> DecodingError {
    DecodingError(code: code, message: message, body: request.body.share(0..<request.body.count))
  }

  /// From the header, when the body has a line with it; else from the body's first line.
  private static func boundary(
    _ body: UnsafeRawBufferPointer, _ type: ContentType?, _ request: EncodedRequest
  ) throws(DecodingError) -> MultipartBoundary? {
    let isMultipart = type?.type == "multipart"
    let named = isMultipart ? try? MultipartBoundary(contentType: request.contentType ?? "") : nil
    let sniffed = body.starts(with: "--".utf8) ? MultipartBoundary.sniff(body) : nil
    if let named, sniffed == nil || sniffed == named { return named }
    if let sniffed { return sniffed }
    guard isMultipart else { return nil }
    throw error(.malformed, "the form has no boundary: Content-Type must name the one that the body uses", request)
  }

  private static func parts(
    _ body: UnsafeRawBufferPointer, _ boundary: MultipartBoundary, _ request: EncodedRequest, _ limits: EventDecoder.Limits
  ) throws(DecodingError) -> [FormField] {
    do {
      let parts = try MultipartParser.parts(in: body, boundary: boundary, limits: MultipartLimits(partsMax: limits.formPartsMax))
      return parts.map {
        FormField(name: $0.name, bytes: request.body.share($0.body), contentType: $0.contentType, isFile: $0.filename != nil)
      }
    } catch {
      throw Self.error(.malformed, "the form can't be read: \(error)", request)
    }
  }

  private static func pairs(
    _ body: UnsafeRawBufferPointer, _ request: EncodedRequest, _ limits: EventDecoder.Limits
  ) throws(DecodingError) -> [FormField] {
    do {
      return try URLEncodedForm.fields(in: body, fieldsMax: limits.formPartsMax).map { pair in
        let name = String(decoding: pair.name, as: UTF8.self)
        var value = pair.value
        let isMended = LostPlusSigns(limits: limits).mend(&value, of: name)
        return FormField(name: name, bytes: SharedBytes(value), contentType: nil, isFile: false, isMended: isMended)
      }
    } catch {
      throw Self.error(.malformed, "the form can't be read: \(error)", request)
    }
  }

  /// `name=value`, with a name of the characters that field names have.
  private static func looksURLEncoded(_ body: UnsafeRawBufferPointer) -> Bool {
    guard let cut = body.prefix(64).firstIndex(of: UInt8(ascii: "=")), cut > 0 else { return false }
    return body[..<cut].allSatisfy { $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 26 || "_-.[]%".utf8.contains($0) }
  }

  /// By the byte order mark, or by the zeros beside the first character, which is ASCII in any JSON.
  private static func wideEncoding(_ body: UnsafeRawBufferPointer) -> String? {
    if body.starts(with: [0xFF, 0xFE]) || body.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    return body.count > 1 && body.prefix(2).contains(0) ? "UTF-16 or UTF-32" : nil
  }
}
