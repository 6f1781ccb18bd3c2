import Logging
import Synchronization

/// Collects the server's log.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])
  private let peerAddresses = Mutex<[String: String]>([:])

  /// A logger for messages of this level and above.
  func logger(_ level: Logger.Level) -> Logger {
    Logger(label: "test", factory: { _ in Handler(lines: self, logLevel: level) })
  }

  /// All messages, each as `level message error`.
  var all: [String] { lines.withLock { $0 } }

  /// The last `peer.address` of each message that had one.
  var addresses: [String: String] { peerAddresses.withLock { $0 } }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let error = event.metadata?["log.error"].map { " \($0)" } ?? ""
      lines.lines.withLock { $0.append("\(event.level) \(event.message)\(error)") }
      if let address = event.metadata?["peer.address"] {
        lines.peerAddresses.withLock { $0["\(event.message)"] = "\(address)" }
      }
    }
  }
}
