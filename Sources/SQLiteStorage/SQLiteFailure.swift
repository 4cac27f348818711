#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import FaceEvents
import GRDB
import GRDBSQLite

/// What SQLite said when it refused, without the SQL and without the values that were bound: those are personal data.
struct SQLiteFailure: Error {
  /// https://www.sqlite.org/rescode.html
  var extendedCode: Int32
  var message: String
  /// `errno` of the system call behind an I/O error; 0 when there was none.
  var systemError: Int32

  init(extendedCode: Int32, message: String, systemError: Int32 = 0) {
    self.extendedCode = extendedCode
    self.message = message
    self.systemError = systemError
  }

  static let missingRow = SQLiteFailure(extendedCode: SQLITE_CORRUPT, message: "a row that must be there is missing or unreadable")

  init(connection: OpaquePointer?) {
    self.init(
      extendedCode: sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)),
      systemError: sqlite3_system_errno(connection))
  }

  init(_ error: DatabaseError, connection: OpaquePointer?) {
    let code = error.extendedResultCode.rawValue
    // SQLite notes the errno of a statement that fails, but not that of a COMMIT, which is where most writes happen.
    let threadError = errno
    var systemError: Int32 = 0
    if code & 0xFF == SQLITE_IOERR, connection != nil {
      let noted = sqlite3_system_errno(connection)
      systemError = noted == 0 ? threadError : noted
    }
    self.init(extendedCode: code, message: error.message ?? "no message", systemError: systemError)
  }
}

extension SQLiteFailure {
  /// - Parameters:
  ///   - operation: what was tried, as in "cannot `store events`".
  ///   - path: the database file.
  func storageError(_ operation: String, path: String) -> StorageError {
    let text =
      "cannot \(operation) in \(path): \(message) (SQLite result \(extendedCode)\(systemError == 0 ? "" : ", errno \(systemError)"))"
    switch extendedCode & 0xFF {
    case SQLITE_FULL:
      return .diskFull(text)
    case SQLITE_IOERR where [ENOSPC, EDQUOT, EFBIG].contains(systemError):
      return .diskFull(text)
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      return .damaged(text + Self.remedy)
    case SQLITE_CANTOPEN:
      return .failed(text + "; check that the directory exists and that this user may write to it")
    case SQLITE_BUSY:
      return .failed(text + "; another process keeps the database locked")
    default:
      return .failed(text)
    }
  }

  static let remedy =
    "; stop everything that uses this directory, copy it, then restore fogcatcher.db from a backup, "
    + "or rebuild it with: sqlite3 fogcatcher.db .recover | sqlite3 recovered.db"
}

extension StorageError {
  /// Whatever came out of GRDB or out of our own statements, as what the protocols promise.
  init(_ error: any Error, operation: String, path: String, connection: OpaquePointer? = nil) {
    switch error {
    case let error as StorageError: self = error
    case let error as SQLiteFailure: self = error.storageError(operation, path: path)
    case let error as DatabaseError: self = SQLiteFailure(error, connection: connection).storageError(operation, path: path)
    case is CancellationError: self = .failed("cannot \(operation): the task was cancelled")
    // The type alone: the text of an unknown error might hold what was being stored.
    default: self = .failed("cannot \(operation) in \(path): \(type(of: error))")
    }
  }
}
