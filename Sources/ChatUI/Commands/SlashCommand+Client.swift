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
      name: "help", help: "show keys and commands",
      run: { interface, _ in interface.open(HelpPage()) }),
    SlashCommand(name: "quit", aliases: ["exit"], help: "leave", run: { interface, _ in interface.quit() }),
  ]
}
