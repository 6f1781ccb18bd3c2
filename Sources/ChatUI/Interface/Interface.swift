import ChatModel
import ChatProtocol
import TerminalTypes

/// The whole interface as a value: events go in, commands come out, and `render` draws it. It has no clock, terminal or
/// network, so that a test plays an hour at the screen in a millisecond.
public struct Interface: Sendable {
  /// The initial state.
  public struct Settings: Sendable {
    /// The requested nickname.
    public var name: Nickname
    public var endpoint: Endpoint
    /// Whether the user gave the name on the command line: it is remembered once the server has accepted it.
    public var isNameGiven: Bool
    /// Whether to offer hosting if nothing listens at `endpoint`.
    public var offersHost: Bool
    /// The id of the first send; the following ids count up from there. Random if messages are remembered between runs,
    /// so that no id repeats one of another run.
    public var firstSend: UInt64
    public var localOffset: LocalOffset
    /// The view settings of the last run.
    public var view: ViewSettings
    public var preferences: Preferences
    /// The form of printed lines; nil for a client that draws a screen.
    public var lineStyle: LineStyle?

    public init(
      name: Nickname, endpoint: Endpoint, isNameGiven: Bool = false, offersHost: Bool = false, firstSend: UInt64 = 1,
      view: ViewSettings = ViewSettings(), preferences: Preferences = Preferences(), lineStyle: LineStyle? = nil,
      localOffset: @escaping LocalOffset
    ) {
      self.view = view
      self.preferences = preferences
      self.lineStyle = lineStyle
      self.name = name
      self.endpoint = endpoint
      self.isNameGiven = isNameGiven
      self.offersHost = offersHost
      self.firstSend = firstSend
      self.localOffset = localOffset
    }
  }

  let settings: Settings
  var size: Screen.Size
  var now: Timestamp
  var attention = Attention()
  /// The current period without notifications.
  var silence: Silence?
  var escapePrefix = EscapePrefix()
  /// The view before the last key, if that was Esc.
  var dismissed: DismissedView?

  /// The open servers. `tabs`, `connection` and so on are those of the server that the present event is about.
  var servers: ServerList

  /// Whether the terminal is to report the mouse.
  public internal(set) var usesMouse: Bool
  /// The message in the editor, while it runs.
  var composition: Composition?
  /// The time at which the editor ended, until the next Enter.
  var composedAt: Timestamp?
  var view: ViewSettings
  var preferences: Preferences
  var nameColumn = NameColumn()
  /// For a client that prints lines; nil for one that draws a screen.
  var printer: LinePrinter?
  private var sends: UInt64 = 0

  /// - Parameter memory: the saved state of earlier conversations with the server.
  public init(settings: Settings, size: Screen.Size, now: Timestamp, memory: InterfaceMemory = InterfaceMemory()) {
    self.settings = settings
    self.size = size
    self.now = now
    view = settings.view
    preferences = settings.preferences
    usesMouse = preferences.usesMouse
    var server = OpenServer(settings.endpoint, as: settings.name, offersHost: settings.offersHost, at: now)
    if settings.isNameGiven { server.chosenName = settings.name }
    server.restore(memory, printsLines: settings.lineStyle != nil)
    printer = settings.lineStyle.map { LinePrinter($0, at: settings.endpoint) }
    servers = ServerList(server)
    adoptView(of: preferences)
  }

  /// The names and aliases of all slash commands, in lower case.
  public static var commandNames: Set<String> { SlashCommand.names }

  /// Whether the screen changes every second.
  public var isCountingDown: Bool {
    !printsLines && (overlays.waiting != nil || connection.isCountingDown || escapePrefix.isPending(at: now))
  }

  var keyMap: KeyMap { preferences.keyMap }

  /// Whether the user is looking at the screen.
  var isFocused: Bool { composition == nil && attention.isFocused(at: now) }

