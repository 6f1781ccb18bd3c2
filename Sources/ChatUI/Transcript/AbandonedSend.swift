import ChatProtocol

/// An unconfirmed message of a closed tab.
struct AbandonedSend: Hashable, Sendable {
  let target: Target
  var sent: Transcript.Unconfirmed
}
