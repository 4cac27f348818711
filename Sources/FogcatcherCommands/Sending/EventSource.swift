import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One file, or standard input, that events are read from.
struct EventSource: Equatable, Sendable {
  static let extensions = ["json", "ndjson", "jsonl"]

  /// `-` is standard input.
  var path: String

  var name: String { path == "-" ? "stdin" : path }

  var mode: JSONSplitter.Mode { path.hasSuffix(".ndjson") || path.hasSuffix(".jsonl") ? .lines : .values }

  /// The files that an argument means: itself, or what a directory holds, in the order of names.
  /// - Throws: when there is nothing to read.
  static func sources(of argument: String) throws(FileError) -> [EventSource] {
    if argument == "-" { return [EventSource(path: argument)] }
    var status = stat()
    guard stat(argument, &status) == 0 else { throw FileError(path: argument) }
    guard status.st_mode & S_IFMT == S_IFDIR else { return [EventSource(path: argument)] }
    let names = try Directory.names(in: argument).filter { name in
      !name.hasPrefix(".") && extensions.contains { name.hasSuffix(".\($0)") }
    }
    guard !names.isEmpty else {
      throw FileError(path: argument, cause: "the directory has no files that end in .json, .ndjson or .jsonl")
    }
    return names.sorted().map { EventSource(path: argument.hasSuffix("/") ? argument + $0 : "\(argument)/\($0)") }
  }
}

/// Reads the events of one source, a piece at a time, on a thread that may wait.
struct EventReader {
  private let source: EventSource
  private let descriptor: Int32
  private var splitter: JSONSplitter
  private var ready: [JSONSplitter.Element] = []
  private var isAtEnd = false

  /// - Parameter eventBytesMax: a longer event is an error.
  init(_ source: EventSource, eventBytesMax: Int) throws(FileError) {
    self.source = source
    splitter = JSONSplitter(mode: source.mode, bytesMax: eventBytesMax)
    descriptor = source.path == "-" ? dup(STDIN_FILENO) : open(source.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: source.path) }
  }

  func finish() { close(descriptor) }

  /// The next event; nil at the end.
  mutating func next() async throws -> JSONSplitter.Element? {
    while ready.isEmpty {
      guard !isAtEnd else { return nil }
      let chunk = try await readChunk()
      do {
        ready = chunk.isEmpty ? [splitter.finish()].compactMap { $0 } : try splitter.append(chunk).reversed()
      } catch {
        throw FileError(path: "\(source.name):\(error.line)", cause: "an event is larger than \(ByteSize.text(error.bytesMax))")
      }
      isAtEnd = chunk.isEmpty
    }
    return ready.popLast()
  }

  private func readChunk() async throws -> [UInt8] {
    let (descriptor, name) = (self.descriptor, source.name)
    return try await NIOThreadPool.singleton.runIfActive {
      var chunk = [UInt8](repeating: 0, count: 64 << 10)
      let count = try FileBytes.read(descriptor, into: &chunk, path: name)
      return Array(chunk[..<count])
    }
  }
}
