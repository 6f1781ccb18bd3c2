import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords

/// A request to redact a message's text.
struct RedactionRequest: Sendable {
  let id: RedactionID
  let conversation: Conversation
  let sequence: Int
  /// Redact only a message of this author; nil: of any author.
  let author: MemberID?
  let note: RedactionNote

  /// - Parameter apply: receives what the only hub of a log must hear.
  func report(_ result: Result<StoredMessage?, LogError>, to apply: (HubEvent) -> Void) {
    let redaction = Redaction(conversation, sequence: sequence, by: note.by)
    LocalFeed.report(id, redaction, result.mapError(HubEvent.StorageFailure.init), to: apply)
  }
}
