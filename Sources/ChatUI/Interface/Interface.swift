import ChatProtocol

/// The whole screen as a value: events go in, commands come out, and `render` draws it. No clock, no terminal, no
/// network: an hour at the screen is played in a test in a millisecond.
public struct Interface: Sendable {
  /// What is known before anything happened.
  public struct Settings: Sendable {
    /// The name that is asked for.
    public var name: Nickname
    /// `host:port`.
    public var place: String
    /// Whether to offer to host where nobody listens.
    public var offersHost: Bool
    /// The first message that is sent is called so, and those after it by the numbers that follow. Where messages are
    /// remembered from run to run, a random one, so that none is called as one of another run.
    public var firstSend: UInt64
    public var localOffset: LocalOffset
    /// As the person left it.
    public var view: ViewSettings

    public init(
      name: Nickname, place: String, offersHost: Bool = false, firstSend: UInt64 = 1,
      view: ViewSettings = ViewSettings(),
      localOffset: @escaping LocalOffset
    ) {
      self.view = view
      self.name = name
      self.place = place
      self.offersHost = offersHost
      self.firstSend = firstSend
      self.localOffset = localOffset
    }
  }

  let settings: Settings
  let keyMap = KeyMap.standard
  var size: Screen.Size
  var now: Timestamp
  var attention = Attention()
  private var bells = BellLimiter()
  var presenceBudget: LineBudget
  var escapePrefix = EscapePrefix()

  var name: Nickname
  var connection: ConnectionState
  var lag: Duration?
  var standing = Standing()
  /// The server is not the one that was met before, and the person has not accepted it.
  var pinMismatch: PinMismatch?
  var administration = Administration()
  var rosters = Rosters()
  /// What we left word of, while away.
  var away: String?
  /// The command for others, while this process hosts.
  var invitation: String?

  var tabs = TabList()
  /// Conversations that no tab is open for.
  var known: [Target: KnownConversation] = [:]
  var topics: [RoomName: String] = [:]
  /// As the server listed them the last time.
  var listedRooms: [RoomListing] = []
  /// What the person asked to be in, and shall be shown when we are.
  var joining: RoomName?
  /// The list of rooms was asked for, and shall be shown.
  var isListingRooms = false

  var mode = Mode.chatting
  /// A question or a list that came by itself, and takes the place of `mode` when nothing is being typed.
  var pending: Mode?
  /// When the last key was pressed, or a text pasted.
  var lastTyping: Timestamp?
  /// When a question went away without an answer.
  var questionGoneAt: Timestamp?
  var completion: Completion?
  var view: ViewSettings
  /// Stands in the status line until the next key.
  var hint: String?
  /// Why the link was lost the last time, or could not be made.
  var lastTrouble: String?
  /// Since when there is no connection, while one is tried.
  var connectingSince: Timestamp?
  /// What was under way in tabs that were closed.
  var abandoned: [AbandonedSend] = []
  /// Why what is typed cannot be saved; nil where it can.
  var saveTrouble: String?
  /// A message that older pages are asked for to get to.
  var jump: JumpToMessage?
  /// What is marked in the pane because it was searched for.
  var needles: [SearchPhrase] = []
  var lastSearch = 0
  private var sends: UInt64 = 0

  /// - Parameter memory: what was kept of earlier conversations with the server.
  public init(settings: Settings, size: Screen.Size, now: Timestamp, memory: InterfaceMemory = InterfaceMemory()) {
    self.settings = settings
    self.size = size
    self.now = now
    presenceBudget = LineBudget(at: now)
    name = settings.name
    view = settings.view
    connection = .connecting(place: settings.place)
    connectingSince = now
    restore(memory)
  }

  /// Whether the screen changes with every second.
  public var isCountingDown: Bool {
    if pending != nil { return true }
    switch connection {
    case .connecting, .offline(_, _, .some): return true
    case .online, .offline: return false
    }
  }

  /// Whether somebody looks at the screen.
  var isFocused: Bool { attention.isFocused(at: now) }

  /// - Returns: what is to be done, in order.
  public mutating func update(_ event: InterfaceEvent) -> [InterfaceCommand] {
    switch event {
    case .key, .paste:
      attention.noteKey(at: now)
      bells.noteReaction()
    case .focused(true): bells.noteReaction()
    default: break
    }
    var commands = take(event)
    if commands.contains(.bell), !bells.ring(at: now) { commands.removeAll { $0 == .bell } }
    if case .key = event { commands += fillEmptyTab() } else if tabs.current.isPerson { commands += fillEmptyTab() }
    let news = settleReading()
    switch event {
    case .key, .focused, .resized: noteUnreadInView()
    default: break
    }
    trimTranscripts()
    // Who leaves is told last.
    return news + refresh() + commands
  }

  private mutating func take(_ event: InterfaceEvent) -> [InterfaceCommand] {
    switch event {
    case .key(let key):
      let commands = press(key)
      settleScroll()
      return commands
    case .paste(let text): return paste(text)
    case .resized(let size):
      self.size = size
      if mode.isChoosing, layout.sidebar == nil { mode = .chatting }
      settleScroll()
    case .focused(let isFocused): attention.report(isFocused)
    case .time(let now):
      self.now = now
      tellMissingPresence()
      settlePending()
    case .network(let event): return hear(event)
    case .host(let event): return hear(event)
    case .moved(let place, let memory): move(to: place, memory)
    case .saved: noteSaved()
    case .saveFailed(let reason, let isLeaving): return noteSaveFailure(reason, isLeaving: isLeaving)
    case .recovered(let sends): recover(sends)
    }
    return []
  }

  mutating func nextSend() -> SendID {
    defer { sends &+= 1 }
    return SendID(settings.firstSend &+ sends)
  }

  /// Goes to a tab; what was unread there is being read.
  mutating func select(_ change: (inout TabList) -> Void) {
    let left = tabs.current.editor
    change(&tabs)
    tabs.current.editor.takeCut(from: left)
    mode = mode.whenTabChanges
    completion = nil
    needles = []
    jump = nil
  }

  /// - Returns: where the tab is, opened where it was not; nil where there are too many.
  mutating func makeTab(_ target: Target) -> Int? {
    if let index = tabs.index(of: target) { return index }
    guard let index = tabs.open(target) else { return nil }
    if let known = known.removeValue(forKey: target) { tabs[index].become(known) }
    return index
  }

  mutating func openTab(_ target: Target) -> Bool {
    guard let index = makeTab(target) else {
      tell(.alert("there are too many tabs: close some with /close"))
      return false
    }
    select { $0.select(index) }
    return true
  }

  /// Puts a line of the chat's own into the current tab.
  mutating func tell(_ body: TranscriptEntry.Body) { tabs.current.transcript.append(body, at: now) }

  /// Who is in the conversation that is looked at, as far as it is a room; or on the server.
  var roster: Roster { tabs.current.room.map { rosters[$0] } ?? rosters.lobby }
}
