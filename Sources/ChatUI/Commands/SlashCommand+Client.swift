import ChatProtocol

extension SlashCommand {
  static let client = [
    SlashCommand(
      name: "close", aliases: ["wc"], help: "close this tab, and leave its room",
      run: { interface, _ in interface.close(interface.tabs.currentIndex) }),
    SlashCommand(
      name: "clear", aliases: ["c"], help: "clear this pane",
      run: { interface, _ in
        interface.tabs.current.clear()
        return []
      }),
    SlashCommand(
      name: "share", help: "show the command to connect, and copy it",
      run: { interface, _ in interface.share() }),
    SlashCommand(
      name: "tab", aliases: ["win", "window", "buffer", "b"], parameters: "NUMBER|NAME",
      help: "go to a tab by its number or name: work/#dev", run: { try $0.goToTab(&$1) }),
    SlashCommand(
      name: "to", parameters: "#ROOM|NAME", help: "write to a room or a person from now on",
      completable: [.person], run: { try $0.writeFromNowOn(&$1) }),
    SlashCommand(
      name: "help", help: "show keys and commands",
      run: { interface, _ in interface.open(HelpPage()) }),
    SlashCommand(
      name: "quit", aliases: ["exit", "bye", "signoff"], help: "leave", run: { interface, _ in interface.quit() }),
  ]
}

extension Interface {
  fileprivate mutating func writeFromNowOn(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    if words.first?.hasPrefix("#") == true {
      let room = try words.room()
      try words.finish()
      return join(room)
    }
    _ = openTab(.person(try words.onlyPerson(in: self)))
    return []
  }

  fileprivate mutating func goToTab(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    let word = try words.requiredRest()
    guard let tab = Int(word).map(servers.tab(withNumber:)) ?? tab(named: word) else {
      throw UsageError("there is no tab \(word.sanitizedWord)")
    }
    select { $0.show(tab) }
    return []
  }
}
