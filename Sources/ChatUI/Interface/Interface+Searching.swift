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
    return try begin(text, in: target)
  }

  /// Searches on the server, and shows the results.
  mutating func search(_ text: String, in target: Target?) -> [InterfaceCommand] {
    do {
      return try begin(text, in: target)
    } catch {
      tell(.alert("\(error)"))
      return []
    }
  }

  private mutating func begin(_ text: String, in target: Target?) throws(UsageError) -> [InterfaceCommand] {
    guard SearchQuery(text) != nil else {
      throw UsageError(
        "cannot search for that: a search takes words with letters or digits, from:NAME, and after:, before: or "
          + "on:YYYY-MM-DD")
    }
    guard connection.isOnline else {
      guard !printsLines else { throw UsageError("not connected: nothing can be searched") }
      let key = keyMap.shortcut(.searchPane).map { ", with \($0)" } ?? ""
      throw UsageError("not connected: only what is loaded can be searched\(key)")
    }
    let results = SearchResults(number: search.nextNumber(), text: text, target: target)
    if printsLines, search.isWaiting {
      guard search.append(results) else { throw UsageError("too many searches wait for their answers") }
      return []
    }
    search.results = results
    if !printsLines { overlays.open(SearchResultList()) }
    return [results.request]
  }

  /// Called with each event of the network after it was applied.
  mutating func tellResults(_ event: ClientEvent) -> [InterfaceCommand] {
    guard var results = search.takeResults() else { return [] }
    results.hear(event, in: self)
    search.results = results
    guard printsLines, !search.isWaiting else { return [] }
    print(.notice(results.lines(in: self).joined(separator: "\n")), in: tabs.current.target, at: now)
    search.results = search.takeNext()
    return [search.results?.request].compactMap { $0 }
  }

  // MARK: Results

  /// Opens the list of results that was left.
  mutating func reopenResults() -> [InterfaceCommand] {
    guard search.results != nil else {
      hint = noResults
      return []
    }
    return open(SearchResultList())
  }

  /// Goes to another result of the list that was left, and requests more of them at the end of the list.
  /// - Parameter distance: positive for the results further down in the list.
  mutating func stepResult(by distance: Int) -> [InterfaceCommand] {
    guard search.results != nil else {
      hint = noResults
      return []
    }
    guard search.results?.step(by: distance) == true else {
      // The last result may have been reached without this key, which requests the page after it.
      let next = distance > 0 ? requestMoreResults() : []
      hint =
        search.isWaiting ? "asking the server for more…" : distance > 0 ? "the last result" : "the first result"
      return next
    }
    let next = search.results?.isAtEnd == true ? requestMoreResults() : []
    return goToResult() + next
  }

  /// Requests the next page of results, if there is one and it was not requested already.
  mutating func requestMoreResults() -> [InterfaceCommand] { [search.results?.requestNextPage()].compactMap { $0 } }

  private var noResults: String {
    "no search results: \(keyMap.shortcut(.searchPane).map { "\($0) or " } ?? "")/search finds some"
  }

  /// Goes to the selected result.
  mutating func goToResult() -> [InterfaceCommand] {
    guard let results = search.results, let message = results.chosen, openTab(message.target) else { return [] }
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
