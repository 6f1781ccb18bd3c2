import ChatProtocol
import TerminalTypes

/// The links of a conversation, to copy or open one of them: those in view with their numbers, and then older ones.
struct LinkList: ChoiceList {
  /// The addresses, each once, except that links in view keep duplicates.
  let links: [String]
  /// The number of links in view, which come first; nine of them have a number.
  let inView: Int
  /// Whether a program for links is set.
  let opensLinks: Bool
  var choice = Choice()

  /// The limit for links that are not in view.
  static let mostOlder = 100

  private var chosen: String? { links.indices.contains(choice.index) ? links[choice.index] : nil }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    if choice.move(key, count: links.count, page: context.layout.listPage()) { return .handled }
    if case .character(let character) = key.symbol, key.modifiers.isEmpty, let number = character.wholeNumberValue {
      guard number >= 1, number <= min(inView, 9) else { return .handled }
      return copy(links[number - 1])
    }
    if opensLinks, key.symbol == .character("o"), key.modifiers.isEmpty { return chosen.map(open) ?? .closed }
    switch context.action(for: key) {
    case .send: return chosen.map(copy) ?? .closed
    case .quit: return .handled { $0.quit() }
    case .dismiss, .clearInput, .pickLink: return .closed
    default: return .handled
    }
  }

  private func copy(_ link: String) -> OverlayResponse {
    .closed {
      $0.hint = "copied: \(link)"
      return [.copy(link)]
    }
  }

  private func open(_ link: String) -> OverlayResponse {
    .closed {
      $0.hint = "opening: \(link)"
      return [.openLink(link)]
    }
  }

  func content(in interface: Interface) -> ListContent {
    let items = links.enumerated().map { index, link in
      let number = index < min(inView, 9) ? "\(index + 1)" : " "
      return [
        [
          ListContent.Piece(column: 1, text: number, style: .dim),
          ListContent.Piece(column: 3, text: link, style: .plain),
        ]
      ]
    }
    return ListContent(
      title: "Links", state: links.count == 1 ? "1 found" : "\(links.count) found",
      keys: "Enter: copy · 1 to 9: copy that one\(opensLinks ? " · o: open" : "") · Esc", items: items, choice: choice)
  }
}

extension Interface {
  /// Lists the links of the current tab.
  mutating func pickLink() -> [InterfaceCommand] {
    let page = walk(in: layout.pane).page(at: tabs.current.scroll)
    var seen = Set(page.links)
    var older: [String] = []
    let filter = filter
    for entry in tabs.current.transcript.entries[..<(page.first ?? 0)].reversed() {
      guard older.count < LinkList.mostOlder else { break }
      guard let text = entry.message?.text, !filter.hides(entry) else { continue }
      older += LinkFinder.addresses(in: text).filter { seen.insert($0).inserted }.reversed()
    }
    // Duplicates in view stay, so that the numbers equal those on the screen.
    let links = page.links
    guard !(links + older).isEmpty else {
      hint = "no links here"
      return []
    }
    return open(
      LinkList(
        links: links + older.prefix(LinkList.mostOlder), inView: links.count, opensLinks: preferences.opensLinks))
  }
}
