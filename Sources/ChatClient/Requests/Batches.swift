import ChatModel
import ChatProtocol

/// Answers of several lines that are being received; several may be open at once.
struct Batches: Sendable {
  private static let most = 16
  private static let mostLines = 1000
  private static let mostPeople = Roster.limit
  private static let mostRooms = 5000
  private static let mostRecords = 20_000
  /// Limits for one batch and for all batches together.
  private static let mostBytes = 4 << 20
  private static let mostBytesOfAll = 16 << 20
  private static let patience = Duration.seconds(30)

  /// The lines that a batch keeps.
  enum BatchContent: Sendable {
    /// Messages of this conversation; nil for those that a search found in any.
    case messages(in: Target?)
    case rooms
    /// The members of the room.
    case people(RoomName)
    /// Keys, sanctions, operators and audited acts.
    case records
  }

  struct OpenBatch: Sendable {
    let receiver: any BatchReceiver
    let content: BatchContent
    var hasMore: Bool
    /// For a search that the server stopped early: the place to continue from.
    var stoppedBefore: Int?
    var messages: [ChatMessage] = []
    var rooms: [RoomListing] = []
    var people = Roster()
    /// Records of keys, sanctions, operators and audited acts.
    var records: [ServerMessage] = []
    /// The batch exceeded a limit.
    var isBroken = false
    fileprivate var bytes = 0
    fileprivate var deadline: MonotonicTime
  }

  private var batches: [String: OpenBatch] = [:]
  private var bytes = 0

  var deadline: MonotonicTime { batches.values.lazy.map(\.deadline).min() ?? .distantFuture }

  /// - Returns: false if the receiver takes no batch, or if too many batches are open.
  mutating func begin(
    _ reference: String, for receiver: any BatchReceiver, hasMore: Bool, stoppedBefore: Int? = nil,
    at now: MonotonicTime
  ) -> Bool {
    guard let content = receiver.content, batches[reference] == nil, batches.count < Self.most,
      reference.utf8.count <= 256
    else { return false }
    batches[reference] = OpenBatch(
      receiver: receiver, content: content, hasMore: hasMore, stoppedBefore: stoppedBefore,
      deadline: now + Self.patience)
    return true
  }

  func content(_ reference: String) -> BatchContent? { batches[reference]?.content }

  mutating func append(_ message: ChatMessage, to reference: String) {
    guard let index = batches.index(forKey: reference), spend(message.size, on: index) else { return }
    if batches.values[index].messages.count < Self.mostLines {
      batches.values[index].messages.append(message)
    } else {
      batches.values[index].isBroken = true
    }
  }

  /// A message was redacted before its batch was complete. A search no longer finds the message.
  mutating func redact(_ target: Target, _ sequence: Int) {
    for index in batches.values.indices {
      guard
        let place = batches.values[index].messages.firstIndex(where: {
          $0.target == target && $0.sequence == sequence
        })
      else { continue }
      if case .messages(in: nil) = batches.values[index].content {
        batches.values[index].messages.remove(at: place)
      } else {
        batches.values[index].messages[place].redact()
      }
    }
  }

  mutating func append(_ room: RoomListing, to reference: String) {
    guard let index = batches.index(forKey: reference), case .rooms = batches.values[index].content,
      batches.values[index].rooms.count < Self.mostRooms, spend(room.topic.utf8.count + 200, on: index)
    else { return }
    batches.values[index].rooms.append(room)
  }

  /// Adds a line of the answer to an `AdminRequest`.
  mutating func append(_ record: ServerMessage, to reference: String) {
    guard let index = batches.index(forKey: reference), case .records = batches.values[index].content else { return }
    let record = record.fitToShow
    guard spend(record.size, on: index) else { return }
    if batches.values[index].records.count < Self.mostRecords {
      batches.values[index].records.append(record)
    } else {
      batches.values[index].isBroken = true
    }
  }

  /// - Returns: whether the batch is a room's roster.
  mutating func append(_ person: Person, to reference: String) -> Bool {
    guard let index = batches.index(forKey: reference), case .people = batches.values[index].content else {
      return false
    }
    if spend((person.away?.utf8.count ?? 0) + 200, on: index) { batches.values[index].people.insert(person) }
    return true
  }

  /// A member left while a roster was being received.
  mutating func forget(_ name: Nickname, in room: RoomName?) {
    for index in batches.indices {
      guard case .people(let listed) = batches.values[index].content, room == nil || room == listed else { continue }
      batches.values[index].people.remove(name)
    }
  }

  mutating func end(_ reference: String) -> OpenBatch? {
    guard let batch = batches.removeValue(forKey: reference) else { return nil }
    bytes -= batch.bytes
    return batch
  }

  /// Removes the batches that did not end in time.
  mutating func takeExpired(at now: MonotonicTime) -> [OpenBatch] {
    guard deadline <= now else { return [] }
    return batches.filter { $0.value.deadline <= now }.keys.sorted().compactMap { end($0) }
  }

  private mutating func spend(_ size: Int, on index: Dictionary<String, OpenBatch>.Index) -> Bool {
    guard batches.values[index].bytes + size <= Self.mostBytes, bytes + size <= Self.mostBytesOfAll else {
      batches.values[index].isBroken = true
      return false
    }
    batches.values[index].bytes += size
    bytes += size
    return true
  }
}

extension ServerMessage {
  /// The record with all text made safe to display.
  fileprivate var fitToShow: ServerMessage {
    switch self {
    case .key(var key):
      key.label = DisplayText.sanitize(key.label)
      return .key(key)
    case .sanction(var sanction):
      sanction.reason = DisplayText.sanitize(sanction.reason)
      return .sanction(sanction)
    case .act(var act):
      act.subject = DisplayText.sanitize(act.subject)
      act.text = DisplayText.sanitize(act.text)
      return .act(act)
    default: return self
    }
  }

  /// Approximate memory of the record, in bytes.
  fileprivate var size: Int {
    switch self {
    case .key(let key): 200 + key.label.utf8.count
    case .sanction(let sanction): 300 + sanction.reason.utf8.count
    case .act(let act): 300 + act.subject.utf8.count + act.text.utf8.count
    default: 200
    }
  }
}
