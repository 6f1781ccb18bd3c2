import ChatModel
import ChatProtocol

/// The connection of a script, as a part of its task: how long it waits, and why it gives up.
struct ScriptLink {
  let endpoint: Endpoint
  /// How long to wait for a connection, and then for each answer.
  let patience: Duration
  private(set) var isOnline = false
  private(set) var capabilities: Capabilities = []
  /// The reason of the last outage.
  private var reason: String?
  /// The end of the wait. Nil if nothing is waited for.
  private(set) var deadline: MonotonicTime?
  private var isDistrusted = false

  init(endpoint: Endpoint, patience: Duration) {
    self.endpoint = endpoint
    self.patience = patience
  }

  /// Something is waited for from now on.
  mutating func wait(at time: ScriptTime) { deadline = time.now + patience }

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
      if outage.retryIn == nil { return ScriptEnd(.refused, "\(endpoint) refuses the connection: \(outage.reason)") }
      if deadline == nil { wait(at: time) }
    default: break
    }
    return nil
  }

  /// Whether the wait is over.
  func isOver(at time: ScriptTime) -> Bool { deadline.map { $0 <= time.now } ?? false }

  /// Why there is no connection or no answer, for the middle of a sentence.
  var silence: String {
    if isOnline { return "\(endpoint) did not answer within \(patience.seconds)" }
    let reason = reason.map { ": \($0)" } ?? ""
    return "no connection to \(endpoint) within \(patience.seconds)\(reason)"
  }
}

extension NameRefusal {
  /// What a script can do about it, as nobody can answer a question.
  func advice(about name: Nickname) -> String {
    let reason =
      switch self {
      case .taken: "somebody is logged in as \(name), under another key or without one"
      case .reserved: "the name \(name) belongs to another key"
      case .invalid: "the server does not accept the name \(name)"
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
