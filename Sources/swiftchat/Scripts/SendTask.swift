import ChatModel
import ChatProtocol

/// Sends a text as one message or, if the server takes only single lines or the text is too long, its lines, each after
/// the previous one is confirmed, so that after a failure the stored lines are known.
struct SendTask: ScriptTask {
  private var lines: [String]
  /// The text as one message, until the first one is sent.
  private var whole: String?
  private let target: Target
  private let key: SendKey?
  private let firstID: UInt64
  var link: ScriptLink
  /// Index of the line that is being sent, or of the next one.
  private var index = 0
  /// Whether the line at `index` was given to the session.
  private var isUnderWay = false
  private var wasTransmitted = false
  private var hasAskedToJoin = false

  let interests = ScriptInterests.messages

  /// - Parameter firstID: the first of the lines' consecutive ids. Random, because servers remember the keys made of
  ///   them.
  init(_ text: SendText, to target: Target, key: SendKey?, link: ScriptLink, firstID: UInt64) {
    lines = text.lines
    whole = text.whole
    self.target = target
    self.key = key
    self.link = link
    self.firstID = firstID
  }

  private var id: SendID { SendID(firstID &+ UInt64(index)) }

  /// Whether `OK` means stored.
  private var isConfirming: Bool { link.capabilities.contains(.tags) }

  mutating func timer(at time: ScriptTime) -> [ScriptAction] {
    guard link.isOver(at: time) else { return [] }
    return fail(ScriptEnd(.noConnection, link.silence))
  }

  mutating func handle(_ event: ClientEvent, at time: ScriptTime) -> [ScriptAction] {
    if let end = link.note(event, at: time) { return fail(end) }
    switch event {
    case .online: return begin(at: time)
    case .roomJoined(let room) where target == .room(room): return sendNext(at: time)
    case .joinFailed(let room, let reason) where target == .room(room):
      return fail(ScriptEnd(.refused, "\(room): \(reason.lowercasedSentence)"))
    case .roomLeft(let room, let reason) where target == .room(room) && !isUnderWay:
      return fail(ScriptEnd(.refused, "\(room): \(reason?.lowercasedSentence ?? "no longer in the room")"))
    case .sending(id): wasTransmitted = true
    case .message(let message) where message.answersSend == id: return confirmed(at: time)
    case .sendConfirmed(id, _, _): return confirmed(at: time)
    case .sendFailed(id, let reason, let failure): return failed(reason.lowercasedSentence, failure)
    default: break
    }
    return []
  }

  // MARK: Steps

  /// The session is logged in, for the first time or again.
  private mutating func begin(at time: ScriptTime) -> [ScriptAction] {
    if key != nil, !link.capabilities.isSuperset(of: [.tags, .resume]) {
      return fail(
        ScriptEnd(
          .refused, "\(link.endpoint.summary) does not recognise repeated messages: leave out --key to send without it")
      )
    }
    // After a lost connection, the same messages are sent: they may be stored already.
    if let whole, link.capabilities.contains(.lines) { lines = [whole] }
    whole = nil
    guard case .room(let room) = target, room != .lobby else { return sendNext(at: time) }
    guard link.capabilities.contains(.rooms) else {
      return fail(link.oneRoom)
    }
    // After a lost connection, the session joins again without a command.
    guard !hasAskedToJoin else { return [] }
    hasAskedToJoin = true
    return [.command(.join(room))]
  }

  private mutating func sendNext(at time: ScriptTime) -> [ScriptAction] {
    guard !isUnderWay else { return [] }
    isUnderWay = true
    wasTransmitted = false
    link.wait(at: time)
    let message = OutgoingMessage(
      id: id, target: target, text: lines[index], time: time.wall, idempotencyKey: key?.key(ofLine: index + 1))
    return [.command(.takeOver([message]))]
  }

  private mutating func confirmed(at time: ScriptTime) -> [ScriptAction] {
    guard isUnderWay else { return [] }
    isUnderWay = false
    index += 1
    if index < lines.count { return sendNext(at: time) }
    link.stopWaiting()
    guard isConfirming else {
      return [
        .end(
          ScriptEnd(
            .unknown,
            "\(link.endpoint.summary) received it, but confirms nothing: whether it is stored cannot be known; do not repeat it"
          ))
      ]
    }
    return [.end(.success)]
  }

  // MARK: Failures

  private mutating func failed(_ reason: String, _ failure: SendFailure) -> [ScriptAction] {
    isUnderWay = failure == .unconfirmed
    if isUnderWay { wasTransmitted = true }
    let message =
      switch failure {
      case .refused(.userNotFound): "\(target): \(reason)"
      case .refused(.storageUnavailable), .refused(.slowMode), .refused(.tooFast): "\(reason); try again later"
      case .refused(.keyConflict): "another message was sent under this key; give each message a key of its own"
      case .unconfirmed, .notStored, .refused: reason
      }
    return fail(ScriptEnd(ScriptStatus(failure), message))
  }

  /// Ends with a reason, and reports the state of each line.
  private func fail(_ end: ScriptEnd) -> [ScriptAction] {
    var end = end
    var parts = [end.message]
    if isUnderWay, wasTransmitted {
      // The line may have arrived, for any of the reasons.
      end.status = .unknown
      let advice =
        key == nil
        ? "look before you repeat it, or use --key" : "repeat the command with the same --key"
      parts.append("\(lineName(index)) may be stored or not: \(advice)")
    }
    if index > 0 { parts.append(stored) }
    if !(isUnderWay && wasTransmitted) {
      parts.append(index > 0 ? "the rest was not sent" : "nothing was sent")
    } else if index + 1 < lines.count {
      parts.append("the rest was not sent")
    }
    end.message = parts.joined(separator: "; ")
    return [.end(end)]
  }

  private func lineName(_ index: Int) -> String { lines.count == 1 ? "it" : "line \(index + 1) of \(lines.count)" }

  private var stored: String {
    let verb = isConfirming ? "stored" : "sent"
    return index == 1 ? "the first line is \(verb)" : "the first \(index) lines are \(verb)"
  }
}

/// The user's key for a text. Each line gets a key derived from it, so that a repeated command continues after the
/// stored lines.
struct SendKey: Equatable {
  private let text: String
  /// The longest key for which the key of each line, with its number, is valid.
  static let maximumBytes = 50

  init?(_ text: String) {
    guard (1...Self.maximumBytes).contains(text.utf8.count), IdempotencyKey(text) != nil else { return nil }
    self.text = text
  }

  func key(ofLine number: Int) -> IdempotencyKey? { IdempotencyKey("\(text):\(number)") }
}

extension String {
  /// A sentence as a part of another one: without its full stop, and with a small first letter unless the first word is
  /// an abbreviation.
  var lowercasedSentence: String {
    var text = self[...]
    if text.last == "." { text = text.dropLast() }
    guard let first = text.first, first.isUppercase, text.dropFirst().first?.isUppercase != true else {
      return String(text)
    }
    return first.lowercased() + text.dropFirst()
  }
}
