import ChatHub
import ChatLog
import ChatProtocol

/// Messages of one commit.
struct MessageGroup: Sendable {
  private(set) var messages: [NewMessage] = []
  private(set) var bytes = 0
  /// How long the commit took; nil where it failed.
  var commitTime: Duration?

  /// A commit of these takes no longer than the patience of somebody who waits for an answer.
  private static let mostMessages = 4096
  private static let mostBytes = 1 << 20

  /// Takes the oldest, as many as may share a commit, and at least one.
  init(takenFrom messages: inout some RangeReplaceableCollection<NewMessage>) {
    while let first = messages.first, self.messages.count < Self.mostMessages, bytes < Self.mostBytes {
      self.messages.append(first)
      bytes += first.size
      messages.removeFirst()
    }
  }

  /// An answer a message, in their order.
  func answers(_ result: Result<[StoreOutcome], LogError>) -> [HubEvent] {
    switch result {
    case .failure(let error):
      return Array(repeating: .stored(.failure(HubEvent.StorageFailure(error))), count: messages.count)
    case .success(let outcomes):
      // Whoever got no answer would wait for ever.
      let missing = max(messages.count - outcomes.count, 0)
      return outcomes.map { .stored(.success($0)) }
        + Array(repeating: .stored(.failure(HubEvent.StorageFailure())), count: missing)
    }
  }
}

extension NewMessage {
  /// Bytes that it keeps of the memory, roughly.
  var size: Int { text.utf8.count + 256 }
}
