/// The user's last change of being away, and whether the server has it.
struct AwayState: Sendable {
  private enum Stage: Sendable {
    /// The server has the change, or there was none.
    case settled
    /// The change is to be sent.
    case wanted
    /// The change was sent and not answered yet.
    case sent
  }

  /// The away text that the user set on this terminal; nil if the user is back, or if another terminal has changed it
  /// since.
  private(set) var text: String?
  private var stage = Stage.settled

  /// Whether the text is to be sent.
  var isWanted: Bool { stage == .wanted }

  /// - Parameter text: nil for a user who is back. It is sent even if it is nil already: another terminal may have set
  ///   the user away.
  mutating func change(to text: String?) {
    self.text = text
    stage = .wanted
  }

  /// Returns the text to send; nil for a user who is back.
  mutating func take() -> String? {
    stage = .sent
    return text
  }

  /// The server has answered the request with this text.
  mutating func answered(_ text: String?) {
    if stage == .sent, text == self.text { stage = .settled }
  }

  /// The server reports the user's state, after a change on any terminal.
  /// - Parameter shown: the away text as displayed; nil for a user who is back.
  mutating func heard(_ shown: String?) {
    switch stage {
    // The change that this terminal sends comes last.
    case .wanted: break
    case .sent: if (shown == nil) == (text == nil) { stage = .settled }
    case .settled: if shown != text.map(Online.shownAway) { text = nil }
    }
  }

  /// A connection is established. The server may have lost the text in a restart, and a change that was not answered.
  mutating func connected() {
    if text != nil || stage == .sent { stage = .wanted }
  }
}
