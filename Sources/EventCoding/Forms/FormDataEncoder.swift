import FaceEvents
import MultipartFormData

/// Writes an event as multipart/form-data (protocol.md 2.7): scalars as text, `ext_data` as one field of compact JSON text, pictures as
/// base64 text.
///
/// Whatever plain text could not carry back (a number where text is expected, null, a member that a reader would move) travels as a part of
/// `Content-Type: application/json`, so that types and ids survive.
public struct FormDataEncoder: Sendable {
  private let limits: EventDecoder.Limits

  public init(limits: EventDecoder.Limits = EventDecoder.Limits()) { self.limits = limits }

  /// - Parameter json: one JSON object.
  /// - Returns: the body and its `Content-Type`; nil when `json` is not one object, has more members than a form may have parts, or has a
  ///   member whose name no part can carry. Send such an event as JSON.
  public func encode(_ json: [UInt8]) -> (body: [UInt8], contentType: String)? {
    json.withUnsafeBytes { bytes -> (body: [UInt8], contentType: String)? in
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      guard
        let document = try? JSONScanner.scan(bytes, from: start, depthMax: limits.depthMax, valuesMax: limits.valuesMax),
        document.values[0].kind == .object
      else { return nil }
      var writer = MultipartWriter()
      var names: Set<String> = []
      var count = 0
      for index in document.children(of: 0) {
        let value = document.values[index]
        count += 1
        guard count <= limits.formPartsMax, let name = partName(unescaped(bytes, value.keyRange, value.keyHasEscapes)) else { return nil }
        append(document, index, name: name, isFirst: names.insert(name).inserted, bytes, to: &writer)
      }
      let (body, boundary) = writer.finish()
      return (body, "multipart/form-data; boundary=\(boundary.text)")
    }
  }

  /// A name that occurs again is never plain: two plain parts of one container would be merged.
  private func append(
    _ document: JSONDocument, _ index: Int, name: String, isFirst: Bool, _ bytes: UnsafeRawBufferPointer, to writer: inout MultipartWriter
  ) {
    let value = document.values[index]
    let isString = value.kind == .string
    let span = isString ? Int(value.start) - 1..<Int(value.end) + 1 : value.range
    let json = UnsafeRawBufferPointer(rebasing: bytes[span])
    let text = isString ? unescaped(bytes, value.range, value.hasEscapes) : JSONText.compact(json)
    // Readers of form-data take two backslashes for one.
    let written =
      name.utf8.contains(UInt8(ascii: "\\"))
      ? name.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\") : name
    if isFirst, isPlain(name, value, text) {
      writer.append(name: written, body: text)
    } else {
      writer.append(name: written, contentType: "application/json", body: isString ? Array(json) : text)
    }
  }

  /// Nil for what would be read back as another name: what is not UTF-8, control characters, and the escapes that browsers write.
  private func partName(_ bytes: [UInt8]) -> String? {
    let isText = bytes.withUnsafeBytes(UTF8Sequence.isText) && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A || $0 == 0x0D }
    let name = String(decoding: bytes, as: UTF8.self)
    let upper = name.uppercased()
    return isText && !["%22", "%0A", "%0D"].contains(where: upper.contains) ? name : nil
  }

  private func unescaped(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ hasEscapes: Bool) -> [UInt8] {
    let text = UnsafeRawBufferPointer(rebasing: bytes[range])
    return hasEscapes ? JSONText.unescape(text) : Array(text)
  }

  /// Whether a reader of the part would put this very value at this very place.
  private func isPlain(_ name: String, _ value: JSONDocument.Value, _ text: [UInt8]) -> Bool {
    let field = EventField(name: name)
    guard FormPath(name) == nil, field.map({ !EventField.extensionMembers.contains($0) }) ?? true else { return false }
    let isContainer = field.map { EventField.containers.contains($0) } ?? false
    switch (text.withUnsafeBytes { FormValue(name: name, $0, limits: limits) }, value.kind) {
    case (.json, .object): return true
    case (.json, .array): return !isContainer
    case (.number, .number): return true
    case (.text, .string): return !isContainer && text.withUnsafeBytes(UTF8Sequence.isText)
    default: return false
    }
  }
}
