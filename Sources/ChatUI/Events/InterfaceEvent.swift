import ChatProtocol
import TerminalTypes

/// Input of the interface: from the terminal, the network and the disk.
public enum InterfaceEvent: Sendable {
  case key(Key)
  /// Text from the clipboard: a paste alone never sends anything.
  case paste(String)
  case resized(Screen.Size)
  /// Whether the window has the focus, as far as the terminal reports it.
  case focused(Bool)
  /// The clock, at least once a minute while nothing else happens, and each second while `Interface.isCountingDown`.
  case time(Timestamp)
  case network(NetworkEvent)
  case host(HostEvent)
  /// The client switched to another server; the interface shows the memory of that server.
  /// - Parameter place: `host:port`.
  case moved(to: String, InterfaceMemory)
  /// A recent `Interface.memory` was written to disk.
  case saved
  /// - Parameters:
  ///   - reason: a sentence without the full stop.
  ///   - isLeaving: whether this answers `InterfaceCommand.quit`.
  case saveFailed(reason: String, isLeaving: Bool)
  /// Sends that another client of the same user left behind when it ended; this client is sending them.
  case recovered([RememberedSend])
}

/// Network events in terms of the interface. Texts are safe to show.
public enum NetworkEvent: Sendable {
  /// - Parameter place: `host:port`.
  case connecting(place: String)
  case online(Nickname, place: String, isPlain: Bool, standing: Standing = Standing())
  /// The server's pin is not the known one; the client does not reconnect automatically.
  /// - Parameters:
  ///   - known: the known pin.
  ///   - seen: the pin of this connection; nil if it is not encrypted.
  ///   - wasMet: whether the known pin is from an earlier connection; false if it is only from a link.
  case distrusted(place: String, known: Pin, seen: Pin?, wasMet: Bool = true)
  case administered(AdminRequest, AdminAnswer)
  /// The text of a message was removed.
  case removed(Target, Int, by: Nickname)
  /// - Parameters:
  ///   - retryIn: nil if the client does not reconnect automatically.
  ///   - isNobodyThere: nothing listens there, and nothing has in this run.
  case offline(reason: String, retryIn: Duration?, isNobodyThere: Bool)
  /// - Parameter wasAsked: whether the user asked for it.
  case lag(Duration, wasAsked: Bool)
  /// - Parameter answering: the own send that this message is the echo of.
  case said(Said, answering: SendID?)
  case sending(SendID)
  /// The message is addressed to the account behind the conversation with this epoch.
  case addressed(SendID, Epoch)
  case confirmed(SendID, sequence: Int?, at: Timestamp)
  case failed(SendID, reason: String)
  /// Missing messages follow; newer ones are reported live.
  /// - Parameters:
  ///   - head: the sequence of the newest message.
  ///   - mark: the read marker, if known.
  case synced(Target, Epoch, head: Int, mark: Int?)
  /// The epoch changed; the sequence numbers stay valid.
  case continued(Target, Epoch)
  /// Clears the tab: the conversation is another one, or too much was missed. `older` follows.
  case reset(Target)
  /// Messages before the ones that the tab shows, oldest first. For an empty tab: its first messages.
  case older(Target, [Said], hasMore: Bool)
  case marked(Target, Int)
  case roomJoined(RoomName)
  /// - Parameter reason: a sentence; nil if the user left on request.
  case roomLeft(RoomName, reason: String?)
  case topic(RoomName, String)
  case rooms([RoomListing])
  /// The requested list of rooms is not available.
  case roomsFailed(reason: String)
  /// Newest first.
  /// - Parameter stoppedBefore: the server stopped early and searched nothing older than this id.
  case found(Int, [Said], hasMore: Bool, stoppedBefore: Int? = nil)
  case searchFailed(Int, reason: String)
  /// The lobby's roster lists all users on the server. Without one, the users on the server are not known.
  case roster(RoomName, [Person])
  case joined(Nickname, RoomName)
  /// The user who has just joined the server has a name that no account owns.
  case guest(Nickname)
  /// The name belongs to another user than before.
  case otherPerson(Nickname)
  /// The user is on the server; the login time is not known.
  case noticed(Nickname)
  case left(Nickname, RoomName, reason: String)
  case away(Nickname, text: String)
  case back(Nickname)
  case notice(String)
  case alert(String)
  case messageOfTheDay(String)
  /// - Parameter reason: a sentence that fits on a line of 80 columns.
  case nameRefused(Nickname, reason: String, suggestion: Nickname)
}

/// The state of hosting in this process.
public enum HostEvent: Sendable {
  /// - Parameter invitation: the command that other users connect with.
  case started(invitation: String)
  case failed(reason: String)
}
