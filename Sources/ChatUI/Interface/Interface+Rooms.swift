import ChatProtocol

// Joining and leaving rooms.

extension Interface {
  /// The limit for topics that are kept.
  private static let maximumTopics = KnownConversation.maximum
  /// The limit for a topic; the project's own server stores shorter ones.
  private static let maximumTopicBytes = 4096

  mutating func enter(_ room: RoomName) {
    guard let index = makeTab(.room(room)) else {
      tell(.alert("you are in \(room), but there are too many tabs: close some with /close"))
      return
    }
    tabs[index].isJoined = true
    guard joining == room else { return }
    joining = nil
    select { $0.select(index) }
  }

  mutating func leave(_ room: RoomName, reason: String?) {
    // The lobby cannot be left.
    guard room != .lobby else { return }
    rosters.forget(room)
    topics[room] = nil
    known[.room(room)] = nil
    if joining == room { joining = nil }
    guard let index = tabs.index(of: .room(room)) else {
      if let reason { tell(.notice("\(room): \(reason)")) }
      return
    }
    tabs[index].isJoined = false
    let notice = "you are not in \(room) any more" + (reason.map { ": \($0)" } ?? "")
    tabs[index].transcript.append(.notice(notice), at: now)
  }

  mutating func setTopic(_ room: RoomName, _ text: String) {
    guard topics.count < Self.maximumTopics || topics[room] != nil else { return }
    topics[room] = text.isEmpty ? nil : text.shortened(toBytes: Self.maximumTopicBytes)
  }

  mutating func show(_ rooms: [RoomListing]) {
    listedRooms = rooms.prefix(RoomList.maximum).map(\.shortened)
    guard isListingRooms else { return }
    isListingRooms = false
    hint = nil
    guard overlays.isEmpty else { return }
    let list = RoomList(listedRooms)
    // The answer may come while the user is typing.
    if tabs.current.editor.isEmpty { overlays.open(list) } else { overlays.ask(list) }
  }

  mutating func failListingRooms(_ reason: String) {
    guard isListingRooms else { return }
    isListingRooms = false
    hint = nil
    tell(.notice(reason))
  }

  /// The topic of the current tab's room.
  var topic: String? { tabs.current.room.flatMap { topics[$0] } }

  // MARK: Tabs of rooms

  mutating func join(_ room: RoomName) -> [InterfaceCommand] {
    if let index = tabs.index(of: .room(room)) {
      select { $0.select(index) }
      if tabs[index].isJoined { return [] }
    }
    if room == .lobby { return [] }
    joining = room
    return [.join(room)]
  }

  /// Closes a tab; closing a room's tab leaves the room.
  mutating func close(_ index: Int) -> [InterfaceCommand] {
    guard index > 0, tabs.tabs.indices.contains(index) else {
      tell(.notice("the lobby stays open; /quit leaves"))
      return []
    }
    let tab = tabs[index]
    let draft = tab.editor.text
    abandoned += tab.transcript.unconfirmed.map { AbandonedSend(target: tab.target, sent: $0) }
    if index == tabs.currentIndex {
      select { _ = $0.closeCurrent() }
    } else {
      tabs.close(index)
    }
    for text in tab.history.unsent { tabs.current.history.append(text) }
    if !draft.trimmingSpaces.isEmpty {
      tabs.current.history.append(draft)
      tell(.notice("what you were typing in \(tab.target) is called back here with ↑"))
    }
    guard let room = tab.room else {
      // Kept for when the tab is opened again.
      if let epoch = tab.epoch, known.count < KnownConversation.maximum {
        known[tab.target] = KnownConversation(epoch: epoch, head: tab.reading.head, mark: tab.reading.mark)
      }
      return []
    }
    rosters.forget(room)
    topics[room] = nil
    return tab.isJoined ? [.part(room)] : []
  }
}
