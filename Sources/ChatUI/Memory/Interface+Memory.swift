import ChatProtocol

extension Interface {
  /// The part of the state that is saved for the next run.
  public var memory: InterfaceMemory { InterfaceMemory(tabs, abandoned) }

  /// Restores a saved state. Unconfirmed messages will be sent again under their ids.
  mutating func restore(_ memory: InterfaceMemory) { (tabs, abandoned) = memory.restored }

  /// Conversations whose draft is too long to be saved.
  var unkeptDrafts: [Target] {
    // Counts the bytes of the drafts as `memory` does.
    var bytes = InterfaceMemory.maximumDraftBytes
    return tabs.tabs.filter { !bytes.take($0.editor.text.typed) }.map(\.target)
  }

  /// Shows the conversations of another server.
  mutating func move(to place: String, _ memory: InterfaceMemory) {
    let cut = tabs.current.editor
    let left = holdsTypedText ? (place: connection.place, typedTextInWords) : nil
    connection = ServerConnection(to: place, at: now)
    administration = Administration()
    away = nil
    rosters = Rosters()
    rooms = RoomDirectory()
    overlays.leaveServer()
    completion = nil
    search.end()
    restore(memory)
    tabs.current.editor.takeCut(from: cut)
    if let (place, words) = left { tell(.notice("at \(place): \(words) /connect \(place) goes back")) }
  }
}

extension InterfaceMemory {
  /// The part of this memory that can be shown: the content of a file may be anything.
  public var checked: InterfaceMemory {
    let (tabs, abandoned) = restored
    return InterfaceMemory(tabs, abandoned)
  }

  fileprivate init(_ list: TabList, _ abandoned: [AbandonedSend]) {
    // A room that the user has left is kept only if it has typed text.
    let kept = list.tabs.filter { $0.room == nil || $0.isJoined || $0.holdsTypedText }
    // Each kind of text has its own limit, so that received messages cannot displace typed text.
    var drafts = InterfaceMemory.maximumDraftBytes
    var history = InterfaceMemory.maximumHistoryBytes
    var said = InterfaceMemory.maximumBytes
    let sends = list.tabs.flatMap { tab in
      tab.transcript.unconfirmed.compactMap { RememberedSend($0, to: tab.target) }
    }
    let orphans = abandoned.compactMap { orphan in
      // The tab may be open again under another spelling of the name.
      RememberedSend(orphan.sent, to: list.index(of: orphan.target).map { list[$0].target } ?? orphan.target)
    }
    // In send order.
    let unconfirmed = (sends + orphans).sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    self.init(
      tabs: kept.map { $0.remembered(drafts: &drafts, history: &history, messages: &said) },
      current: kept.firstIndex { $0.target == list.current.target } ?? 0,
      unconfirmed: Array(unconfirmed.prefix(InterfaceMemory.maximumUnconfirmed)))
  }

  fileprivate var restored: (TabList, [AbandonedSend]) {
    let current = tabs.indices.contains(current) ? Target(remembered: tabs[current].target) : nil
    var list = TabList(tabs.prefix(TabList.maximumTabs).compactMap { Tab($0) }, current: current)
    var abandoned: [AbandonedSend] = []
    var seen: Set<SendID> = []
    for remembered in unconfirmed.prefix(InterfaceMemory.maximumUnconfirmed) {
      guard let (target, sent) = remembered.sent, seen.insert(sent.id).inserted else { continue }
      if let index = list.index(of: target) {
        list[index].transcript.appendUnconfirmed(sent)
      } else {
        abandoned.append(AbandonedSend(target: target, sent: sent))
      }
    }
    return (list, abandoned)
  }
}

extension RememberedSend {
  /// - Returns: nil if the text is empty.
  init?(_ sent: Transcript.Unconfirmed, to target: Target) {
    let text = sent.original.typed
    guard text.isMessage else { return nil }
    self.init(
      id: sent.id.rawValue, target: target.text, text: text, time: sent.time.milliseconds,
      wasTransmitted: sent.isTransmitted, epoch: sent.epoch?.text)
  }

  var sent: (Target, Transcript.Unconfirmed)? {
    guard let target = Target(remembered: target) else { return nil }
    let text = text.typed
    guard text.isMessage, text.utf8.count <= LineEditor.maximumCharacters * 4 else { return nil }
    return (
      target,
      Transcript.Unconfirmed(
        id: SendID(id), original: text, time: Timestamp(milliseconds: time), isTransmitted: wasTransmitted,
        epoch: epoch.flatMap { Epoch($0) })
    )
  }
}

extension String {
  /// Whether the text can be sent: it is not empty, or the no-break space of a blank line between others.
  fileprivate var isMessage: Bool { self == "\u{a0}" || !trimmingSpaces.isEmpty }
}
