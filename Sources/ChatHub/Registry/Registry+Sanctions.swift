import ChatProtocol

extension Registry {
  /// The maximum number of sanctions; operators could not oversee more.
  static let maximumSanctions = 10_000

  /// The ban of the smallest network that holds the address.
  func ban(of address: IPAddress, at time: Timestamp) -> Sanction? {
    for network in bannedNetworks.networks(around: address) {
      if let sanction = sanction(.ban, .network(network)), sanction.holds(at: time) { return sanction }
    }
    return nil
  }

  /// Expired sanctions that have not been removed yet. Searches them only when one may have expired.
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

  /// A list ends after this many bytes, so that it fits into a session's send queue.
  private static let maximumListBytes = 256 * 1024

  /// The sanctions in force, and whether there are more.
  func sanctionLines(at time: Timestamp) -> (lines: [ServerMessage], hasMore: Bool) {
    var lines: [ServerMessage] = []
    var bytes = 0
    for sanction in allSanctions.filter({ $0.holds(at: time) }).inOrder() {
      guard bytes < Self.maximumListBytes else { return (lines, true) }
      // The rest of the line takes about a hundred bytes.
      bytes += 100 + sanction.subject.text.utf8.count + sanction.reason.utf8.count
      lines.append(.sanction(sanction))
    }
    return (lines, false)
  }

  /// Schedules another search for expired sanctions at the given time.
  mutating func lookForExpired(at time: Timestamp) { nextExpiry = min(nextExpiry ?? time, time) }
}

extension [Sanction] {
  /// In a deterministic order: bans first, then by the subject's text.
  func inOrder() -> [Sanction] {
    // There may be ten thousand, and formatting an address is slower than comparing: each is formatted once.
    map { (sanction: $0, text: $0.subject.text) }
      .sorted { ($0.sanction.kind.rawValue, $0.text) < ($1.sanction.kind.rawValue, $1.text) }
      .map(\.sanction)
  }
}

extension Sanction {
  /// A description for people.
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
  /// For people: `2026-11-22 10:00 UTC`.
  fileprivate var minute: String { description.prefix(16).replacing("T", with: " ") + " UTC" }
}
