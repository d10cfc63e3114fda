import ArtifactStore
import Foundation
import GRDB

extension JournalError {
  /// Tells in the journal's words what SQLite or the file system said.
  init(_ error: any Error, path: String) {
    switch error {
    case let error as JournalError: self = error
    case let error as DatabaseError: self.init(sqlite: error, path: path)
    case is RowDecodingError, is UnknownWord:
      self = .altered(path, "\(error)")
    case let error as ArtifactError where error.code == .malformedDigest:
      self = .altered(path, error.message)
    case let error as ArtifactError:
      let code: Code =
        switch error.code {
        case .permission: .permission
        case .noSpace: .diskFull
        default: .io
        }
      self.init(code: code, path: path, message: error.message, remedy: error.remedy)
    default:
      self.init(
        code: .io, path: path, message: "\(path): \(error)", remedy: "check the disk and the file")
    }
  }

  private static func altered(_ path: String, _ what: String) -> JournalError {
    JournalError(
      code: .corrupt, path: path, message: "\(path) holds a value that Cadre never writes: \(what)",
      remedy: "restore it from a copy")
  }

  private init(sqlite error: DatabaseError, path: String) {
    let reason = error.message ?? error.resultCode.description
    let (code, message, remedy): (Code, String, String) =
      switch error.resultCode {
      case .SQLITE_NOTADB:
        (
          .notADatabase, "\(path) is no SQLite database",
          "give the path of a Cadre journal, or of a file that does not exist yet"
        )
      case .SQLITE_CORRUPT:
        (
          .corrupt, "\(path) is damaged: \(reason)",
          "restore it from a copy, or save what can be read with `sqlite3 … .recover`"
        )
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        (
          .locked, "another process has held \(path) for more than 5 s",
          "wait until it is done, or find it with `fuser \(path)`"
        )
      case .SQLITE_FULL:
        (
          .diskFull, "the disk is full at \(path)",
          "free space on that disk and resume the run"
        )
      case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
        (
          .permission, "\(path) may not be written: \(reason)",
          "grant this user access to the file and its folder"
        )
      case .SQLITE_CANTOPEN where !FileManager.default.fileExists(atPath: path):
        (
          .missing, "there is no journal at \(path)",
          "run a workflow first, or check the path"
        )
      case .SQLITE_CANTOPEN:
        (
          .permission, "\(path) cannot be opened: \(reason)",
          "grant this user access to the file and its folder"
        )
      case .SQLITE_CONSTRAINT:
        (
          .invalidRecord, "a record breaks a rule of the journal \(path): \(reason)",
          "report this with the message: the host should not have written it"
        )
      default:
        (.io, "\(path): \(reason)", "check the disk and the system's log")
      }
    self.init(code: code, path: path, message: message, remedy: remedy)
  }
}
