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
    public var localOffset: LocalOffset

    public init(name: Nickname, place: String, offersHost: Bool = false, localOffset: @escaping LocalOffset) {
      self.name = name
      self.place = place
      self.offersHost = offersHost
      self.localOffset = localOffset
    }
  }

  let settings: Settings
  let keyMap = KeyMap.standard
  var size: Screen.Size
  var now: Timestamp
  var isFocused = true

  var name: Nickname
  var connection: ConnectionState
  var lag: Duration?
  var roster = Roster()
  /// What we left word of, while away.
  var away: String?
  /// The command for others, while this process hosts.
  var invitation: String?

  var tabs = TabList()
  var mode = Mode.chatting
  var completion: Completion?
  var showsSidebar = true
  var hidesPresence = false
  /// Stands in the status line until the next key.
  var hint: String?
  /// Why the link was lost the last time.
  var lastTrouble: String?
  /// What was under way in tabs that were closed.
  var abandoned: [Transcript.Unconfirmed] = []
  private var lastSend: UInt64 = 0

  public init(settings: Settings, size: Screen.Size, now: Timestamp) {
    self.settings = settings
    self.size = size
    self.now = now
    name = settings.name
    connection = .connecting(place: settings.place)
  }

  /// Whether the screen changes with every second.
  public var isCountingDown: Bool {
    if case .offline(_, _, .some) = connection { true } else { false }
  }

  /// - Returns: what is to be done, in order.
  public mutating func update(_ event: InterfaceEvent) -> [InterfaceCommand] {
    switch event {
    case .key(let key):
      defer { settleScroll() }
      return press(key)
    case .paste(let text): return paste(text)
    case .resized(let size):
      self.size = size
      if mode.isChoosing, layout.sidebar == nil { mode = .chatting }
      settleScroll()
    case .focused(let isFocused):
      self.isFocused = isFocused
      if isFocused { tabs.current.markRead() }
    case .time(let now): self.now = now
    case .network(let event): return hear(event)
    case .host(let event): return hear(event)
    }
    return []
  }

  mutating func nextSend() -> SendID {
    lastSend += 1
    return SendID(lastSend)
  }

  /// Goes to a tab; what was unread there is being read.
  mutating func select(_ change: (inout TabList) -> Void) {
    let left = tabs.current.editor
    change(&tabs)
    tabs.current.editor.takeCut(from: left)
    if isFocused { tabs.current.markRead() }
    if mode.isChoosing { mode = .chatting }
    completion = nil
  }

  mutating func openTab(_ target: Target) -> Bool {
    guard let index = tabs.open(target) else {
      tell(.alert("there are too many tabs: close some with /close"))
      return false
    }
    select { $0.select(index) }
    return true
  }

  /// Puts a line of the chat's own into the current tab.
  mutating func tell(_ body: TranscriptEntry.Body) { tabs.current.transcript.append(body, at: now) }
}
