import ChatProtocol

/// What the person wants, for the glue to carry out.
public enum InterfaceCommand: Hashable, Sendable {
  case send(SendID, to: Target, text: String)
  case join(RoomName)
  case part(RoomName)
  case listRooms
  /// With nil: none.
  case setTopic(RoomName, String?)
  /// What was said before the first that is shown; answered by `NetworkEvent.older`.
  /// - Parameter before: the first that is shown; where nothing is, behind the newest. Nil where neither is known.
  case showOlder(Target, before: Int?)
  /// - Parameters:
  ///   - target: nil for everywhere.
  ///   - before: goes on behind the page that ended with this `Said.id`.
  case search(Int, in: Target?, text: String, before: Int?)
  case markRead(Target, Int)
  /// Answered by `NetworkEvent.administered`.
  case admin(AdminRequest)
  /// The server that `NetworkEvent.distrusted` told of is the right one: with this pin, or without encryption.
  case trust(Pin?)
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
  /// Leave, once all that was typed is saved; answered by `InterfaceEvent.saveFailed` where it cannot be.
  case quit
  /// Leave, whatever is lost.
  case quitUnsaved
  /// Show the screen like this the next time.
  case rememberView(ViewSettings)
}
