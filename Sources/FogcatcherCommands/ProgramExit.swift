/// Exit codes, after sysexits.h where it has one, so that a service manager can tell what is worth another try.
enum ProgramExit: Int32 {
  /// Something was refused, damaged or not finished; what, was printed.
  case failure = 1
  /// The command line is wrong.
  case usage = 64
  /// An address cannot be listened on.
  case unavailable = 69
  /// The data directory or a file cannot be used.
  case storage = 74
  /// Another process uses the data directory: trying again later may help.
  case locked = 75
  /// A setting is wrong.
  case settings = 78
}

/// Why a command ends, for the person who gave it: what went wrong, and the remedy where there is one.
struct CommandFailure: Error, CustomStringConvertible {
  var message: String
  var code: ProgramExit

  init(_ message: String, code: ProgramExit = .failure) {
    self.message = message
    self.code = code
  }

  var description: String { message }
}
