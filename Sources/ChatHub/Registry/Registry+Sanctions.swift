import ChatProtocol

extension Registry {
  /// More than anybody keeps an eye on.
  static let maximumSanctions = 10_000

  /// The ban of the smallest network that holds the address.
  func ban(of address: IPAddress, at time: Timestamp) -> Sanction? {
    for network in bannedNetworks.networks(around: address) {
      if let sanction = sanction(.ban, .network(network)), sanction.holds(at: time) { return sanction }
    }
    return nil
  }

  /// Those that hold no more, and have not been taken back. Looks through all of them only when one may have expired.
  mutating func expired(at time: Timestamp) -> [Sanction] {
    guard let nextExpiry, time >= nextExpiry else { return [] }
    var expired: [Sanction] = []
    var next: Timestamp?
    for sanction in allSanctions {
      if !sanction.holds(at: time) {
        expired.append(sanction)
      } else if let until = sanction.until {
        next = min(next ?? until, until)
      }
    }
    self.nextExpiry = next
    return expired.inOrder()
  }

  /// Looks again at the given time for sanctions that hold no more.
  mutating func lookForExpired(at time: Timestamp) { nextExpiry = min(nextExpiry ?? time, time) }
}

extension [Sanction] {
  /// Bans first, then by the subject's text: any order that is the same twice.
  func inOrder() -> [Sanction] {
    // To write an address takes longer than to compare it, and there may be ten thousand.
    map { (sanction: $0, text: $0.subject.text) }
      .sorted { ($0.sanction.kind.rawValue, $0.text) < ($1.sanction.kind.rawValue, $1.text) }
      .map(\.sanction)
  }
}

extension Sanction {
  /// What it is about, for people.
  var sentence: String {
    var text =
      switch kind {
      case .ban: "You are banned from this server"
      case .mute: "You are muted"
      }
    if let until { text += " until \(until.minute)" }
    guard let last = reason.last else { return text + "." }
    return "\(text): \(reason)" + (".!?".contains(last) ? "" : ".")
  }
}

extension Timestamp {
  /// As people read it: `2026-11-22 10:00 UTC`.
  fileprivate var minute: String { description.prefix(16).replacing("T", with: " ") + " UTC" }
}
