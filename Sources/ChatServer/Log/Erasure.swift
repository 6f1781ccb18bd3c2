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
  let note: RemovalNote

  func report(_ result: Result<StoredMessage?, LogError>, to apply: (HubEvent) -> Void) {
    let redaction = Redaction(conversation, sequence: sequence, by: note.by)
    LocalFeed.report(id, redaction, result.mapError(HubEvent.StorageFailure.init), to: apply)
  }
}
