import ChatProtocol

/// What the server found, the newest first, page by page as one reads on.
struct SearchResults: Hashable, Sendable {
  /// The search that is waited for, or was answered.
  let number: Int
  let text: String
  /// Nil: everywhere.
  let target: Target?
  private(set) var found: [Said] = []
  var choice = Choice()
  private(set) var state = State.waiting

  enum State: Hashable, Sendable {
    case waiting
    /// - Parameter hasMore: the server would find more behind the last.
    case answered(hasMore: Bool)
    /// The server stopped early, and looked at nothing older than this id.
    case stopped(before: Int)
    /// - Parameter reason: a sentence.
    case failed(reason: String)
  }

  /// Who wants more than this searches for something else.
  static let maximum = 2000
  /// Of all that was found.
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
    // Without a place in the server's log the next page could not be asked for.
    state = .answered(
      hasMore: hasMore && taken.count == page.count && found.count < Self.maximum && !page.isEmpty
        && found.last?.id != nil)
  }

  /// A message was taken away.
  mutating func remove(_ sequence: Int, from target: Target) {
    for index in found.indices where found[index].sequence == sequence && found[index].target == target {
      found[index].removeText()
    }
  }

  mutating func fail(_ reason: String) { state = .failed(reason: reason) }

  /// - Returns: behind which the next page begins; nil where there is none, or it is waited for.
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

  /// What is marked where it is shown.
  var phrases: [SearchPhrase] { SearchQuery(text).flatMap(SearchTerms.init)?.phrases ?? [] }

  var chosen: Said? { found.indices.contains(choice.index) ? found[choice.index] : nil }
}
