import ChatModel
import CommandSupport

/// The outcome of a command for scripts. The exit codes are part of its interface; most are those of sysexits.h.
enum ScriptStatus: Int32, CaseIterable {
  case success = 0
  /// The text cannot be sent at all (EX_DATAERR).
  case badText = 65
  /// Standard input cannot be read (EX_NOINPUT).
  case noInput = 66
  /// There is no such person or room (EX_NOUSER).
  case nobody = 67
  /// There was no connection or no answer, or the log was replaced during the run; no line is unconfirmed
  /// (EX_UNAVAILABLE).
  case noConnection = 69
  /// The connection broke before the server answered: the message may be stored or not (EX_IOERR).
  case unknown = 74
  /// The server did not store the message, and may do so later (EX_TEMPFAIL).
  case notStored = 75
  /// The server is not the known one (EX_PROTOCOL).
  case untrusted = 76
  /// The server refused the name, the room or the message (EX_NOPERM).
  case refused = 77
}

extension ScriptStatus {
  /// The outcome of a message that failed.
  init(_ failure: SendFailure) {
    switch failure {
    case .unconfirmed: self = .unknown
    case .notStored: self = .notStored
    case .refused(.userNotFound): self = .nobody
    case .refused(.storageUnavailable), .refused(.slowMode), .refused(.tooFast): self = .notStored
    case .refused: self = .refused
    }
  }
}

/// The end of a command for scripts: status and message.
struct ScriptEnd: Error, Equatable {
  var status: ScriptStatus
  /// The event and the remedy, in one line for standard error. Empty for a success.
  var message: String

  init(_ status: ScriptStatus, _ message: String = "") {
    self.status = status
    self.message = message
  }

  static let success = ScriptEnd(.success)
}
