import ChatModel
import ChatProtocol

// Joining and leaving rooms.

extension Interface {
  mutating func enter(_ room: RoomName) {
    guard let index = tabs.open(.room(room)) else {
      tell(.alert("you are in \(room), but there are too many tabs: close some with /close"))
      return
    }
    tabs[index].isJoined = true
    // Typed lines go where the lines before them lead, whenever an answer comes.
    guard let request = rooms.endJoining(room), !printsLines else { return }
    guard isUntouched(since: request) else {
      hint = "you are in \(room) now"
      return
    }
    select(index)
  }

  /// Whether the user has not begun anything else since: what is being typed must not get into the room.
  private func isUntouched(since request: JoinRequest) -> Bool {
    let input = tabs.current.editor.text
    return overlays.isEmpty && tabs.current.target == request.tab && (input.isEmpty || input == request.input)
  }

  mutating func leave(_ room: RoomName, reason: String?) {
    // The lobby cannot be left.
    guard room != .lobby else { return }
    rosters.forget(room)
    rooms.forget(room)
    rooms.endJoining(room)
    tabs.known[.room(room)] = nil
    guard let index = tabs.index(of: .room(room)) else {
      if let reason { tell(.notice("\(room): \(reason)")) }
      return
    }
    tabs[index].isJoined = false
    let notice = "you are not in \(room) any more" + (reason.map { ": \($0)" } ?? "")
    tabs[index].transcript.append(.notice(notice), at: now)
  }

  mutating func show(_ listing: [RoomListing]) {
    rooms.list(listing)
    guard rooms.endListing() else { return }
    hint = nil
    guard overlays.isEmpty || printsLines else { return }
    let list = RoomList(rooms.listed)
    guard !printsLines || servers.isSubjectShown else {
      // Typed lines go to another server, so none can choose a room.
      return print(.notice(list.lines.joined(separator: "\n")), in: tabs.current.target, at: now)
    }
    // The answer may come while the user is typing.
    if overlays.isEmpty, tabs.current.editor.isEmpty { overlays.open(list) } else { overlays.ask(list) }
  }

  mutating func failListingRooms(_ reason: String) {
    guard rooms.endListing() else { return }
    hint = nil
    tell(.notice(reason))
  }

  /// The topic of the current tab's room.
  var topic: String? { tabs.current.room.flatMap(rooms.topic) }

  // MARK: Tabs of rooms

  mutating func join(_ room: RoomName) -> [InterfaceCommand] {
    if let index = tabs.index(of: .room(room)) {
      select(index)
      if tabs[index].isJoined { return [] }
    }
    if room == .lobby { return [] }
    beginJoining(room)
    if !printsLines { noteDeferred("you join \(room)") }
    return [.client(.join(room))]
  }

  /// Waits for a room that was asked for, to show it.
  mutating func beginJoining(_ room: RoomName) {
    rooms.beginJoining(JoinRequest(room: room, tab: tabs.current.target, input: tabs.current.editor.text))
    writeToAwaited(room)
  }

  /// In a client that prints lines, makes a room the target of typed lines as soon as joining it is requested: the next
  /// line is meant for the room. That line is sent after the request, and refused if the request is.
  private mutating func writeToAwaited(_ room: RoomName) {
    let isNew = tabs.index(of: .room(room)) == nil
    guard printsLines, openTab(.room(room)), isNew else { return }
    tabs.current.isJoined = false
  }

  /// Closes a tab; closing a room's tab leaves the room.
  mutating func close(_ index: Int) -> [InterfaceCommand] {
    guard index > 0, tabs.tabs.indices.contains(index) else {
      tell(.notice("the lobby stays open; /quit leaves"))
      return []
    }
    let tab = tabs[index]
    let draft = tab.editor.text
    tabs.abandoned += tab.transcript.unconfirmed
    if index == tabs.currentIndex {
      select { $0.closeShownTab() }
    } else {
      tabs.close(index)
    }
    for text in tab.history.unsent { tabs.current.history.append(text) }
    if !draft.trimmingSpaces.isEmpty {
      tabs.current.history.append(draft)
      tell(.notice("your draft in \(tab.target) can be called back here with ↑"))
    }
    guard let room = tab.room else {
      tabs.keep(tab)
      return []
    }
    rosters.forget(room)
    rooms.forget(room)
    return tab.isJoined ? [.client(.part(room))] : []
  }
}
