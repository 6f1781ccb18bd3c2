import ChatProtocol

// The server's state of conversations, with and without a tab.

extension TabList {
  /// - Parameter isIgnored: whether the target is a person whose messages are hidden: hidden messages neither open a tab
  ///   nor make one unread.
  mutating func synchronize(_ target: Target, _ epoch: Epoch, head: Int, mark: Int?, isIgnored: Bool) {
    let conversation = KnownConversation(epoch: epoch, head: head.asSequence ?? 0, mark: mark.map { max($0, 0) })
    if let index = index(of: target) {
      self[index].isStale = self[index].transcript.lastSequence != nil
      let wasRead = self[index].unread == 0
      self[index].become(conversation)
      if isIgnored, wasRead { self[index].skipUnread() }
      return
    }
    // A direct message that came while the user was away opens a tab; a room gets one on joining.
    if case .person = target, !isIgnored, conversation.head > conversation.mark ?? 0 {
      known[target] = nil
      if let index = open(target) { return self[index].become(conversation) }
    }
    keep(target, conversation)
  }

  /// Keeps the state of a closed tab for when it is opened again.
  mutating func keep(_ tab: Tab) {
    guard let epoch = tab.epoch else { return }
    keep(tab.target, KnownConversation(epoch: epoch, head: tab.readState.head, mark: tab.readState.mark))
  }

  private mutating func keep(_ target: Target, _ conversation: KnownConversation) {
    if known.count < KnownConversation.maximum || known[target] != nil { known[target] = conversation }
  }

  /// Notes a message of a conversation without a tab, so that its messages are complete once it has one.
  mutating func note(head sequence: Int, of target: Target) {
    if let head = known[target]?.head { known[target]?.head = max(head, sequence) }
  }

  /// Adopts a new epoch; the sequence numbers stay valid.
  mutating func proceed(_ target: Target, in epoch: Epoch) {
    if let index = index(of: target) {
      if self[index].epoch != nil { self[index].epoch = epoch }
    } else {
      known[target]?.epoch = epoch
    }
  }

  mutating func mark(_ target: Target, _ sequence: Int) {
    guard let sequence = sequence.asSequence else { return }
    if let index = index(of: target) {
      self[index].markRead(upTo: sequence)
    } else if let conversation = known[target] {
      known[target]?.mark = max(conversation.mark ?? 0, sequence)
    }
  }
}
