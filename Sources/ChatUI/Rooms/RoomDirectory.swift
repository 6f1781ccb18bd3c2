import ChatModel
import ChatProtocol

/// The rooms of the server as far as they are known: topics, the last list, and the requests under way.
struct RoomDirectory: Hashable, Sendable {
  private var topics: [RoomName: String] = [:]
  /// The server's last list.
  private(set) var listed: [RoomListing] = []
  /// The room to show once the user is in it.
  private var joining: JoinRequest?
  /// Whether the list was requested, and is to be shown.
  private(set) var isListing = false

  /// The limit for topics that are kept.
  private static let maximumTopics = KnownConversation.maximum
  /// The limit for a topic; the project's own server stores shorter ones.
  private static let maximumTopicBytes = 4096

  // MARK: Topics

  func topic(of room: RoomName) -> String? { topics[room] }

  /// - Parameter text: empty if the room has no topic.
  mutating func setTopic(of room: RoomName, _ text: String) {
    guard topics.count < Self.maximumTopics || topics[room] != nil else { return }
    topics[room] = text.isEmpty ? nil : text.shortened(toBytes: Self.maximumTopicBytes)
  }

  // MARK: Joining

  var isJoining: Bool { joining != nil }

  mutating func beginJoining(_ request: JoinRequest) { joining = request }

  /// Ends the wait for a room.
  /// - Returns: the request; nil if another room, or none, was waited for.
  @discardableResult
  mutating func endJoining(_ room: RoomName) -> JoinRequest? {
    guard let request = joining, request.room == room else { return nil }
    joining = nil
    return request
  }

  /// The user is not in the room any more.
  mutating func forget(_ room: RoomName) { topics[room] = nil }

  // MARK: Listing

  mutating func beginListing() { isListing = true }

  /// - Returns: whether the list was to be shown.
  mutating func endListing() -> Bool {
    defer { isListing = false }
    return isListing
  }

  mutating func list(_ rooms: [RoomListing]) { listed = rooms.prefix(RoomList.maximum).map(\.shortened) }

  /// The connection was lost: requests get no answer any more.
  mutating func disconnect() {
    joining = nil
    isListing = false
  }
}

/// A request to join a room, and where the user made it.
struct JoinRequest: Hashable, Sendable {
  let room: RoomName
  /// The current tab and its input.
  let tab: Target
  let input: String
}
