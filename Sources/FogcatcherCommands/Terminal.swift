#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The three streams of the process.
enum Terminal {
  static func printLine(_ text: String) { put(Array((text + "\n").utf8), to: STDOUT_FILENO) }

  static func printError(_ text: String) { put(Array((text + "\n").utf8), to: STDERR_FILENO) }

  static func put(_ bytes: some Collection<UInt8>, to descriptor: Int32 = STDOUT_FILENO) {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      // The reader has gone, as `head` does: nobody is left to tell.
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// One line that is written over again and again; nothing when standard error is no terminal.
  static func showProgress(_ text: String) {
    if errorIsTerminal { put(Array("\r\u{1B}[K\(text)".utf8), to: STDERR_FILENO) }
  }

  static func clearProgress() {
    if errorIsTerminal { put(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }
  }
}
