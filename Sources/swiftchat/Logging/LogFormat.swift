import ArgumentParser
import Logging

/// The format of the server's log.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json

  /// - Parameter descriptor: the destination; not standard error if the terminal shows something else.
  func logger(level: Logger.Level, descriptor: Int32 = 2) -> Logger {
    logger(level: LogLevel(level), descriptor: descriptor)
  }

  /// - Parameter level: may change while it logs.
  func logger(level: LogLevel, descriptor: Int32 = 2) -> Logger {
    Logger(label: "swiftchat") { _ in LineLogHandler(format: self, level: level, descriptor: descriptor) }
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
