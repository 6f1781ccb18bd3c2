import ChatModel
import ChatProtocol
import TerminalTypes

// The connection in the status line.

extension ServerConnection {
  /// The reason why messages cannot be sent, and the time until the next attempt.
  func trouble(at now: Timestamp) -> StatusPart? {
    let style = Style(.alert, .bold)
    if let pinMismatch { return (pinMismatch.standing, style) }
    guard case .offline(_, let reason, let retryAt) = state else { return nil }
    guard let retryAt else { return (reason, style) }
    let seconds = max((retryAt.milliseconds &- now.milliseconds &+ 999) / 1000, 0)
    return ("offline, again in \(seconds) s", style)
  }

  /// - Parameter invitation: the command that others connect with, if the chat is hosted here.
  func statusParts(invitation: String?, at now: Timestamp) -> [StatusPart] {
    switch state {
    case .connecting(let endpoint): return [connectingPart(endpoint, at: now)]
    case .online(_, let isPlain):
      var parts: [StatusPart] = []
      if let invitation {
        parts.append(("hosting", .dim))
        parts.append((invitation, .dim))
      } else {
        parts.append((place, .dim))
      }
      if let lag {
        parts.insert((Self.describe(lag), Self.isSlow(lag) ? Style(.alert) : .dim), at: 1)
      }
      if isPlain { parts.append(("plain", .dim)) }
      return parts
    case .offline(let endpoint, let reason, let retryAt):
      guard retryAt == nil else { return [(reason, .dim)] }
      return mayReturn ? [("/connect \(endpoint) returns", .dim)] : []
    }
  }

  /// After `longWait` the text includes the time without an answer of the server.
  private func connectingPart(_ endpoint: Endpoint, at now: Timestamp) -> StatusPart {
    let seconds = connectingSince.map { (now.milliseconds &- $0.milliseconds) / 1000 } ?? 0
    guard seconds >= Self.longWait else { return ("connecting to \(endpoint.summary)…", .dim) }
    return ("no answer from \(endpoint.summary) for \(seconds) s", Style(.alert, .bold))
  }

  /// In seconds.
  private static let longWait: Int64 = 4

  private static func isSlow(_ lag: Duration) -> Bool { lag > .seconds(1) }

  static func describe(_ lag: Duration) -> String {
    let milliseconds = lag.nanoseconds / 1_000_000
    if milliseconds < 1 { return "<1 ms" }
    return milliseconds < 10_000 ? "\(milliseconds) ms" : "\(milliseconds / 1000) s"
  }
}
