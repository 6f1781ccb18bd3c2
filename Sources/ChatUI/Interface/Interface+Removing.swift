import ChatProtocol

// Removal of messages.

extension Interface {
  /// Applies the removal of a message by its author or an operator.
  mutating func remove(_ sequence: Int, from target: Target, by name: Nickname) {
    guard let sequence = sequence.asSequence else { return }
    if let index = tabs.index(of: target) { tabs[index].remove(sequence, by: name) }
    mode = mode.removing(sequence, from: target)
  }

  /// Lists the messages of the current tab that the user may remove. The list does not change while it is open, so that
  /// a message that arrives meanwhile cannot be chosen by mistake.
  mutating func beginRemoving(reason: String) -> [InterfaceCommand] {
    let target = tabs.current.target
    let messages = tabs.current.transcript.entries.reversed().lazy.compactMap { [standing] entry -> Said? in
      guard let message = entry.message, let sequence = entry.sequence, message.isOwn || standing.isOperator else {
        return nil
      }
      return Said(target: target, author: message.author, text: message.text, time: entry.time, sequence: sequence)
    }
    let list = RemovalList(Array(messages.prefix(RemovalList.maximum)), reason: reason)
    guard !list.messages.isEmpty else {
      tell(.notice("nothing\(standing.isOperator ? "" : " of yours") is shown here that can be removed"))
      return []
    }
    mode = .removing(list)
    completion = nil
    return []
  }

  mutating func pressInRemovals(_ key: Key, _ list: RemovalList) -> [InterfaceCommand] {
    var list = list
    if list.choice.move(key, count: list.messages.count, page: listPage(itemRows: resultRows)) {
      mode = .removing(list)
      return []
    }
    switch keyMap.action(for: key) {
    case .send:
      mode = .chatting
      guard let said = list.chosen, let sequence = said.sequence else { return [] }
      return ask(.remove(said.target, sequence: sequence, reason: list.reason))
    case .quit: return quit()
    case .dismiss, .clearInput: mode = .chatting
    default: break
    }
    return []
  }
}
