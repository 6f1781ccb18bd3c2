import ChatModel
import ChatProtocol

/// The open tabs of one server, the lobby first. There is always a current tab, which is the one on the screen while the
/// server is.
struct TabList: Hashable, Sendable {
  private(set) var tabs: [Tab] = [Tab(.room(.lobby))]
  private(set) var currentIndex = 0
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

  /// - Returns: the index of the tab, opened if necessary; nil if there are too many tabs.
  mutating func open(_ target: Target) -> Int? {
    if let index = index(of: target) { return index }
    guard tabs.count < Self.maximumTabs else { return nil }
    tabs.append(Tab(target))
    if let known = known.removeValue(forKey: target) { tabs[tabs.count - 1].become(known) }
    return tabs.count - 1
  }

  mutating func select(_ index: Int) {
    guard tabs.indices.contains(index), index != currentIndex else { return }
    current.leave()
    currentIndex = index
  }

  /// Closes the current tab. The lobby stays open.
  /// - Parameter target: the tab to select then; nil or a closed tab selects the one before.
  /// - Returns: false for the lobby.
  mutating func closeCurrent(goingTo target: Target?) -> Bool {
    guard currentIndex > 0 else { return false }
    tabs.remove(at: currentIndex)
    currentIndex = target.flatMap(index(of:)) ?? min(currentIndex, tabs.count) - 1
    currentIndex = min(max(currentIndex, 0), tabs.count - 1)
    return true
  }

  /// Closes a tab that is not current. The lobby stays open.
  mutating func close(_ index: Int) {
    guard index > 0, tabs.indices.contains(index), index != currentIndex else { return }
    tabs.remove(at: index)
    if index < currentIndex { currentIndex -= 1 }
  }
}
