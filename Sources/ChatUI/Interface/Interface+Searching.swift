import ChatModel
import ChatProtocol
import TerminalTypes

// Searching on the server.

extension Interface {
  /// Handles `/search words`, with `in:#room` for a single target.
  mutating func search(_ arguments: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    var target: Target?
    var words: [Substring] = []
    for word in arguments.rest.split(separator: " ", omittingEmptySubsequences: false) {
      guard String(word).folded().hasPrefix("in:") else {
        words.append(word)
        continue
      }
      let place = word.dropFirst(3)
      guard let named = String(place).folded() == "here" ? tabs.current.target : Target(place) else {
        throw UsageError("in: takes #room, @name or here")
      }
      target = named
    }
    let text = words.joined(separator: " ").trimmingSpaces
    guard !text.isEmpty else { throw arguments.usageError }
    return search(text, in: target)
  }

  /// Searches on the server, and shows the results.
  mutating func search(_ text: String, in target: Target?) -> [InterfaceCommand] {
    guard SearchQuery(text) != nil else {
      tell(.alert(ErrorCode.invalidSearch.explanation))
      return []
    }
    guard connection.isOnline else {
      let key = keyMap.shortcut(.searchPane).map { ", with \($0)" } ?? ""
      tell(.alert("not connected: only what is loaded can be searched\(key)"))
      return []
    }
    let number = search.nextNumber()
    search.results = nil
    overlays.open(SearchResults(number: number, text: text, target: target))
    return [.client(.search(number, in: target, text: text, before: nil))]
  }
  // MARK: Results

  /// Opens the list of results that was left.
  mutating func reopenResults() -> [InterfaceCommand] {
    guard let results = search.takeResults() else {
      hint = noResults
      return []
    }
    return open(results)
  }

  /// Goes to another result of the list that was left, and requests more of them at the end of the list.
  /// - Parameter distance: positive for the results further down in the list.
  mutating func stepResult(by distance: Int) -> [InterfaceCommand] {
    guard var results = search.takeResults() else {
      hint = noResults
      return []
    }
    guard results.step(by: distance) else {
      hint =
        results.state == .waiting
        ? "asking the server for more…" : distance > 0 ? "the last result" : "the first result"
      search.results = results
      return []
    }
    let next = results.isAtEnd ? results.requestNextPage() : nil
    return go(to: results) + [next].compactMap { $0 }
  }

  private var noResults: String {
    "no search results: \(keyMap.shortcut(.searchPane).map { "\($0) or " } ?? "")/search finds some"
  }

  /// Goes to the selected result, and keeps the list.
  mutating func go(to results: SearchResults) -> [InterfaceCommand] {
    search.results = results
    guard let message = results.chosen, openTab(message.target) else { return [] }
    search.phrases = results.phrases
    search.results?.wasVisited = true
    guard let sequence = message.sequence.flatMap(\.asSequence) else {
      hint = "its place is not known"
      return []
    }
    return pursue(sequence, in: message.target)
  }

  /// `result 3 of 17`, at a result of the list that was left.
  var resultPart: StatusPart? {
    guard let results = search.results, let message = results.chosen, message.target == tabs.current.target,
      let sequence = message.sequence, let found = tabs.current.found,
      let index = tabs.current.transcript.index(of: found), tabs.current.transcript.entries[index].sequence == sequence
    else { return nil }
    let keys = [(KeyAction.nextResult, "next"), (.searchResults, "list")].compactMap { action, name in
      keyMap.shortcut(action).map { ", \($0) \(name)" }
    }
    return ("result \(results.standing)\(keys.joined())", .plain)
  }
}
