import ChatProtocol

/// The part of the interface that has the keyboard focus.
indirect enum Mode: Hashable, Sendable {
  case chatting
  /// Choosing a user in the sidebar; by name, since the roster can change meanwhile.
  case choosing(Nickname)
  /// The server refused the name; another one is being typed.
  case naming(NamePrompt)
  /// - Parameters:
  ///   - scroll: rows scrolled off the top.
  ///   - over: the mode behind it.
  case help(scroll: Int, over: Mode)
  /// Nothing listens at this address: offers to host the server here.
  case offeringHost(place: String)
  /// - Parameters:
  ///   - others: how many other users would lose their server.
  ///   - over: the mode behind it.
  case confirmingQuit(others: Int, over: Mode)
  /// - Parameters:
  ///   - reason: why typed text cannot be saved.
  ///   - over: the mode behind it.
  case confirmingLoss(reason: String, over: Mode)
  /// - Parameter lines: how many messages a paste would become.
  case confirmingSend(lines: Int)
  /// Searching in the loaded messages of the tab.
  case searching(PaneSearch)
  /// Results of a search on the server.
  case results(SearchResults)
  case rooms(RoomList)
  /// Searching in the input history.
  case recalling(HistorySearch)
  /// Switching to a tab, room or user by a few letters of its name.
  case switching(Switcher)
  /// Choosing a message to remove.
  case removing(RemovalList)
  /// The server's pin is not the known one; a warning that the user must not miss.
  case warning(PinMismatch)

  struct NamePrompt: Hashable, Sendable {
    var editor: LineEditor
    var refused: Nickname
    var reason: String
  }

  /// The mode after a connection is made: questions about its absence are closed.
  var whenOnline: Mode {
    switch self {
    case .naming, .offeringHost, .warning: .chatting
    case .help(let scroll, let mode): .help(scroll: scroll, over: mode.whenOnline)
    case .confirmingQuit(let others, let mode): .confirmingQuit(others: others, over: mode.whenOnline)
    case .confirmingLoss(let reason, let mode): .confirmingLoss(reason: reason, over: mode.whenOnline)
    case .chatting, .choosing, .confirmingSend, .searching, .results, .rooms, .recalling, .switching, .removing: self
    }
  }

  /// The mode after a change of tabs: modes that belong to the previous tab are closed.
  var whenTabChanges: Mode {
    switch self {
    case .choosing, .searching, .results, .rooms, .recalling, .switching, .removing, .confirmingSend: .chatting
    case .help(let scroll, let mode): .help(scroll: scroll, over: mode.whenTabChanges)
    case .confirmingQuit(let others, let mode): .confirmingQuit(others: others, over: mode.whenTabChanges)
    case .confirmingLoss(let reason, let mode): .confirmingLoss(reason: reason, over: mode.whenTabChanges)
    case .chatting, .naming, .offeringHost, .warning: self
    }
  }

  /// The mode after the removal of a message.
  func removing(_ sequence: Int, from target: Target) -> Mode {
    switch self {
    case .results(var results):
      results.remove(sequence, from: target)
      return .results(results)
    case .help(let scroll, let mode): return .help(scroll: scroll, over: mode.removing(sequence, from: target))
    case .confirmingQuit(let others, let mode):
      return .confirmingQuit(others: others, over: mode.removing(sequence, from: target))
    case .confirmingLoss(let reason, let mode):
      return .confirmingLoss(reason: reason, over: mode.removing(sequence, from: target))
    default: return self
    }
  }

  /// Whether a user is being chosen in the sidebar.
  var isChoosing: Bool {
    if case .choosing = self { true } else { false }
  }

  /// Whether the conversation is visible.
  var showsPane: Bool {
    switch self {
    case .help, .results, .rooms, .switching, .removing: false
    case .confirmingQuit(_, let mode), .confirmingLoss(_, let mode): mode.showsPane
    case .chatting, .choosing, .naming, .offeringHost, .confirmingSend, .searching, .recalling, .warning: true
    }
  }
}
