import ChatProtocol

/// What the keys are for at the moment.
indirect enum Mode: Hashable, Sendable {
  case chatting
  /// Somebody in the sidebar is being chosen; by name, since others come and go meanwhile.
  case choosing(Nickname)
  /// The name was refused; another one is being typed.
  case naming(NamePrompt)
  /// - Parameters:
  ///   - scroll: rows of help above the screen.
  ///   - over: what goes on behind it.
  case help(scroll: Int, over: Mode)
  /// Nobody listens there: host here?
  case offeringHost(place: String)
  /// - Parameters:
  ///   - others: how many would lose their server.
  ///   - over: what goes on behind it.
  case confirmingQuit(others: Int, over: Mode)
  /// - Parameters:
  ///   - reason: why what was typed cannot be saved.
  ///   - over: what goes on behind it.
  case confirmingLoss(reason: String, over: Mode)
  /// - Parameter lines: how many messages a paste would become.
  case confirmingSend(lines: Int)
  /// Looking through what is loaded of the tab.
  case searching(PaneSearch)
  /// What the server found.
  case results(SearchResults)
  case rooms(RoomList)
  /// Looking through what was typed before.
  case recalling(HistorySearch)
  /// Going to a tab, a room or a person by a few letters of the name.
  case switching(Switcher)
  /// Choosing a message to take away.
  case removing(RemovalList)
  /// The server is not the one that was met before; the person is told, and must not miss it.
  case warning(PinMismatch)

  struct NamePrompt: Hashable, Sendable {
    var editor: LineEditor
    var refused: Nickname
    var reason: String
  }

  /// The same once there is a connection: what was asked because there was none is settled.
  var whenOnline: Mode {
    switch self {
    case .naming, .offeringHost, .warning: .chatting
    case .help(let scroll, let mode): .help(scroll: scroll, over: mode.whenOnline)
    case .confirmingQuit(let others, let mode): .confirmingQuit(others: others, over: mode.whenOnline)
    case .confirmingLoss(let reason, let mode): .confirmingLoss(reason: reason, over: mode.whenOnline)
    case .chatting, .choosing, .confirmingSend, .searching, .results, .rooms, .recalling, .switching, .removing: self
    }
  }

  /// The same in another tab: what was about the one that is left has ended.
  var whenTabChanges: Mode {
    switch self {
    case .choosing, .searching, .results, .rooms, .recalling, .switching, .removing, .confirmingSend: .chatting
    case .help(let scroll, let mode): .help(scroll: scroll, over: mode.whenTabChanges)
    case .confirmingQuit(let others, let mode): .confirmingQuit(others: others, over: mode.whenTabChanges)
    case .confirmingLoss(let reason, let mode): .confirmingLoss(reason: reason, over: mode.whenTabChanges)
    case .chatting, .naming, .offeringHost, .warning: self
    }
  }

  /// The same where a message was taken away.
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

  /// Whether somebody in the sidebar is being chosen.
  var isChoosing: Bool {
    if case .choosing = self { true } else { false }
  }

  /// Whether the conversation can be read, and is not covered.
  var showsPane: Bool {
    switch self {
    case .help, .results, .rooms, .switching, .removing: false
    case .confirmingQuit(_, let mode), .confirmingLoss(_, let mode): mode.showsPane
    case .chatting, .choosing, .naming, .offeringHost, .confirmingSend, .searching, .recalling, .warning: true
    }
  }
}
