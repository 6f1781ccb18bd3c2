import ChatProtocol

/// What the person wants, for the glue to carry out.
public enum InterfaceCommand: Hashable, Sendable {
  case send(SendID, to: Recipient, text: String)
  case refreshPeople
  case ping
  /// With nil: back.
  case setAway(String?)
  /// - Parameter isRemembered: chosen for good, and not only because another one was taken.
  case useName(Nickname, isRemembered: Bool)
  /// - Parameter place: as it was typed.
  case connect(place: String)
  case retryNow
  case host
  case bell
  case redraw
  case suspend
  case quit
}
