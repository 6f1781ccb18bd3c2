import ChatModel
import ChatProtocol

/// The open tabs, the lobby first. There is always a current tab.
struct TabList: Hashable, Sendable {
  private(set) var tabs: [Tab] = [Tab(.room(.lobby))]
  private(set) var currentIndex = 0
  /// The tab that was current before this one.
  private var previous: Target?
  /// The tab from which `selectActive` started.
  private var home: Target?
  /// Conversations without an open tab.
  var known: [Target: KnownConversation] = [:]
  /// Unconfirmed messages of closed tabs.
  var abandoned: [OutgoingMessage] = []

  /// The limit, because a user can send messages under ever new names.
  static let maximumTabs = 200

  init() {}

  /// Restores saved tabs; the lobby comes first, and each conversation has one tab.
  init(_ restored: [Tab], current: Target?) {
    let lobby = restored.first { $0.target == .lobby } ?? Tab(.lobby)
    var seen: Set<Target> = [.lobby]
    let others = restored.filter { seen.insert($0.target).inserted }
    tabs = [lobby] + others.prefix(Self.maximumTabs - 1)
    currentIndex = current.flatMap(index(of:)) ?? 0
  }

  // Accessed in place: a getter and setter would copy the whole transcript for each new line.

  var current: Tab {
    get { tabs[currentIndex] }
    _modify { yield &tabs[currentIndex] }
  }

  var lobby: Tab {
    get { tabs[0] }
    _modify { yield &tabs[0] }
  }

  subscript(index: Int) -> Tab {
    get { tabs[index] }
    _modify { yield &tabs[index] }
  }

  func index(of target: Target) -> Int? { tabs.firstIndex { $0.target == target } }

  /// The index of the tab with a number as the tab bar shows it.
  /// - Parameter number: may be any number, because users type it.
  func index(ofNumber number: Int) -> Int? { (1...tabs.count).contains(number) ? number - 1 : nil }

  /// - Returns: the index of the tab, opened if necessary; nil if there are too many tabs.
  mutating func open(_ target: Target) -> Int? {
    if let index = index(of: target) { return index }
    guard tabs.count < Self.maximumTabs else { return nil }
    tabs.append(Tab(target))
    if let known = known.removeValue(forKey: target) { tabs[tabs.count - 1].become(known) }
    return tabs.count - 1
  }

  mutating func select(_ index: Int) {
    home = nil
    move(to: index)
  }

  private mutating func move(to index: Int) {
    guard tabs.indices.contains(index), index != currentIndex else { return }
    previous = current.target
    current.leave()
    currentIndex = index
  }

  mutating func selectNext(by step: Int) {
    select((currentIndex + step % tabs.count + tabs.count) % tabs.count)
  }

  mutating func selectPrevious() {
    if let previous, let index = index(of: previous) { select(index) }
  }

  /// Selects the tab with the strongest activity; if there is none, the tab from which this began, or the lobby.
  mutating func selectActive(_ preferences: NotificationPreferences) {
    let activities = tabs.map { $0.activity(preferences) }
    let best = tabs.indices.filter { $0 != currentIndex }.max { left, right in
      // The first of equals.
      (activities[left], right) < (activities[right], left)
    }
    if let best, activities[best] > .none {
      home = home ?? current.target
      move(to: best)
    } else {
      select(home.flatMap(index(of:)) ?? 0)
    }
  }

  /// Closes the current tab and selects the one before it. The lobby stays open.
  /// - Returns: false for the lobby.
  mutating func closeCurrent() -> Bool {
    guard currentIndex > 0 else { return false }
    tabs.remove(at: currentIndex)
    currentIndex = previous.flatMap(index(of:)) ?? min(currentIndex, tabs.count) - 1
    currentIndex = min(max(currentIndex, 0), tabs.count - 1)
    previous = nil
    return true
  }

  /// Closes a tab that is not current. The lobby stays open.
  mutating func close(_ index: Int) {
    guard index > 0, tabs.indices.contains(index), index != currentIndex else { return }
    tabs.remove(at: index)
    if index < currentIndex { currentIndex -= 1 }
  }
}
