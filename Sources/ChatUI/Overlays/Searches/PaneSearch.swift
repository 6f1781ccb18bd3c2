import ChatProtocol
import TerminalTypes

/// Incremental search in the loaded messages of a conversation, with the matching rules of the server's search.
struct PaneSearch: Overlay {
  var editor = LineEditor()
  /// The ids of the matching entries, oldest first.
  private(set) var matches: [Int] = []
  /// The index of the current match.
  private(set) var position: Int?
  private(set) var texts = FoldedTexts()
  /// The scroll position before the search.
  let origin: Tab.Scroll

  init(origin: Tab.Scroll) { self.origin = origin }

  /// Nil if the query has no searchable terms.
  var terms: SearchTerms? { SearchQuery(editor.text).flatMap(SearchTerms.init) }

  var found: Int? { position.map { matches[$0] } }

  /// Searches again. The current match stays if it still matches; otherwise the nearest older match becomes current.
  /// The first search starts at the scroll position.
  mutating func look(through transcript: Transcript, _ filter: EntryFilter) {
    let before: Int? = if let found { found } else if case .row(_, let entry) = origin { entry } else { nil }
    guard let terms else {
      (matches, position) = ([], nil)
      return
    }
    texts.forget(allBut: transcript)
    matches = transcript.entries.compactMap { !filter.hides($0) && $0.isFound(by: terms, &texts) ? $0.id : nil }
    let near = before.flatMap { id in matches.lastIndex { $0 <= id } }
    position = near ?? matches.indices.last
  }

  /// - Returns: false if there is no further match.
  mutating func step(older: Bool) -> Bool {
    guard let position else { return false }
    let next = position + (older ? -1 : 1)
    guard matches.indices.contains(next) else { return false }
    self.position = next
    return true
  }

  /// `3 of 17`, counted from the newest.
  private var standing: String {
    guard !editor.text.trimmingSpaces.isEmpty else { return "type what to look for" }
    guard let position else { return "not found here" }
    return "\(matches.count - position) of \(matches.count)"
  }

  // MARK: Overlay

  var lifetime: OverlayLifetime { .untilTabChanges }
  var holdsText: Bool { !editor.isEmpty }
  var highlights: [SearchPhrase]? { terms?.phrases ?? [] }
  func input(width: Int) -> OverlayInput? { OverlayInput(prompt: "search", editor: editor) }

  func status(in interface: Interface) -> [StatusPart]? {
    [(standing, .plain), ("↑ older ↓ newer · Enter: server · Esc", .dim)]
  }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    let interface = context.interface
    switch context.action(for: key) {
    case .searchPane, .historyUp: return step(older: true, in: interface)
    case .searchHistory, .historyDown: return step(older: false, in: interface)
    case .send:
      let text = editor.text.trimmingSpaces
      return text.isEmpty ? .closed : .closed { $0.search(text, in: $0.tabs.current.target) }
    case .dismiss: return .closed
    case .clearInput:
      guard editor.isEmpty else {
        editor.clear()
        return search(interface)
      }
      return .closed { [origin] in
        $0.tabs.current.found = nil
        $0.tabs.current.scroll = origin
        return []
      }
    case .pageUp:
      return .handled {
        $0.scroll(byPages: -1)
        return $0.reachForOlder()
      }
    case .pageDown:
      return .handled {
        $0.scroll(byPages: 1)
        return []
      }
    case .help: return .handled(opening: HelpPage())
    case .quit: return .handled { $0.quit() }
    case .newline: return .handled
    case .some(let action):
      // Other keys work as in the main view, and end the search.
      return editor.perform(action) ? search(interface) : .closed { $0.pressWhileChatting(key) }
    case nil: return editor.type(key) ? search(interface) : .handled
    }
  }

  mutating func paste(_ text: String, in context: OverlayContext) -> OverlayResponse {
    editor.insert(text.replacing("\n", with: " "))
    return search(context.interface)
  }

  /// Searches again, and shows the current match.
  private mutating func search(_ interface: Interface) -> OverlayResponse {
    look(through: interface.tabs.current.transcript, interface.filter)
    guard let found else { return .handled }
    return .handled {
      $0.scroll(to: found)
      return []
    }
  }

  private mutating func step(older: Bool, in interface: Interface) -> OverlayResponse {
    // Entries that were added meanwhile are searched too.
    look(through: interface.tabs.current.transcript, interface.filter)
    let isFound = step(older: older)
    return .handled { [found] in
      if isFound, let found {
        $0.scroll(to: found)
      } else {
        $0.hint = older ? "none before it is loaded; Enter asks the server" : "none after it"
      }
      return older ? $0.reachForOlder() : []
    }
  }
}

extension Interface {
  mutating func beginSearch() -> [InterfaceCommand] { open(PaneSearch(origin: tabs.current.scroll)) }
}
