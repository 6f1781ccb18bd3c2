import ChatProtocol

/// What the person in front of the screen wants.
public enum ClientCommand: Hashable, Sendable {
  /// Is answered, sooner or later, by exactly one event that names `id`. While there is no connection it waits.
  case say(id: SendID, to: Recipient, text: String)
  /// The roster is told again, changed or not.
  case who
  /// Measures the lag now.
  case ping
  /// With nil: back again. Kept through a lost connection.
  case away(String?)
  /// Answers `nameRefused`. While online it means to leave and come back: the protocol has no other way to rename.
  case useName(Nickname)
  /// Leaves the present server, if there is one. What waits to be sent to it fails.
  case connect(Endpoint)
  /// Does not wait for the next attempt.
  case retryNow
  /// Everything that is not confirmed by then fails, then the session ends.
  case quit
}
