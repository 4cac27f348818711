/// Small files of `/proc` and `/sys`.
enum ProcFile {
  /// Empty where there is no such file.
  static func text(_ path: String) -> String { String(decoding: (try? FileBytes.read(path, bytesMax: 1 << 20)) ?? [], as: UTF8.self) }
}
