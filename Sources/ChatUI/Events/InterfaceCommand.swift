import ChatProtocol

/// What the person wants, for the glue to carry out.
public enum InterfaceCommand: Hashable, Sendable {
  case send(SendID, to: Recipient, text: String)
  case refreshPeople
  case ping
  /// With nil: back.
  case setAway(String?)
  case useName(Nickname)
  /// - Parameter place: as it was typed.
  case connect(place: String)
  case retryNow
  case host
  case bell
  case redraw
  case suspend
  case quit

  public enum Recipient: Hashable, Sendable {
    case room
    case person(Nickname)
  }
}
