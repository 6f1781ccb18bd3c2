import ChatModel
import ChatProtocol
import ChatRecords

/// The events that one user's screen received, the saved part of them, and detected violations.
package struct EventScreen: Sendable {
  package struct ShownConversation: Sendable {
    package var epoch: Epoch?
    /// In screen order.
    package var messages: [ChatMessage] = []
    package var hasBeginning = false
  }

  package struct SavedScreen: Sendable {
    package init() {}

    package var windows: [Target: ShownConversation] = [:]
    package var rooms: Set<RoomName> = []
    package var memory = ClientMemory()
  }

  package private(set) var kept = SavedScreen()
  package private(set) var isOnline = false
  /// Whether the server was taken for a plain one, for which few promises hold.
  package private(set) var isPlain = false
  /// Sends that were reported as confirmed.
  package private(set) var confirmed: Set<String> = []
  package private(set) var failed: [String: String] = [:]
  /// Own redactions that the server confirmed.
  package private(set) var confirmedRedactions: [MessagePlace] = []
  /// Messages that were reported as redacted.
  private var redacted: Set<MessagePlace> = []
  package private(set) var violations: [String] = []

  package struct MessagePlace: Hashable, Sendable {
    package var target: Target
    package var sequence: Int
  }

  package var windows: [Target: ShownConversation] { kept.windows }

  /// The cursors that follow from the screen.
  private var cursors: Set<Cursor> {
    Set(
      kept.windows.compactMap { target, window in
        window.epoch.map { Cursor(target: target, epoch: $0, sequence: window.messages.last?.sequence ?? 0) }
      })
  }

  package mutating func willSay(_ id: SendID, _ text: String, to target: Target) {
    kept.memory.note(.say(id: id, to: target, text: text), at: Timestamp(milliseconds: 0))
  }

  /// The client's process ends and starts again with an earlier saved state.
  package mutating func restart(from kept: SavedScreen) {
    self.kept = kept
    isOnline = false
  }

  package mutating func hear(_ event: ClientEvent) {
    let unconfirmed = kept.memory.unconfirmed
    kept.memory.note(event)
    apply(event, unconfirmed)
    let remembered = Set(kept.memory.cursors)
    if remembered != cursors { violations.append("\(remembered) are remembered, and shown are \(cursors)") }
  }

  /// - Parameter unconfirmed: the messages that were unconfirmed before the event.
  private mutating func apply(_ event: ClientEvent, _ unconfirmed: [OutgoingMessage]) {
    switch event {
    case .online(_, let capabilities, _):
      isOnline = true
      isPlain = capabilities.isEmpty
    case .offline, .connecting: isOnline = false
    case .roomJoined(let room): kept.rooms.insert(room)
    case .roomLeft(let room, _):
      kept.rooms.remove(room)
      kept.windows[.room(room)] = nil
    case .synced(let target, let epoch, _, _):
      let window = kept.windows[target] ?? ShownConversation()
      if let earlier = window.epoch, earlier != epoch, !window.messages.isEmpty {
        violations.append("\(target) changed its epoch with \(window.messages.count) messages on the screen")
      }
      kept.windows[target, default: ShownConversation()].epoch = epoch
    case .continued(let target, let epoch): kept.windows[target]?.epoch = epoch
    case .reset(let target):
      kept.windows[target] = ShownConversation()
      // The conversation may be another one now.
      redacted = redacted.filter { $0.target != target }
    case .redacted(let target, let sequence, _): redact(MessagePlace(target: target, sequence: sequence))
    case .administered(.redact(let target, let sequence, _), .done):
      confirmedRedactions.append(MessagePlace(target: target, sequence: sequence))
    case .older(let target, let messages, let hasMore):
      for message in messages { checkRedaction(of: message) }
      for message in messages.reversed() { prepend(message, to: target) }
      if !hasMore { kept.windows[target, default: ShownConversation()].hasBeginning = true }
    case .message(let message):
      checkRedaction(of: message)
      if let id = message.answersSend { end(id, unconfirmed, at: message) }
      append(message)
    case .sending(let id):
      if !unconfirmed.contains(where: { $0.id == id }) { violations.append("\(id) is sent after its end") }
    case .sendConfirmed(let id, let sequence, let time):
      guard let send = find(id, unconfirmed) else { return }
      if isPlain { return }
      confirmed.insert(send.text)
      guard let sequence else { return }
      let last = kept.windows[send.target]?.messages.last?.sequence
      if let last, sequence <= last { return }
      append(
        ChatMessage(target: send.target, author: me, text: send.text, time: time, isOwn: true, sequence: sequence))
    case .sendFailed(let id, let reason, _):
      guard let send = find(id, unconfirmed) else { return }
      failed[send.text] = reason
    default: break
    }
  }

  package let me: Nickname

  package init(_ me: Nickname) { self.me = me }

  private mutating func end(_ id: SendID, _ unconfirmed: [OutgoingMessage], at message: ChatMessage) {
    guard let send = find(id, unconfirmed) else { return }
    confirmed.insert(send.text)
    // The message may have been redacted meanwhile.
    guard message.kind != .redacted, message.text != StoredMessage.redactedText else { return }
    if send.text != message.text { violations.append("\(send.text) was answered with \(message.text)") }
  }

  private mutating func find(_ id: SendID, _ unconfirmed: [OutgoingMessage]) -> OutgoingMessage? {
    guard let send = unconfirmed.first(where: { $0.id == id }) else {
      violations.append("\(id) ended twice")
      return nil
    }
    return send
  }

  private mutating func redact(_ place: MessagePlace) {
    redacted.insert(place)
    guard let index = kept.windows[place.target]?.messages.firstIndex(where: { $0.sequence == place.sequence }) else {
      return
    }
    kept.windows[place.target]?.messages[index].redact()
  }

  private mutating func checkRedaction(of message: ChatMessage) {
    guard let sequence = message.sequence, message.kind != .redacted else { return }
    if redacted.contains(MessagePlace(target: message.target, sequence: sequence)) {
      violations.append("\(message) is told with its text after its redaction")
    }
  }

  private mutating func append(_ message: ChatMessage) {
    guard let sequence = message.sequence else { return }
    let last = kept.windows[message.target]?.messages.last?.sequence
    if let last, sequence != last + 1 {
      violations.append("\(message.target): \(sequence) follows \(last)")
    }
    kept.windows[message.target, default: ShownConversation()].messages.append(message)
  }

  private mutating func prepend(_ message: ChatMessage, to target: Target) {
    guard let sequence = message.sequence else {
      return violations.append("an older message of \(target) without a place")
    }
    let first = kept.windows[target]?.messages.first?.sequence
    if let first, sequence != first - 1 { violations.append("\(target): \(sequence) stands before \(first)") }
    kept.windows[target, default: ShownConversation()].messages.insert(message, at: 0)
  }
}
