/// A kind of line that the server writes once for many readers.
public enum SharedLine: CaseIterable, Sendable {
  case message
  case topic
  case joined
  case left
  case away
  case back
  case redacted

  /// The capabilities that decide who gets the line, and its bytes.
  public var capabilities: Capabilities {
    switch self {
    case .message: [.tags, .lines]
    case .topic: [.tags, .rooms]
    case .joined, .left, .away, .back: [.tags, .presence]
    case .redacted: [.tags, .moderation]
    }
  }

  /// Sessions that agree in these capabilities get the same lines with the same bytes.
  public static let allCapabilities = Capabilities(allCases.map(\.capabilities))
}

extension ServerMessage {
  /// Nil for a line that is only ever sent to one session.
  public var shared: SharedLine? {
    switch self {
    case .message: .message
    case .topic: .topic
    case .joined: .joined
    case .left: .left
    case .away: .away
    case .back: .back
    case .redacted: .redacted
    case .ok, .error, .direct, .user, .users, .pong, .info, .capabilities, .batchStart, .batchEnd, .messageOfTheDay,
      .room, .sync, .gap, .reset, .mark, .challenge, .key, .sanction, .operatorName, .act, .bye, .unrecognised:
      nil
    }
  }
}
