import ChatProtocol
import ChatRecords

@testable import ChatHub

/// The messages that each session has received: none that it may not read, none twice, and none missing.
struct ReadingLedger {
  private(set) var published: [Conversation: Int] = [:]
  private var messages: [Int: StoredMessage] = [:]
  private var tracks: [SessionID: [Conversation: Track]] = [:]
  private var members: [SessionID: MemberID] = [:]
  private var cursors: [SessionID: [Cursor]] = [:]
  private var lagging: Set<SessionID> = []
  /// For open batches: whether they were pushed without a request.
  private var pushes: [SessionID: [String: Bool]] = [:]

  /// The messages of one conversation that one session has received.
  private struct Track {
    /// Every later message must be sent.
    var from: Int
    var told: Set<Int> = []
    /// Messages that were reported missing or confirmed to their author.
    var accounted: Set<Int> = []
  }

  mutating func note(_ hub: Hub) {
    for id in hub.sessions.keys { members[id] = hub.sessions[id]?.presence?.member }
  }

  mutating func note(_ cursors: [Cursor], of id: SessionID) { self.cursors[id] = cursors }
  mutating func setLagging(_ id: SessionID, _ isLagging: Bool) {
    if isLagging { lagging.insert(id) } else { lagging.remove(id) }
  }

  /// Messages of a conversation whose name belongs to another user now cannot be reported missing.
  mutating func forgetNameless(of id: SessionID, _ hub: Hub) {
    guard let member = members[id] else { return }
    for case .pair(let pair) in (tracks[id] ?? [:]).keys {
      let other = pair.other(than: member)
      let known = hub.people[member]?.record.correspondents.first { $0.member == other }
      guard let name = hub.people.currentName(of: other, hub.registry) ?? known?.name,
        hub.people.bearer(of: name, for: member, hub.registry)?.member == other
      else {
        tracks[id]?[.pair(pair)] = nil
        continue
      }
    }
  }

  func isLagging(_ id: SessionID) -> Bool { lagging.contains(id) }

  /// The message is on the disk.
  mutating func store(_ message: StoredMessage) { messages[message.id] = message }

  /// The log's answer reaches the hub.
  mutating func publish(_ message: StoredMessage) -> String? {
    guard message.sequence == (published[message.conversation] ?? 0) + 1 else {
      return "sequences of published messages are dense"
    }
    published[message.conversation] = message.sequence
    return nil
  }

  mutating func broken(by action: HubAction, in presence: PresenceLedger) -> String? {
    switch action {
    case .post(let message, _):
      guard case .room(let room) = message.conversation, published[message.conversation] == message.sequence else {
        return "a posted message is the last published one"
      }
      for (id, rooms) in presence.rooms where rooms.contains(room) && !lagging.contains(id) {
        if tell(message, to: id) { return "\(id) hears \(message) twice" }
      }
      return nil
    case .send(let id, let message, let tags): return broken(by: message, tags, to: id, in: presence)
    case .leave(let id, let room):
      tracks[id]?[.room(room)] = nil
      cursors[id]?.removeAll { $0.target == .room(room) }
      return nil
    case .close(let id, _):
      tracks[id] = nil
      return nil
    default: return nil
    }
  }

  private mutating func broken(
    by line: ServerMessage, _ tags: Tags, to id: SessionID, in presence: PresenceLedger
  ) -> String? {
    if let number = tags.id {
      guard let message = messages[number], message.sequence == tags.sequence else {
        return "a delivered message was published"
      }
      guard isTime(for: message, isHistory: tags.batch != nil) else {
        return "a message is delivered only after it was published"
      }
      guard mayRead(message.conversation, id, presence) else { return "\(id) may not read \(message)" }
      if case .ok = line {
        tracks[id]?[message.conversation]?.accounted.insert(message.sequence)
        return nil
      }
      if let batch = tags.batch, pushes[id]?[batch] != true { return nil }
      return tell(message, to: id) ? "\(id) hears \(message) twice" : nil
    }
    switch line {
    case .batchStart(let reference, let kind, _):
      pushes[id, default: [:]][reference] = kind == "history" && tags.label == nil
    case .batchEnd(let reference): pushes[id]?[reference] = nil
    case .reset(let target, _): cursors[id]?.removeAll { $0.target == target }
    case .sync(let target, let epoch, let head): return start(target, epoch, head, id, presence)
    case .redacted(.room(let room), let sequence, _):
      guard mayRead(.room(room), id, presence), sequence <= published[.room(room)] ?? 0 else {
        return "\(id) is told what was taken away from others"
      }
    case .gap(let target, let from, let to):
      guard let conversation = conversation(target, id) else { return nil }
      guard from <= to, to <= published[conversation] ?? 0 else { return "a gap covers only published messages" }
      tracks[id]?[conversation]?.accounted.formUnion(from...to)
    default: break
    }
    return nil
  }

