import ChatProtocol

/// What is on its way from a tab that was closed meanwhile.
struct AbandonedSend: Hashable, Sendable {
  let target: Target
  var sent: Transcript.Unconfirmed
}
