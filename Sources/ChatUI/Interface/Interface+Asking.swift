import ChatProtocol

// Questions and lists that open without a key, possibly while the user is typing.

extension Interface {
  /// Shows a question, with the keyboard focus, once nothing has been typed for `Attention.betweenKeys`. Text being typed
  /// never answers a question and is not lost to one, and every question on the screen has the focus.
  mutating func ask(_ question: Mode) {
    // The same question again, possibly in other words.
    if pending == nil, mode.isSameQuestion(as: question) {
      mode = question
    } else {
      pending = question
    }
  }

  /// Gives the keyboard focus to the pending question if no typing is in progress.
  mutating func settlePending() {
    guard let pending, !attention.isTyping(at: now), mode.yields(to: pending) else { return }
    // A list would hide the text being typed.
    if case .rooms = pending, !tabs.current.editor.isEmpty { return }
    if case .confirmingLoss(let reason, _) = pending {
      mode = .confirmingLoss(reason: reason, over: mode)
    } else {
      mode = pending
    }
    self.pending = nil
    completion = nil
  }

  /// Drops questions that a new connection has answered.
  mutating func settleQuestions() {
    if let question = pending, question.whenOnline != question { pending = nil }
    let settled = mode.whenOnline
    if settled != mode, settled == .chatting { questionGoneAt = now }
    mode = settled
  }

  /// Whether this Enter was meant for a question that has just disappeared. The input keeps its text.
  mutating func answersGoneQuestion() -> Bool {
    guard let gone = questionGoneAt else { return false }
    questionGoneAt = nil
    guard (0..<Attention.betweenKeys).contains(now.milliseconds &- gone.milliseconds) else { return false }
    hint = "connected meanwhile: Enter again sends"
    return true
  }

  /// Handles a key that is no answer: it goes to the input, since the user may be typing.
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
  /// Whether the key types a character.
  var isCharacter: Bool { if case .character = symbol { modifiers.isEmpty } else { false } }
}

extension Mode {
  /// Whether a question may replace this mode without losing typed text.
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
