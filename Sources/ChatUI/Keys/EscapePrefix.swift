import ChatProtocol
import TerminalTypes

/// Esc followed by another key acts as Alt and that key, for terminals without Alt and terminals that use Alt
/// themselves.
struct EscapePrefix: Hashable, Sendable {
  private var pressedAt: Timestamp?

  /// In milliseconds: the longest pause between Esc and the key.
  private static let span: Int64 = 500

  mutating func begin(at now: Timestamp) { pressedAt = now }

  /// Whether the next key may become an Alt key. It is not known yet whether Esc was meant by itself.
  func isPending(at now: Timestamp) -> Bool {
    guard let pressedAt else { return false }
    return (0..<Self.span).contains(now.milliseconds &- pressedAt.milliseconds)
  }

  /// - Returns: the key with Alt if the key map binds it, otherwise the key itself.
  mutating func apply(to key: Key, at now: Timestamp, _ keyMap: KeyMap) -> Key {
    defer { pressedAt = nil }
    // A slash begins a command: with Alt it would be lost, and the rest of the command be sent as text.
    guard key != .character("/") else { return key }
    guard isPending(at: now), key.modifiers.isEmpty else { return key }
    var meant = key
    meant.modifiers.insert(.alt)
    if case .character(let character) = key.symbol, let lower = character.lowercased().first, character.isLetter {
      meant.symbol = .character(lower)
    }
    return keyMap.action(for: meant) == nil ? key : meant
  }
}

/// The parts of the view that Esc changes. If the Esc was the beginning of an Alt key, they are as before for that key.
struct DismissedView: Sendable {
  private let place: TabPlace
  private let scroll: Tab.Scroll
  private let found: Int?
  private let foundMention: Int?
  private let hidesUnreadSign: Bool
  private let search: SearchState

  init(of interface: Interface) {
    let tab = interface.tabs.current
    place = interface.servers.shownPlace
    (scroll, found, foundMention) = (tab.scroll, tab.found, tab.foundMention)
    hidesUnreadSign = tab.hidesUnreadSign
    search = interface.search
  }

  func restore(in interface: inout Interface) {
    guard interface.servers.shownPlace == place else { return }
    interface.tabs.current.scroll = scroll
    (interface.tabs.current.found, interface.tabs.current.foundMention) = (found, foundMention)
    interface.tabs.current.hidesUnreadSign = hidesUnreadSign
    // The answer to a search that waited may have arrived, and was dropped.
    if !search.isWaiting { interface.search = search }
    // The same holds for the page that a jump waited for.
    if !interface.tabs.current.isLoading { interface.search.jump = nil }
  }
}
