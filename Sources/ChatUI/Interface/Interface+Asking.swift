import ChatProtocol

// Questions and lists that come by themselves, while the person may be typing.

extension Interface {
  /// In milliseconds: longer than between two keys of a person who types.
  private static let typingPause: Int64 = 900

  /// Whether the next key may belong to a text that is being typed. A clock that was put back makes nobody wait.
  private var isTyping: Bool {
    lastTyping.map { (0..<Self.typingPause).contains(now.milliseconds &- $0.milliseconds) } ?? false
  }

  /// Shows a question, and gives it the keys, as soon as nothing was typed for `typingPause`: nothing that is being
  /// typed answers it or is lost to it, and all that is shown takes the keys.
  mutating func ask(_ question: Mode) {
    // The same once more, or in other words.
    if pending == nil, mode.isSameQuestion(as: question) {
      mode = question
    } else {
      pending = question
      settlePending()
    }
  }

  /// Gives the keys to what was asked, where its time has come.
  mutating func settlePending() {
    guard let pending, !isTyping, mode.yields(to: pending) else { return }
    // A list would hide what is being written.
    if case .rooms = pending, !tabs.current.editor.isEmpty { return }
    if case .confirmingLoss(let reason, _) = pending {
      mode = .confirmingLoss(reason: reason, over: mode)
    } else {
      mode = pending
    }
    self.pending = nil
    completion = nil
  }

  /// What was asked has settled itself.
  mutating func settleQuestions() {
    if let question = pending, question.whenOnline != question { pending = nil }
    let settled = mode.whenOnline
    if settled != mode, settled == .chatting { questionGoneAt = now }
    mode = settled
  }

  /// Whether Enter is pressed in answer to a question that is not there any more. What stands in the input stays.
  mutating func answersGoneQuestion() -> Bool {
    guard let gone = questionGoneAt else { return false }
    questionGoneAt = nil
    guard (0..<Self.typingPause).contains(now.milliseconds &- gone.milliseconds) else { return false }
    hint = "connected meanwhile: Enter again sends"
    return true
  }

  /// A key that answers nothing is for the input, in which the person may be typing.
  mutating func pressBehindQuestion(_ key: Key) -> [InterfaceCommand] {
    switch keyMap.action(for: key) {
    case .quit: return quit()
    case .some(let action): _ = tabs.current.editor.perform(action)
    case nil:
      guard case .character(let character) = key.symbol, key.modifiers.isEmpty else { return [] }
      if !tabs.current.editor.insert(String(character)) { hint = "the input is full" }
    }
    completion = nil
    return []
  }
}

extension Key {
  /// Whether it is typed to be read.
  var isCharacter: Bool { if case .character = symbol { modifiers.isEmpty } else { false } }
}

extension Mode {
  /// Whether a question may take its place: nothing that was typed is lost by that.
  fileprivate func yields(to question: Mode) -> Bool {
    switch question {
    case .rooms, .offeringHost: return self == .chatting
    default: break
    }
    switch self {
    case .searching(let search): return search.editor.isEmpty
    case .switching(let switcher): return switcher.editor.isEmpty
    case .recalling(let search): return search.needle.isEmpty
    default: return true
    }
  }

  fileprivate func isSameQuestion(as other: Mode) -> Bool {
    switch (self, other) {
    case (.offeringHost, .offeringHost), (.warning, .warning), (.confirmingLoss, .confirmingLoss), (.rooms, .rooms):
      true
    default: false
    }
  }
}
