import ChatModel
import ChatProtocol

/// A server that is open on the screen: its connection, people, rooms, tabs and questions. All state that belongs to one
/// server is here; an event of a server changes nothing of the others.
struct OpenServer: Equatable, Sendable {
  /// The address, which identifies the server: no two open servers have the same.
  let endpoint: Endpoint
  /// Whether to offer hosting if nothing listens at `endpoint`.
  let offersHost: Bool

  /// The user's nickname there.
  var name: Nickname
  /// A name that the user chose, until the server accepts it.
  var chosenName: Nickname?
  var connection: ServerConnection
  /// Whether there was a connection since the server was opened.
  var wasOnline = false
  var administration = Administration()
  var rosters = Rosters()
  var ignored = IgnoredPeople()
  var presenceBudget: LineBudget
  /// The user's away message, while away.
  var away: String?
  /// The command that other users connect with, while this process hosts.
  var invitation: String?
  /// Whether the rooms that the settings name for this server were joined.
  var hasAutojoined = false

  var tabs = TabList()
  var rooms = RoomDirectory()
  var search = SearchState()

  var overlays = OverlayStack()
  var completion: Completion?
  /// Shown in the status line until the next key.
  var hint: String?
  /// Why typed text cannot be saved; nil if it can.
  var saveTrouble: String?

  init(_ endpoint: Endpoint, as name: Nickname, offersHost: Bool = false, at now: Timestamp) {
    self.endpoint = endpoint
    self.offersHost = offersHost
    self.name = name
    connection = ServerConnection(to: endpoint, at: now)
    presenceBudget = LineBudget(at: now)
  }

  /// Writes the chosen candidate into the input.
  mutating func applyCompletion() { completion?.apply(to: &tabs.current.editor) }

  /// Ends the state that belongs to the current tab, because another tab takes its place.
  mutating func endTab() {
    overlays.close(.untilTabChanges)
    completion = nil
    search.end()
  }
}

extension OpenServer {
  /// Whether the connection waits for an answer of the user.
  var hasQuestion: Bool { overlays.waiting != nil || overlays.top?.lifetime == .untilOnline }
}
