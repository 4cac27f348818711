import FaceEvents

extension CommandFailure {
  init(_ error: StorageError) {
    switch error {
    case .locked: self.init("\(error)", code: .locked)
    default: self.init("\(error)", code: .storage)
    }
  }

  init(_ error: SettingsError) { self.init("\(error)", code: .settings) }

  init(_ error: ListenError) { self.init("\(error)", code: .unavailable) }

  init(_ error: FileError) { self.init("\(error)", code: .storage) }
}

extension FileBytes {
  /// Reads a file that somebody named on the command line.
  static func given(_ path: String, bytesMax: Int) throws(CommandFailure) -> [UInt8] {
    do { return try read(path, bytesMax: bytesMax) } catch { throw CommandFailure(error) }
  }
}
