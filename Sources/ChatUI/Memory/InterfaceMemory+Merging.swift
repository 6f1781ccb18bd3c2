import ChatProtocol

extension InterfaceMemory {
  /// This memory merged with the one that another client of the same user left for the same server when it ended. No
  /// typed text is lost: if both have a draft for one conversation, the other's becomes the newest entry of its
  /// history. The list of ignored people is that of this memory, which should be the newer one.
  ///
  /// - Parameter isSamePerson: whether the server knows both clients as one account. Otherwise the server cannot
  ///   recognise a message that the other client had already transmitted: it comes back as a draft, and the user
  ///   decides whether to send it again.
  public func merging(_ other: InterfaceMemory, isSamePerson: Bool) -> InterfaceMemory {
    var merged = self
    for tab in other.tabs {
      if let index = merged.index(of: tab.target) {
        merged.tabs[index].merge(tab)
      } else {
        merged.tabs.append(tab)
      }
    }
    // The lists of ignored people are not united: that would bring back names that a client has removed from its list.
    merged.ignored = ignored ?? other.ignored
    let known = Set(unconfirmed.map(\.id))
    for sent in other.unconfirmed where !known.contains(sent.id) {
      if isSamePerson || !sent.wasTransmitted {
        merged.unconfirmed.append(sent)
      } else {
        merged.tabs[merged.makeTab(sent.target)].keep(typed: sent.text)
      }
    }
    merged.unconfirmed.sort { ($0.time, $0.id) < ($1.time, $1.id) }
    return merged
  }

  /// The initial memory of a second client while another client has these conversations open: without the drafts and
  /// unconfirmed sends of that client.
  public var withoutTyped: InterfaceMemory {
    var memory = self
    memory.unconfirmed = []
    for index in memory.tabs.indices { memory.tabs[index].draft = "" }
    memory.tabs.removeAll { $0.isLeft == true }
    return memory
  }

  private func index(of target: String) -> Int? {
    guard let target = Target(remembered: target) else { return nil }
    return tabs.firstIndex { Target(remembered: $0.target) == target }
  }

  private mutating func makeTab(_ target: String) -> Int {
    if let index = index(of: target) { return index }
    tabs.append(RememberedTab(target: target, isWhole: false, messages: [], draft: "", history: []))
    return tabs.count - 1
  }
}

extension RememberedTab {
  fileprivate mutating func merge(_ other: RememberedTab) {
    history = other.history.filter { !history.contains($0) } + history
    keep(typed: other.draft)
    guard let otherEpoch = other.epoch, epoch == nil || epoch == otherEpoch else { return }
    guard (other.cursor ?? 0) > (cursor ?? 0) else {
      if epoch == otherEpoch { mark = [mark, other.mark].compactMap { $0 }.max() }
      return
    }
    (epoch, cursor, isWhole, messages) = (other.epoch, other.cursor, other.isWhole, other.messages)
    mark = [mark, other.mark].compactMap { $0 }.max()
    head = [head, other.head].compactMap { $0 }.max()
    if other.isLeft != true { isLeft = nil }
  }

  fileprivate mutating func keep(typed text: String) {
    guard !text.trimmingSpaces.isEmpty, text != draft else { return }
    if draft.trimmingSpaces.isEmpty { draft = text } else { history.append(text) }
  }
}
