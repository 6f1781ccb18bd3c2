import ChatHub
import ChatLog
import ChatProtocol

/// A message whose text the hub wants gone.
struct Erasure: Sendable {
  let id: EraseID
  let conversation: Conversation
  let sequence: Int
  /// Only if it is theirs; nil: whose ever it is.
  let author: MemberID?
  var note: RemovalNote?

  func answer(_ result: Result<StoredMessage?, LogError>) -> HubEvent {
    .erased(id, result.mapError(HubEvent.StorageFailure.init))
  }
}
