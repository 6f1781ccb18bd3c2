import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords

/// The messages of one commit.
struct MessageGroup: Sendable {
  private(set) var messages: [NewMessage] = []
  private(set) var bytes = 0
  /// The duration of the commit; nil if it failed.
  var commitTime: Duration?

  /// The maximum size of a commit, chosen so that the delay stays acceptable to a client waiting for an answer.
  private static let mostMessages = 4096
  private static let mostBytes = 1 << 20

  /// Takes the oldest messages, as many as may share a commit, and at least one.
  init(takenFrom messages: inout some RangeReplaceableCollection<NewMessage>) {
    while let first = messages.first, self.messages.count < Self.mostMessages, bytes < Self.mostBytes {
      self.messages.append(first)
      bytes += first.size
      messages.removeFirst()
    }
  }

  /// Gives each message without an idempotency key one of its own, so that the group can be stored again if it is not
  /// known whether it was stored.
  mutating func makeRepeatable() {
    for index in messages.indices where messages[index].key == nil { messages[index].key = .random() }
  }

  /// Reports the outcome of each message, in their order.
  /// - Parameter apply: receives what the only hub of a log must hear: the outcome, and the message itself.
  func report(_ result: Result<[StoreOutcome], LogError>, to apply: (HubEvent) -> Void) {
    reportOutcomes(result) { LocalFeed.report($0, to: apply) }
  }

  /// Reports the outcome of each message, in their order.
  func reportOutcomes(
    _ result: Result<[StoreOutcome], LogError>, to apply: (Result<StoreOutcome, HubEvent.StorageFailure>) -> Void
  ) {
    var outcomes: [StoreOutcome] = []
    var failure = HubEvent.StorageFailure()
    switch result {
    case .success(let stored): outcomes = stored
    case .failure(let error): failure = HubEvent.StorageFailure(error)
    }
    for outcome in outcomes { apply(.success(outcome)) }
    // A session without an answer would wait for ever.
    for _ in outcomes.count..<max(messages.count, outcomes.count) { apply(.failure(failure)) }
  }
}

extension IdempotencyKey {
  /// A random key for a message whose author gave none. Clients cannot guess it.
  fileprivate static func random() -> IdempotencyKey? {
    IdempotencyKey(
      "~" + String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36))
  }
}

extension NewMessage {
  /// The approximate number of bytes that the message takes in memory.
  var size: Int { text.utf8.count + 256 }
}
