import ChatModel
import ChatProtocol

/// Decides when a client that reads lines ends, and with which exit status. After the end of the input, the client
/// waits until every line is confirmed. Without a user at a terminal, it gives up as the commands for scripts do if
/// there is no connection, and takes no line before the first connection.
struct LineRun {
  /// Whether a user types the lines.
  let isInteractive: Bool
  private var link: ScriptLink
  private var unanswered: [SendID: Unanswered] = [:]
  /// The first failure.
  private(set) var failure: ScriptEnd?
  private(set) var hasEnded = false
  private var wasOnline = false

  /// A message without an answer.
  private struct Unanswered {
    let server: Endpoint
    var wasTransmitted: Bool
  }

  /// More lines are read once some of these are answered.
  private static let maximumUnanswered = 100
  static let patience = Duration.seconds(30)
  /// A reader of the output that takes longer than this is slow.
  private static let promptness = Duration.seconds(1)

  /// - Parameter endpoint: the first server, without which there is nothing to do.
  init(isInteractive: Bool, endpoint: Endpoint, at time: ScriptTime) {
    self.isInteractive = isInteractive
    link = ScriptLink(endpoint: endpoint, patience: Self.patience)
    if !isInteractive { link.wait(at: time) }
  }

  /// Adds unconfirmed messages of an earlier run.
  mutating func add(_ unconfirmed: [OutgoingMessage], at server: Endpoint) {
    for sent in unconfirmed { unanswered[sent.id] = Unanswered(server: server, wasTransmitted: sent.wasTransmitted) }
  }

  /// Whether another line may be read.
  var takesLine: Bool { !hasEnded && unanswered.count < Self.maximumUnanswered && (isInteractive || wasOnline) }

  /// The number of messages without an answer.
  var unansweredCount: Int { unanswered.count }

  /// The time at which to call `timer`; nil for never.
  var deadline: MonotonicTime? { link.deadline }

  /// Whether nothing is left to wait for.
  var isDone: Bool { hasEnded && unanswered.isEmpty && (isInteractive || wasOnline) }

  // MARK: Events

  mutating func note(_ command: ClientCommand, at server: Endpoint) {
    switch command {
    case .say(let id, _, _): unanswered[id] = Unanswered(server: server, wasTransmitted: false)
    case .takeOver(let sends): add(sends, at: server)
    default: break
    }
  }

  /// A server was closed. Its messages are kept for when it is opened again.
  mutating func close(_ server: Endpoint) { unanswered = unanswered.filter { $0.value.server != server } }

  /// A line was neither sent nor carried out.
  mutating func refuse() { fail(ScriptEnd(.badText, "a line was not carried out; the output tells why")) }

  /// The input has ended.
  mutating func end(at time: ScriptTime) {
    guard !hasEnded else { return }
    hasEnded = true
    link.wait(at: time)
  }

  /// - Returns: the end of the run if waiting makes no sense.
  mutating func note(_ event: ClientEvent, of server: Endpoint, at time: ScriptTime) -> ScriptEnd? {
    let end = server == link.endpoint ? link.note(event, at: time) : nil
    switch event {
    case .online: if server == link.endpoint { wasOnline = true }
    case .sending(let id): unanswered[id]?.wasTransmitted = true
    case .message(let message): if let id = message.answersSend { answered(id, at: time) }
    case .sendConfirmed(let id, _, _): answered(id, at: time)
    case .sendFailed(let id, let reason, let failure):
      answered(id, at: time)
      let words = failure == .unconfirmed ? "a line may or may not have been sent" : "a line was not sent"
      fail(ScriptEnd(ScriptStatus(failure), "\(words): \(reason.lowercasedSentence)"))
    case .joinFailed(let room, let reason):
      fail(ScriptEnd(.refused, "\(room): \(reason.lowercasedSentence)"))
    case .nameKept(_, let name, let reason):
      fail(ScriptEnd(.refused, "/name \(name): \(reason.lowercasedSentence)"))
    case .administered(let request, .refused(let reason)):
      fail(ScriptEnd(.refused, "/\(request.verb.rawValue.lowercased()): \(reason.lowercasedSentence)"))
    default: break
    }
    // While more lines may come, an outage is no reason to end.
    if wasOnline, !hasEnded { link.stopWaiting() }
    return isInteractive ? nil : end.map(described)
  }

  /// The reader of the output has taken what was shown. Behind it, answers of the server may have waited unread: after
  /// a slow reader, the server's time limit begins anew.
  /// - Parameter duration: the time since it was shown.
  mutating func noteReading(for duration: Duration, at time: ScriptTime) {
    if duration > Self.promptness, link.deadline != nil { link.wait(at: time) }
  }

  /// - Returns: the end of the run if waiting any longer makes no sense.
  mutating func timer(at time: ScriptTime) -> ScriptEnd? {
    guard link.isOver(at: time) else { return nil }
    return described(ScriptEnd(.noConnection, link.silence))
  }

  /// The end of a run in which nothing is left to wait for. A user at a terminal has seen what failed.
  var outcome: ScriptEnd { isInteractive ? .success : failure ?? .success }

  // MARK: Outcomes

  private mutating func answered(_ id: SendID, at time: ScriptTime) {
    guard unanswered.removeValue(forKey: id) != nil, hasEnded else { return }
    link.wait(at: time)
  }

  private mutating func fail(_ end: ScriptEnd) { failure = failure ?? end }

  private func described(_ end: ScriptEnd) -> ScriptEnd {
    var end = end
    guard !unanswered.isEmpty else {
      if !wasOnline { end.message += "; nothing was sent" }
      return end
    }
    if unanswered.values.contains(where: \.wasTransmitted) { end.status = .unknown }
    let lines =
      unanswered.count == 1 ? "1 line is not confirmed, and is" : "\(unanswered.count) lines are not confirmed, and are"
    end.message += "; \(lines) kept and sent when the client connects again"
    return end
  }
}
