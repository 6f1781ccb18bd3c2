import ChatProtocol

/// Results of a search on the server, newest first, loaded page by page while scrolling.
struct SearchResults: Hashable, Sendable {
  /// The number of the search that is open or was answered.
  let number: Int
  let text: String
  /// Nil searches everywhere.
  let target: Target?
  private(set) var found: [Said] = []
  var choice = Choice()
  private(set) var state = State.waiting

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

  mutating func append(_ page: [Said], hasMore: Bool, stoppedBefore stop: Int? = nil) {
    var bytes = found.reduce(0) { $0 + $1.text.utf8.count }
    let taken = page.prefix(Self.maximum - found.count).prefix { said in
      bytes += said.text.utf8.count
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

  /// Applies the removal of a message.
  mutating func remove(_ sequence: Int, from target: Target) {
    for index in found.indices where found[index].sequence == sequence && found[index].target == target {
      found[index].removeText()
    }
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

  /// The phrases to highlight.
  var phrases: [SearchPhrase] { SearchQuery(text).flatMap(SearchTerms.init)?.phrases ?? [] }

  var chosen: Said? { found.indices.contains(choice.index) ? found[choice.index] : nil }
}
