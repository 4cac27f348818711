import FaceEvents
import MultipartFormData

/// Writes an event as multipart/form-data (protocol.md 2.7): scalars as text, `ext_data` as one field of compact JSON text, pictures as base64 text.
///
/// Whatever plain text could not carry back (a number where text is expected, null, a member that a reader would move) travels as a part of
/// `Content-Type: application/json`, so that types and ids survive.
public struct FormDataEncoder: Sendable {
  private let limits: EventDecoder.Limits

  public init(limits: EventDecoder.Limits = EventDecoder.Limits()) { self.limits = limits }

  /// - Parameter json: one JSON object.
  /// - Returns: the body and its `Content-Type`; nil when `json` is not one object.
  public func encode(_ json: [UInt8]) -> (body: [UInt8], contentType: String)? {
    json.withUnsafeBytes { bytes -> (body: [UInt8], contentType: String)? in
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      guard
        let document = try? JSONScanner.scan(bytes, from: start, depthMax: limits.depthMax, valuesMax: limits.valuesMax),
        document.values[0].kind == .object
      else { return nil }
      var writer = MultipartWriter()
      var names: Set<[UInt8]> = []
      for index in document.children(of: 0) {
        let isFirst = names.insert(Array(bytes[document.values[index].keyRange])).inserted
        append(document, index, isFirst: isFirst, bytes, to: &writer)
      }
      let (body, boundary) = writer.finish()
      return (body, "multipart/form-data; boundary=\(boundary.text)")
    }
  }

  /// A name that occurs again is never plain: two plain parts of one container would be merged.
  private func append(_ document: JSONDocument, _ index: Int, isFirst: Bool, _ bytes: UnsafeRawBufferPointer, to writer: inout MultipartWriter) {
    let value = document.values[index]
    let name = String(decoding: unescaped(bytes, value.keyRange, value.keyHasEscapes), as: UTF8.self)
    let isString = value.kind == .string
    let span = isString ? Int(value.start) - 1..<Int(value.end) + 1 : value.range
    let json = UnsafeRawBufferPointer(rebasing: bytes[span])
    let text = isString ? unescaped(bytes, value.range, value.hasEscapes) : JSONText.compact(json)
    if isFirst, isPlain(name, value, text) {
      writer.append(name: name, body: text)
    } else {
      writer.append(name: name, contentType: "application/json", body: isString ? Array(json) : text)
    }
  }

  private func unescaped(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ hasEscapes: Bool) -> [UInt8] {
    let text = UnsafeRawBufferPointer(rebasing: bytes[range])
    return hasEscapes ? JSONText.unescape(text) : Array(text)
  }

  /// Whether a reader of the part would put this very value at this very place.
  private func isPlain(_ name: String, _ value: JSONDocument.Value, _ text: [UInt8]) -> Bool {
    let field = EventField(rawValue: name)
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
