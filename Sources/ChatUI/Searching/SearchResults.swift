import ChatModel
import ChatProtocol

/// Results of a search on the server, newest first, loaded page by page.
struct SearchResults: Hashable, Sendable {
  /// The number of the search that is open or was answered.
  let number: Int
  let text: String
  /// Nil searches everywhere.
  let target: Target?
  private(set) var found: [ChatMessage] = []
  /// The selected result: in the list, and for the keys that go to another result.
  var choice = Choice()
  private(set) var state = State.waiting
  /// Whether the user went to a result.
  var wasVisited = false

  enum State: Hashable, Sendable {
    case waiting
    /// - Parameter hasMore: whether the server has more results after the last one.
    case answered(hasMore: Bool)
    /// The server stopped early and searched nothing older than this id.
    case stopped(before: Int)
    /// - Parameter reason: a sentence.
    case failed(reason: String)
  }

  /// The limit for results; beyond it the query should be narrower.
  static let maximum = 2000
  /// The limit for all results together.
  private static let maximumBytes = 4 << 20

  init(number: Int, text: String, target: Target?) {
    self.number = number
    self.text = text
    self.target = target
  }

  mutating func append(_ page: [ChatMessage], hasMore: Bool, stoppedBefore stop: Int? = nil) {
    var bytes = found.reduce(0) { $0 + $1.text.utf8.count }
    let taken = page.prefix(Self.maximum - found.count).prefix { message in
      bytes += message.text.utf8.count
      return bytes <= Self.maximumBytes
    }
    found += taken
    if let stop, !hasMore, taken.count == page.count, found.count < Self.maximum {
      state = .stopped(before: stop)
      return
    }
    // A page without log ids cannot be continued.
    state = .answered(
      hasMore: hasMore && taken.count == page.count && found.count < Self.maximum && !page.isEmpty
        && found.last?.id != nil)
  }

  /// Applies the redaction of a message.
  mutating func redact(_ sequence: Int, from target: Target) {
    for index in found.indices where found[index].sequence == sequence && found[index].target == target {
      found[index].redact()
    }
  }

  /// Forgets the places of the results in a conversation that begins anew.
  mutating func reset(_ target: Target) {
    for index in found.indices where found[index].target == target { found[index].sequence = nil }
  }

  mutating func fail(_ reason: String) { state = .failed(reason: reason) }

  /// - Returns: the id that the next page continues from; nil if there is no next page, or it was requested already.
  mutating func takeNextPage() -> Int? {
    switch state {
    case .stopped(let before):
      state = .waiting
      return before
    case .answered(hasMore: true):
      guard let last = found.last?.id else { return nil }
      state = .waiting
      return last
    case .waiting, .answered, .failed: return nil
    }
  }

  /// The command that requests the first page.
  var request: InterfaceCommand { .client(.search(number, in: target, text: text, before: nil)) }

  /// The command that requests the next page; nil if there is none, or it was requested already.
  mutating func requestNextPage() -> InterfaceCommand? {
    takeNextPage().map { .client(.search(number, in: target, text: text, before: $0)) }
  }

  /// The phrases to highlight.
  var phrases: [SearchPhrase] { SearchQuery(text).flatMap(SearchTerms.init)?.phrases ?? [] }

  var chosen: ChatMessage? { found.indices.contains(choice.index) ? found[choice.index] : nil }

  /// Whether the selected result is the last one so far.
  var isAtEnd: Bool { choice.index + 1 >= found.count }

  /// `3 of 17`
  var standing: String { "\(choice.index + 1) of \(found.count)\(state.mayHaveMore ? "+" : "")" }

  /// Selects the result at a distance; keeps the selected one if the user has not gone to a result yet.
  /// - Returns: false if there is none.
  mutating func step(by distance: Int) -> Bool {
    let index = choice.index + (wasVisited ? distance : 0)
    guard found.indices.contains(index) else { return false }
    choice = Choice(index)
    return true
  }

  // MARK: Events

  /// Called with each event of the network after the interface has applied it.
  mutating func hear(_ event: ClientEvent, in interface: Interface) {
    switch event {
    case .found(number, let page, let hasMore, let stop):
      append(page.map(interface.withoutRedactedText), hasMore: hasMore, stoppedBefore: stop)
    case .searchFailed(number, let reason): fail(reason)
    case .offline, .distrusted: if found.isEmpty || state == .waiting { fail("The connection was lost.") }
    case .reset(let target): reset(target)
    case .redacted(let target, let sequence, _): redact(sequence, from: target)
    default: break
    }
  }
}

extension Interface {
  /// Applies a redaction to a message that was found before it.
  fileprivate func withoutRedactedText(_ message: ChatMessage) -> ChatMessage {
    guard let sequence = message.sequence, let index = tabs.index(of: message.target),
      tabs[index].redactions.contains(sequence)
    else { return message }
    var message = message
    message.redact()
    return message
  }
}

extension SearchResults.State {
  /// Whether the server may have more results.
  fileprivate var mayHaveMore: Bool {
    switch self {
    case .waiting, .answered(hasMore: true), .stopped: true
    case .answered, .failed: false
    }
  }
}
