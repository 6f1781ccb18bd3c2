import ArgumentParser
import Logging

/// How the operator's log is written.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json

  func logger(level: Logger.Level) -> Logger {
    var logger = Logger(label: "swiftchat") { label in
      switch self {
      case .text: StreamLogHandler.standardError(label: label)
      case .json: JSONLogHandler(label: label)
      }
    }
    logger.logLevel = level
    return logger
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
