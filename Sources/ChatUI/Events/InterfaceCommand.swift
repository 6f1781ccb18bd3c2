import ChatProtocol

/// A request by the user, for the glue to carry out.
public enum InterfaceCommand: Hashable, Sendable {
  case send(SendID, to: Target, text: String)
  case join(RoomName)
  case part(RoomName)
  case listRooms
  /// Nil removes the topic.
  case setTopic(RoomName, String?)
  /// Loads messages before the oldest one that is shown; answered by `NetworkEvent.older`.
  /// - Parameter before: the oldest message that is shown, or the position after the newest if none is shown. Nil if
  ///   neither is known.
  case showOlder(Target, before: Int?)
  /// - Parameters:
  ///   - target: nil searches everywhere.
  ///   - before: continues after the page that ended with this `Said.id`.
  case search(Int, in: Target?, text: String, before: Int?)
  case markRead(Target, Int)
  /// Answered by `NetworkEvent.administered`.
  case admin(AdminRequest)
  /// Accepts the server of `NetworkEvent.distrusted`: with this pin, or without encryption.
  case trust(Pin?)
  case refreshPeople
  case ping
  /// Nil marks the user as back.
  case setAway(String?)
  /// - Parameter isRemembered: whether the user chose the name for good, not only because another one was taken.
  case useName(Nickname, isRemembered: Bool)
  /// - Parameter place: as typed.
  case connect(place: String)
  case retryNow
  case host
  case bell
  case redraw
  case suspend
  /// Quit after saving all typed text; answered by `InterfaceEvent.saveFailed` if saving fails.
  case quit
  /// Quit even if typed text is lost.
  case quitUnsaved
  /// Save these view settings for the next run.
  case rememberView(ViewSettings)
}
