import ArgumentParser
import Logging

/// How the operator's log is written.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json

  /// - Parameter descriptor: where to; standard error unless something else is shown there.
  func logger(level: Logger.Level, descriptor: Int32 = 2) -> Logger {
    var logger = Logger(label: "swiftchat") { _ in LineLogHandler(format: self, descriptor: descriptor) }
    logger.logLevel = level
    return logger
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
