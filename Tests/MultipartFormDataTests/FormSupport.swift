import MultipartFormData

/// A part with its body copied out, for comparison.
struct WholePart: Hashable {
  var head: MultipartPartHead
  var body: [UInt8]
}

enum Outcome: Hashable {
  /// `isFinished` tells whether the closing boundary line was reported, once and last.
  case parts([WholePart], isFinished: Bool)
  case error(MultipartError)
}

/// Runs a form through the parser in the given pieces, and joins what it reports; whatever breaks the promised order of events is a
/// trap, so that no test passes by accident.
func outcome(of pieces: [ArraySlice<UInt8>], boundary: String, limits: MultipartLimits = MultipartLimits()) -> Outcome {
  do throws(MultipartError) {
    var parser = MultipartParser(boundary: try MultipartBoundary(boundary), limits: limits)
    var reader = EventReader()
    for piece in pieces {
      try piece.withUnsafeBufferPointer { bytes throws(MultipartError) in
        let chunk = UnsafeRawBufferPointer(bytes)
        reader.take(try parser.received(chunk), of: chunk)
      }
    }
    reader.take(try parser.ended(), of: UnsafeRawBufferPointer(start: nil, count: 0))
    return .parts(reader.parts, isFinished: reader.isFinished)
  } catch {
    return .error(error)
  }
}

func outcome(of form: [UInt8], boundary: String, limits: MultipartLimits = MultipartLimits()) -> Outcome {
  outcome(of: [form[...]], boundary: boundary, limits: limits)
}

private struct EventReader {
  var parts: [WholePart] = []
  var isFinished = false
  private var isInPart = false

  mutating func take(_ events: [MultipartEvent], of chunk: UnsafeRawBufferPointer) {
    for event in events {
      precondition(!isFinished, "an event after the last")
      switch event {
      case .partBegan(let head):
        precondition(!isInPart)
        isInPart = true
        parts.append(WholePart(head: head, body: []))
      case .body(let range):
        precondition(isInPart && !range.isEmpty)
        parts[parts.count - 1].body += chunk[range]
      case .heldBody(let bytes):
        precondition(isInPart && !bytes.isEmpty && bytes.count < 400)
        parts[parts.count - 1].body += bytes
      case .partEnded:
        precondition(isInPart)
        isInPart = false
      case .finished:
        precondition(!isInPart)
        isFinished = true
      }
    }
  }
}

/// Writes CRLF for every line end of a literal.
func crlf(_ text: String) -> [UInt8] { Array(text.utf8).flatMap { $0 == UInt8(ascii: "\n") ? [13, 10] : [$0] } }

/// A reproducible generator (SplitMix64); print the seed when a test fails.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

func pieces(of form: [UInt8], size: Int) -> [ArraySlice<UInt8>] {
  stride(from: 0, to: form.count, by: size).map { form[$0..<min($0 + size, form.count)] }
}

/// Pieces of random sizes, mostly small ones so that many cuts fall into boundary lines.
func randomPieces(of form: [UInt8], using generator: inout SeededGenerator) -> [ArraySlice<UInt8>] {
  let largest = [2, 7, 40, 1000].randomElement(using: &generator) ?? 1
  var pieces: [ArraySlice<UInt8>] = []
  var start = 0
  while start < form.count {
    let end = min(form.count, start + Int.random(in: 0...largest, using: &generator))
    pieces.append(form[start..<end])
    start = end
  }
  return pieces
}
