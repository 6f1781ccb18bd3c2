import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords

/// A request to erase a message's text.
struct Erasure: Sendable {
  let id: EraseID
  let conversation: Conversation
  let sequence: Int
  /// Erase only a message of this author; nil: of any author.
  let author: MemberID?
  var note: RemovalNote?

  func answer(_ result: Result<StoredMessage?, LogError>) -> HubEvent {
    .erased(id, result.mapError(HubEvent.StorageFailure.init))
  }
}
