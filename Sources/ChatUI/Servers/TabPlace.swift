import ChatModel
import ChatProtocol

/// A tab among those of all open servers.
struct TabPlace: Hashable, Sendable {
  let server: Endpoint
  let target: Target
}
