import ChatProtocol

/// One conversation as it is open on the screen: what was said, what is being typed, and how far it was read.
struct Tab: Hashable, Sendable {
  /// Where what is typed here goes.
  let target: Target
  var transcript = Transcript()
  var editor = LineEditor()
  var history = InputHistory()
  var scroll = Scroll.bottom
  /// Messages that came while nobody looked.
  var unread = 0
  /// How many of them hold the reader's name.
  var mentions = 0
  /// The first of them; stays until the tab is left, for the line that says "new".
  var firstUnread: Int?
  /// The mention that was looked up last.
  var foundMention: Int?
  /// What came back because it could not be sent, while nothing was typed since.
  var returned: String?

  init(_ target: Target) { self.target = target }

  /// Which row is the pane's last.
  enum Scroll: Hashable, Sendable {
    /// The newest, whatever comes.
    case bottom
    /// A row of an entry: what comes below does not move what is read. Counted from the first that is its own; the
    /// lines across the pane that come before it have negative numbers, since they come and go.
    case row(Int, ofEntry: Int)
  }

  /// What makes a tab want attention, the strongest last.
  enum Activity: Comparable {
    case none, message, direct, mention
  }

  var activity: Activity {
    if mentions > 0 { return .mention }
    guard unread > 0 else { return .none }
    if case .person = target { return .direct }
    return .message
  }

  /// A message came that nobody looks at.
  mutating func markUnread(_ entry: Int, isMention: Bool) {
    // The line stands above what is new since the reader looked the last time.
    if unread == 0 { firstUnread = entry }
    unread += 1
    if isMention { mentions += 1 }
  }

  /// Another tab is looked at. What is unread stays so.
  mutating func leave() {
    if unread == 0 { firstUnread = nil }
    foundMention = nil
  }

  /// Somebody looks: nothing is unread. The "new" line stays.
  mutating func markRead() {
    unread = 0
    mentions = 0
  }
}
