import ChatModel
import ChatProtocol

/// A tab among those of all open servers.
struct TabPlace: Hashable, Sendable, Codable {
  let server: Endpoint
  let target: Target

  private enum CodingKeys: String, CodingKey {
    // The key of addresses in all parts of a recording, by which `Blanking` finds them.
    case server = "endpoint"
    case target
  }
}
