import ChatModel
import ChatProtocol

/// The state of a script's connection, as a part of its task: the time limit, and the reason for giving up.
struct ScriptLink {
  let endpoint: Endpoint
  /// The time limit for a connection, and then for each answer.
  let patience: Duration
  private(set) var isOnline = false
  private(set) var capabilities: Capabilities = []
  /// The reason of the last outage.
  private var reason: String?
  /// The end of the wait. Nil while the script does not wait.
  private(set) var deadline: MonotonicTime?
  private var isDistrusted = false

  init(endpoint: Endpoint, patience: Duration) {
    self.endpoint = endpoint
    self.patience = patience
  }

  /// Starts a wait.
  mutating func wait(at time: ScriptTime) { deadline = time.now + patience }

  /// Moves the end of the wait, if there is one, by a time in which no answer could be heard.
  mutating func postpone(by duration: Duration) { deadline = deadline.map { $0 + duration } }

  mutating func stopWaiting() { deadline = nil }

  /// - Returns: the end of the task if no further attempt makes sense.
  mutating func note(_ event: ClientEvent, at time: ScriptTime) -> ScriptEnd? {
    switch event {
    case .online(_, let capabilities, _):
      isOnline = true
      self.capabilities = capabilities
    case .distrusted: isDistrusted = true
    case .nameRefused(let name, let refusal, _):
      return ScriptEnd(.refused, refusal.advice(about: name))
    case .offline(let outage):
      isOnline = false
      reason = outage.reason
      if isDistrusted { return ScriptEnd(.untrusted, outage.reason) }
      if outage.retryIn == nil {
        return ScriptEnd(.refused, "\(endpoint.summary) refuses the connection: \(outage.reason)")
      }
      if deadline == nil { wait(at: time) }
    default: break
    }
    return nil
  }

  /// The refusal of a server without rooms.
  var oneRoom: ScriptEnd { ScriptEnd(.refused, "\(endpoint.summary) has only one room, #lobby") }

  /// Whether the wait is over.
  func isOver(at time: ScriptTime) -> Bool { deadline.map { $0 <= time.now } ?? false }

  /// The reason for ending after a wait: no connection, or no answer. For the middle of a sentence.
  var silence: String {
    if isOnline { return "\(endpoint.summary) did not answer within \(patience.seconds)" }
    let reason = reason.map { ": \($0)" } ?? ""
    return "no connection to \(endpoint.summary) within \(patience.seconds)\(reason)"
  }
}

extension NameRefusal {
  /// The reason, and the advice to use another name, because a script cannot ask for one.
  func advice(about name: Nickname) -> String {
    let reason =
      switch self {
      case .taken: "somebody is logged in as \(name), under another key or without one"
      case .reserved: "the name \(name) belongs to another key"
      case .invalid: "the server does not accept the name \(name)"
      case .shapeless: "the name \(name) has an invisible or unknown character"
      case .kept: "the server keeps the name \(name) for itself"
      case .confusable: "the name \(name) looks like somebody else's"
      }
    return "\(reason); give another name with --name"
  }
}

extension Duration {
  /// `30 s`
  fileprivate var seconds: String { "\(components.seconds) s" }
}
