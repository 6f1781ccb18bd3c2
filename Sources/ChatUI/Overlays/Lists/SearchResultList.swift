import ChatProtocol
import TerminalTypes

/// The list of search results. It shows `SearchState.results`, which stay when it closes.
struct SearchResultList: ListOverlay {
  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    guard let results = context.interface.search.results else { return .closed }
    let page = context.layout.listPage(itemRows: ListContent.messageRows(width: context.interface.size.columns))
    var choice = results.choice
    if choice.move(key, count: results.found.count, page: page) {
      let isAtEnd = choice.index + page >= results.found.count
      let requestsMore = isAtEnd && (key.symbol == .down || key.symbol == .pageDown || key.symbol == .end)
      return .handled { [choice] in
        $0.search.results?.choice = choice
        return requestsMore ? $0.requestMoreResults() : []
      }
    }
    switch context.action(for: key) {
    case .send: return results.chosen == nil ? .handled : .closed { $0.goToResult() }
    case .quit: return .handled { $0.quit() }
    case .dismiss, .clearInput, .searchResults: return .closed
    case .searchPane: return .closed { $0.beginSearch() }
    case .nextResult: return .closed { $0.stepResult(by: 1) }
    case .previousResult: return .closed { $0.stepResult(by: -1) }
    default: return .handled
    }
  }

  mutating func choose(_ item: Int) -> OverlayResponse {
    .handled {
      $0.search.results?.choice = Choice(item)
      return []
    }
  }

  func isObsolete(in interface: Interface) -> Bool { interface.search.results == nil }

  func content(in interface: Interface) -> ListContent {
    guard let results = interface.search.results else {
      return ListContent(title: "", state: "", keys: "Esc: back", items: [], choice: Choice())
    }
    let place = results.target.map { " in \($0)" } ?? ""
    let count = results.found.count
    let (state, isMore): (String, Bool) =
      switch results.state {
      case .waiting: (count == 0 ? "asking the server…" : "asking for more…", false)
      case .answered(let hasMore): (count == 0 ? "nothing was found" : "\(count)\(hasMore ? "+" : "") found", hasMore)
      case .stopped: ("\(count == 0 ? "nothing" : "\(count)") found so far; the search took too long", true)
      case .failed(let reason): (reason, false)
      }
    let keys =
      count == 0
      ? isMore ? "PgDn: search on · Esc: back" : "Esc: back"
      : isMore ? "Enter: go there · PgDn: more · Esc" : "Enter: go there · Esc"
    return ListContent(
      title: "“\(DisplayText.sanitize(results.text))”\(place)", state: state, keys: keys,
      items: ListContent.items(results.found, highlighting: results.phrases, in: interface),
      choice: results.choice, itemRows: ListContent.messageRows(width: interface.size.columns))
  }
}
