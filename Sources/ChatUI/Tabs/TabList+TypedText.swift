import ChatModel
import ChatProtocol

// Text that the user typed: messages that are not confirmed, and drafts.

extension TabList {
  // MARK: Unconfirmed messages

  var unconfirmed: [OutgoingMessage] { tabs.flatMap(\.transcript.unconfirmed) + abandoned }

  /// Adds an unconfirmed message, to its tab if there is one.
  mutating func add(_ sent: OutgoingMessage) {
    if let index = index(of: sent.target) {
      self[index].transcript.appendUnconfirmed(sent)
    } else {
      abandoned.append(sent)
    }
  }

  /// Adds the messages that are not known yet.
  /// - Returns: the number of added messages.
  mutating func addUnknown(_ sends: [OutgoingMessage]) -> Int {
    let known = Set(unconfirmed.map(\.id))
    let unknown = sends.filter { !known.contains($0.id) }
    for sent in unknown { add(sent) }
    return unknown.count
  }

  /// - Returns: the message and its tab (nil if closed); nil if it was answered before.
  mutating func takeUnconfirmed(_ id: SendID) -> (tab: Int?, sent: OutgoingMessage)? {
    for index in tabs.indices {
      if let sent = self[index].transcript.takeUnconfirmed(id) { return (index, sent) }
    }
    return abandoned.firstIndex { $0.id == id }.map { (nil, abandoned.remove(at: $0)) }
  }

  mutating func changeUnconfirmed(_ id: SendID, _ change: (inout OutgoingMessage) -> Void) {
    for index in tabs.indices where self[index].transcript.changeUnconfirmed(id, change) { return }
    if let index = abandoned.firstIndex(where: { $0.id == id }) { change(&abandoned[index]) }
  }

  // MARK: Not sent, or not confirmed

  var holdsTypedText: Bool {
    !abandoned.isEmpty || tabs.contains { !$0.transcript.unconfirmed.isEmpty || $0.hasDraft }
  }

  /// Messages first, each with its target.
  var typedTexts: [(target: Target, text: String)] {
    let sends = (abandoned + tabs.flatMap(\.transcript.unconfirmed)).map { ($0.target, $0.shownText) }
    let drafts = tabs.filter(\.hasDraft).map { ($0.target, $0.editor.text) }
    return (sends + drafts).map { (target: $0.0, text: $0.1) }
  }

  /// Describes the text that would be lost: `2 messages are not sent, and #lobby and @zoe have drafts.`
  func typedTextInWords(_ guests: Guests) -> String {
    let unsent = abandoned.count + tabs.reduce(0) { $0 + $1.transcript.unconfirmed.count }
    let drafts = tabs.filter(\.hasDraft).map { guests.shown($0.target) }
    let messages = unsent == 0 ? nil : unsent == 1 ? "1 message is not sent" : "\(unsent) messages are not sent"
    let places = drafts.count > 3 ? "\(drafts.count) tabs have drafts" : nil
    let named = drafts.count == 1 ? "\(drafts[0]) has a draft" : "\(drafts.joined(separator: " and ")) have drafts"
    let parts = [messages, drafts.isEmpty ? nil : places ?? named].compactMap { $0 }
    return parts.isEmpty ? "" : parts.joined(separator: ", and ") + "."
  }
}

extension Tab {
  fileprivate var hasDraft: Bool { !editor.text.trimmingSpaces.isEmpty }

  /// Returns an unsent message to the input, or to the history if other text is being typed. Messages returned earlier
  /// stay in front, unless the user is editing them.
  /// - Returns: whether the message is in the input.
  mutating func giveBack(_ text: String) -> Bool {
    // Reverses the escaping of a leading slash.
    let typed = text.hasPrefix("/") && !text.hasPrefix("/me ") ? "/" + text : text
    let restored: String
    if editor.isEmpty {
      restored = typed
    } else if let returned = untouchedReturned {
      restored = returned + "\n" + text
    } else {
      history.append(typed)
      return false
    }
    editor.reset(to: restored)
    // The text may exceed the limit of an input.
    let isWhole = editor.text == restored
    (returned, continuesReturned) = (editor.text, false)
    if !isWhole { history.append(typed) }
    return isWhole
  }

  /// Moves a returned text from the input to the history. Call this before text is typed into the input: the user may
  /// not have seen the returned text, and the two together could reach the wrong recipient. No effect on a text that the
  /// user has begun to edit.
  mutating func putReturnedAside(at time: Timestamp) {
    guard let text = untouchedReturned else { return }
    history.append(text)
    editor.clear()
    returned = nil
    tellPutAside(at: time)
  }

  /// The returned text, if it is all that the input holds.
  private var untouchedReturned: String? {
    guard let returned, !continuesReturned, returned == editor.text else { return nil }
    return returned
  }
}