  /// - Returns: the commands to carry out, in order.
  public mutating func update(_ event: InterfaceEvent) -> [ServerCommand] {
    switch event {
    case .key, .paste, .line, .mouse: attention.noteKey(at: now)
    case .focused(let isFocused):
      if !isFocused { settleEscape() }
      attention.report(isFocused)
    // The last events of a server may arrive after it was closed.
    case .server(let endpoint, _): guard servers.setSubject(endpoint) else { return [] }
    default: break
    }
    defer { servers.resetSubject() }
    var commands = take(event)
    limitNotifications(&commands)
    if servers.isSubjectShown {
      switch event {
      case .key, .mouse: commands += fillEmptyTab()
      default: if tabs.current.isPerson { commands += fillEmptyTab() }
      }
    }
    var news: [ServerCommand] = []
    // A line shows that the user has read what was printed, of all servers.
    if case .line = event { forEachServer { news += $0.settleReading() } } else { news = settleReading() }
    switch event {
    case .key, .mouse, .focused, .resized: noteUnreadInView()
    default: break
    }
    tabs.trimTranscripts(toBytes: Transcript.maximumBytes(ofServers: servers.count))
    // Commands that quit come last.
    let rest = (refresh() + commands).map { ServerCommand(server: servers.subject.endpoint, command: $0) }
    printNews()
    return news + rest
  }

  /// Call after the events that arrived together, and before drawing. Shows a waiting question: a key in the same batch
  /// of events cannot be an answer to a question that was not on the screen. Fits the column of names.
  public mutating func finishUpdates() {
    showWaiting()
    guard !printsLines else { return printNews() }
    settleNameColumn()
  }

  private mutating func take(_ event: InterfaceEvent) -> [InterfaceCommand] {
    switch event {
    case .key(let key):
      let commands = press(key)
      settleScroll()
      return commands
    case .paste(let text): return paste(text)
    case .line(let text): return enter(line: text)
    case .mouse(let event, let targets):
      let commands = take(event, over: targets)
      settleScroll()
      return commands
    case .resized(let size):
      self.size = size
      forEachServer { $0.closeObsoleteOverlays() }
      settleScroll()
    case .focused: break
    case .time(let now):
      self.now = now
      forEachServer { $0.tellMissingPresence() }
    case .server(_, let event): return take(event)
    case .opened(let opening): return open(opening)
    case .closed(let endpoint): close(endpoint)
    case .notice(let text): tell(.notice(text))
    case .alert(let text): tell(.alert(text))
    case .preferences(let preferences): return adopt(preferences)
    case .composing: takeTextToCompose()
    case .composed(let result): endComposing(result)
    }
    return []
  }

  private mutating func take(_ event: ServerEvent) -> [InterfaceCommand] {
    switch event {
    case .client(let event): return hear(event)
    case .host(let event): return hear(event)
    case .saved: noteSaved()
    case .saveFailed(let reason, let isLeaving): return noteSaveFailure(reason, isLeaving: isLeaving)
    case .notice(let text): tell(.notice(text))
    case .alert(let text): tell(.alert(text))
    case .recovered(let sends): recover(sends)
    }
    return []
  }

  mutating func nextSend() -> SendID {
    defer { sends &+= 1 }
    return SendID(settings.firstSend &+ sends)
  }

  /// Changes the tab on the screen.
  mutating func select(_ change: (inout ServerList) -> Void) {
    let (editor, server) = (tabs.current.editor, servers.shownIndex)
    change(&servers)
    tabs.current.editor.takeCut(from: editor)
    servers.subject.endTab()
    guard servers.shownIndex != server else { return }
    servers[server].endTab()
    (servers[server].hint, hint) = (nil, nil)
  }

  /// Selects a tab of the subject. It is on the screen if the server is.
  mutating func select(_ index: Int) { select { $0.selectInSubject(index) } }

  mutating func openTab(_ target: Target) -> Bool {
    guard let index = tabs.open(target) else {
      tell(.alert("there are too many tabs: close some with /close"))
      return false
    }
    select(index)
    return true
  }

  /// Appends a line of the program's own to the current tab of the subject.
  mutating func tell(_ body: TranscriptEntry.Body) { tabs.current.transcript.append(body, at: now) }

  /// The members of the current tab's room; for a direct conversation, the users on the server.
  var roster: SortedRoster { tabs.current.room.map { rosters[$0] } ?? rosters.lobby }
}