  private mutating func start(
    _ target: Target, _ epoch: Epoch, _ head: Int, _ id: SessionID, _ presence: PresenceLedger
  ) -> String? {
    guard let member = members[id] else { return nil }
    let conversation: Conversation
    switch target {
    case .room(let room): conversation = .room(room)
    case .person(let name):
      guard let dot = epoch.text.lastIndex(of: "."),
        let other = Int64(epoch.text[epoch.text.index(after: dot)...], radix: 16)
      else { return "the epoch of a pair identifies its members" }
      conversation = .pair(Conversation.Pair(member, MemberID(other)))
      // The session forgets the earlier conversation of this name.
      if let earlier = names[id]?[name], earlier != conversation { tracks[id]?[earlier] = nil }
      names[id, default: [:]][name] = conversation
    }
    guard mayRead(conversation, id, presence) else { return "\(id) is told of \(conversation)" }
    guard tracks[id]?[conversation] == nil else { return nil }
    var from = head
    if let cursor = cursors[id]?.first(where: { $0.target == target }), cursor.epoch == epoch {
      from = min(cursor.sequence, head)
    }
    tracks[id, default: [:]][conversation] = Track(from: from)
    return nil
  }

  /// The conversation of each name, as last sent to each session.
  private var names: [SessionID: [Nickname: Conversation]] = [:]

  private func conversation(_ target: Target, _ id: SessionID) -> Conversation? {
    switch target {
    case .room(let room): .room(room)
    case .person(let name): names[id]?[name]
    }
  }

  /// The correspondents that the log returns may include a message that is stored and not reported yet.
  private func isTime(for message: StoredMessage, isHistory: Bool) -> Bool {
    if case .pair = message.conversation, isHistory { return true }
    return message.sequence <= published[message.conversation] ?? 0
  }

  private func mayRead(_ conversation: Conversation, _ id: SessionID, _ presence: PresenceLedger) -> Bool {
    switch conversation {
    case .room(let room): presence.rooms[id]?.contains(room) == true
    case .pair(let pair): members[id].map { pair.contains($0) } ?? false
    }
  }

  /// - Returns: whether the message was sent before.
  private mutating func tell(_ message: StoredMessage, to id: SessionID) -> Bool {
    guard tracks[id]?[message.conversation] != nil else { return false }
    return tracks[id]?[message.conversation]?.told.insert(message.sequence).inserted == false
  }

  /// The capabilities with which no message may be missing.
  private static let everything: Capabilities = [.tags, .presence, .rooms, .history, .resume, .marks]

  /// The messages that were neither sent nor reported missing, checked after all answers.
  /// - Parameter capabilities: sessions without all capabilities may lack messages.
  func missing(_ capabilities: [SessionID: Capabilities]) -> String? {
    for (id, tracks) in tracks where !lagging.contains(id) && capabilities[id]?.isSuperset(of: Self.everything) == true
    {
      for (conversation, track) in tracks {
        let head = published[conversation] ?? 0
        guard track.from < head else { continue }
        for sequence in (track.from + 1)...head where !track.told.contains(sequence) {
          guard track.accounted.contains(sequence) else { return "\(id) lacks \(sequence) of \(conversation)" }
        }
      }
    }
    return nil
  }
}
