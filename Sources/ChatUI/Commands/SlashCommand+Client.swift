extension SlashCommand {
  static let client = [
    SlashCommand(
      name: "close", help: "close this tab, and leave its room",
      run: { interface, _ in interface.close(interface.tabs.currentIndex) }),
    SlashCommand(
      name: "clear", help: "clear this pane",
      run: { interface, _ in
        interface.tabs.current.clear()
        return []
      }),
    SlashCommand(
      name: "share", help: "show the command to connect, and copy it",
      run: { interface, _ in interface.share() }),
    SlashCommand(
      name: "help", help: "show keys and commands",
      run: { interface, _ in interface.open(HelpPage()) }),
    SlashCommand(name: "quit", aliases: ["exit"], help: "leave", run: { interface, _ in interface.quit() }),
  ]
}
