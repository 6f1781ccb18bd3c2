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
    overlays.open(SearchResults(number: number, text: text, target: target))
    return [.client(.search(number, in: target, text: text, before: nil))]
  }
}
