import ChatProtocol

// Lists that replace the pane, to choose an item from.

extension Interface {
  /// How many items of a list fit below its title.
  func listPage(itemRows: Int) -> Int { max((layout.pane.rows - 1) / itemRows, 1) }

  mutating func pressInRooms(_ key: Key, _ list: RoomList) -> [InterfaceCommand] {
    var list = list
    if list.choice.move(key, count: list.rooms.count, page: listPage(itemRows: 1)) {
      mode = .rooms(list)
      return []
    }
    switch keyMap.action(for: key) {
    case .send:
      mode = .chatting
      return list.chosen.map { join($0.name) } ?? []
    case .quit: return quit()
    case .dismiss, .clearInput: mode = .chatting
    case nil:
      // The user went on typing instead of waiting for the list.
      mode = .chatting
      return pressWhileChatting(key)
    default: break
    }
    return []
  }

  // MARK: Switcher

  /// Opens the switcher: tabs that want attention first, then the other tabs, rooms and users.
  mutating func beginSwitching() {
    let others = tabs.tabs.enumerated().filter { $0.offset != tabs.currentIndex }.map(\.element)
    let urgent = others.filter { $0.activity > .none }.sorted { $0.activity > $1.activity }
    let calm = others.filter { $0.activity == .none }
    var seen: Set<Target> = [tabs.current.target]
    let candidates =
      (urgent + calm).map(\.target) + listedRooms.map { .room($0.name) }
      + rosters.lobby.people.compactMap { [name] in $0.name == name ? nil : .person($0.name) }
    let targets = candidates.filter { seen.insert($0).inserted }
    mode = .switching(Switcher(Array(targets.prefix(Switcher.maximumTargets))))
    completion = nil
  }

  mutating func pressInSwitcher(_ key: Key, _ switcher: Switcher) -> [InterfaceCommand] {
    var switcher = switcher
    let page = listPage(itemRows: 1)
    if key.symbol != .home, key.symbol != .end,
      switcher.choice.move(key, count: switcher.matches.count, page: page)
    {
      mode = .switching(switcher)
      return []
    }
    switch keyMap.action(for: key) {
    case .send:
      mode = .chatting
      guard let target = switcher.chosen else { return [] }
      if case .room(let room) = target { return join(room) }
      _ = openTab(target)
      return []
    case .switchTab, .nextTab, .completeForward:
      switcher.choice.step(1, count: switcher.matches.count)
      mode = .switching(switcher)
    case .previousTab, .completeBackward:
      switcher.choice.step(-1, count: switcher.matches.count)
      mode = .switching(switcher)
    case .quit: return quit()
    case .dismiss: mode = .chatting
    case .clearInput:
      if switcher.editor.isEmpty {
        mode = .chatting
      } else {
        switcher.editor.clear()
        narrow(switcher)
      }
    case .newline: break
    case .some(let action): if switcher.editor.perform(action) { narrow(switcher) }
    case nil:
      guard case .character(let character) = key.symbol, key.modifiers.isEmpty else { return [] }
      switcher.editor.insert(String(character))
      narrow(switcher)
    }
    return []
  }

  mutating func narrow(_ switcher: Switcher) {
    var switcher = switcher
    switcher.narrow()
    mode = .switching(switcher)
  }
}
