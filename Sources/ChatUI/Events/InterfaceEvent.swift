import ChatProtocol

/// What happens to the screen, from either side.
public enum InterfaceEvent: Sendable {
  case key(Key)
  /// Text from the clipboard: never sends anything by itself.
  case paste(String)
  case resized(Screen.Size)
  /// Whether the person can see the window, where the terminal tells.
  case focused(Bool)
  /// The clock, at least once a minute while nothing else happens, and each second while `Interface.isCountingDown`.
  case time(Timestamp)
  case network(NetworkEvent)
  case host(HostEvent)
  /// Another server is talked to from now on; the screen shows what is remembered of it.
  /// - Parameter place: `host:port`.
  case moved(to: String, InterfaceMemory)
  /// `Interface.memory` as it was a moment ago is on the disk.
  case saved
  /// - Parameters:
  ///   - reason: a sentence without its stop.
  ///   - isLeaving: it answers `InterfaceCommand.quit`.
  case saveFailed(reason: String, isLeaving: Bool)
  /// Another client of the same person has ended before it could send these; they are being sent.
  case recovered([RememberedSend])
}

/// What the network says, in the screen's terms. Texts are safe to show.
public enum NetworkEvent: Sendable {
  /// - Parameter place: `host:port`.
  case connecting(place: String)
  case online(Nickname, place: String, isPlain: Bool, standing: Standing = Standing())
  /// The server is not the one that is known; nothing is tried again by itself.
  /// - Parameters:
  ///   - known: what it is known by.
  ///   - seen: what it is now; nil where it is not encrypted.
  ///   - wasMet: whether the known one was met before; otherwise only a link speaks of it.
  case distrusted(place: String, known: Pin, seen: Pin?, wasMet: Bool = true)
  case administered(AdminRequest, AdminAnswer)
  /// The message has no text any more.
  case removed(Target, Int, by: Nickname)
  /// - Parameters:
  ///   - retryIn: nil where nothing is tried again by itself.
  ///   - isNobodyThere: nothing listens there, and nothing ever did in this run.
  case offline(reason: String, retryIn: Duration?, isNobodyThere: Bool)
  /// - Parameter wasAsked: the person wants to read it.
  case lag(Duration, wasAsked: Bool)
  /// - Parameter answering: which of the own sends it is, as the server repeated it.
  case said(Said, answering: SendID?)
  case sending(SendID)
  /// It is meant for the one person whom the conversation of this epoch is with.
  case addressed(SendID, Epoch)
  case confirmed(SendID, sequence: Int?, at: Timestamp)
  case failed(SendID, reason: String)
  /// What is missing follows; what is newer is told as it is said.
  /// - Parameters:
  ///   - head: the newest message there is.
  ///   - mark: how far the person has read, where that is known.
  case synced(Target, Epoch, head: Int, mark: Int?)
  /// The numbers go on in another epoch, and mean the same.
  case continued(Target, Epoch)
  /// Forget what the tab shows: it is another conversation, or too much was missed. `older` follows.
  case reset(Target)
  /// What came before all that the tab shows, the oldest first. Also the first that is told of it.
  case older(Target, [Said], hasMore: Bool)
  case marked(Target, Int)
  case roomJoined(RoomName)
  /// - Parameter reason: a sentence where it was not our wish.
  case roomLeft(RoomName, reason: String?)
  case topic(RoomName, String)
  case rooms([RoomListing])
  /// The list that was asked for will not come.
  case roomsFailed(reason: String)
  /// The newest first.
  /// - Parameter stoppedBefore: the server stopped early, and looked at nothing older than this id.
  case found(Int, [Said], hasMore: Bool, stoppedBefore: Int? = nil)
  case searchFailed(Int, reason: String)
  /// The lobby's are all who are on the server; one that is never told of them does not say who is there.
  case roster(RoomName, [Person])
  case joined(Nickname, RoomName)
  /// The person who has just joined the server has a name that nobody owns.
  case guest(Nickname)
  /// The name stands for another person than before.
  case otherPerson(Nickname)
  /// Somebody is on the server; when they came is not known.
  case noticed(Nickname)
  case left(Nickname, RoomName, reason: String)
  case away(Nickname, text: String)
  case back(Nickname)
  case notice(String)
  case alert(String)
  case messageOfTheDay(String)
  /// - Parameter reason: a sentence that fits into a line of 80 columns.
  case nameRefused(Nickname, reason: String, suggestion: Nickname)
}

/// What becomes of hosting in this process.
public enum HostEvent: Sendable {
  /// - Parameter invitation: the command for others.
  case started(invitation: String)
  case failed(reason: String)
}
