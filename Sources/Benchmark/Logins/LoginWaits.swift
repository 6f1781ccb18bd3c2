import ChatProtocol

/// The clients of `bench connect` that wait for the server, by number.
struct LoginWaits {
  /// The time of each `LOGIN` without an answer, by client.
  private var loggingIn: [Int: MonotonicTime] = [:]
  /// The time of each `QUIT` whose connection is still open, by client.
  private var leaving: [Int: MonotonicTime] = [:]

  mutating func sentLogin(_ client: Int, at now: MonotonicTime) { loggingIn[client] = now }

  mutating func sentQuit(_ client: Int, at now: MonotonicTime) {
    loggingIn[client] = nil
    leaving[client] = now
  }

  mutating func left(_ client: Int) { leaving[client] = nil }

  /// Whether no client waits.
  var isEmpty: Bool { loggingIn.isEmpty && leaving.isEmpty }

  /// - Returns: what the server fails to do for a client that has waited since then or longer; nil if there is none.
  func complaint(since earliest: MonotonicTime) -> String? {
    if let client = loggingIn.filter({ $0.value <= earliest }).keys.min() {
      return "\(LoginClient.name(of: client)) got no answer to LOGIN"
    }
    return leaving.values.contains { $0 <= earliest } ? "the server does not close after QUIT" : nil
  }
}
