import ChatLog
import ChatProtocol
import ChatRecords

/// The log writes of one iteration of the event loop.
struct WriteBatch: Sendable {
  var proposals: [ProposedChange] = []
  var messages: [NewMessage] = []
  var redactions: [RedactionRequest] = []
  /// Entries for a shared feed: ends of logins.
  var departures: [Departure] = []
  /// Entries for a shared feed: the furthest mark of each login in each conversation.
  private(set) var marks: [MarkOwner: ReadMark] = [:]

  struct MarkOwner: Hashable {
    let login: LoginID
    let conversation: Conversation
  }

  var isEmpty: Bool {
    proposals.isEmpty && messages.isEmpty && redactions.isEmpty && departures.isEmpty && marks.isEmpty
  }

  mutating func add(_ mark: ReadMark, of login: LoginID) {
    let owner = MarkOwner(login: login, conversation: mark.conversation)
    if let known = marks[owner], known.sequence >= mark.sequence { return }
    marks[owner] = mark
  }

  mutating func clear() {
    proposals.removeAll(keepingCapacity: true)
    messages.removeAll(keepingCapacity: true)
    redactions.removeAll(keepingCapacity: true)
    departures.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
  }

  /// Marks and departures as entries, the marks first: a login moves its marks before it ends.
  var presence: [FeedEntry] {
    marks.map { .mark($1, login: $0.login) } + departures.map { .departure($0) }
  }
}
