import ArgumentParser
import Logging

/// How the operator's log is written.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json

  /// - Parameter descriptor: where to; standard error unless something else is shown there.
  func logger(level: Logger.Level, descriptor: Int32 = 2) -> Logger {
    logger(level: LogLevel(level), descriptor: descriptor)
  }

  /// - Parameter level: may change while it logs.
  func logger(level: LogLevel, descriptor: Int32 = 2) -> Logger {
    Logger(label: "swiftchat") { _ in LineLogHandler(format: self, level: level, descriptor: descriptor) }
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
