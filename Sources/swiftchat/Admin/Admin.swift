import ArgumentParser

/// `swiftchat admin`
struct Admin: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Moderate a server that runs on this machine.",
    discussion: """
      Uses control.sock in the server's data directory, which only the user who runs the server may open. All actions are \
      recorded in the server's audit log as done by host. Operators have the same commands in the chat.

      WHO is a name, an address (192.0.2.7), a network (192.0.2.0/24) or a key (key:…). Times are 30m, 12h, 7d or 2w.

      Examples:
        swiftchat admin op neha                      make neha an operator in the chat
        swiftchat admin kick troll 'read the rules'
        swiftchat admin ban 192.0.2.0/24 --for 7d --reason spam
        swiftchat admin bans --json                  one JSON object per line
      """,
    subcommands: [
      AdminKick.self, AdminBan.self, AdminUnban.self, AdminBans.self, AdminMute.self, AdminUnmute.self, AdminSlow.self,
      AdminRedact.self, AdminDelete.self, AdminOp.self, AdminDeop.self, AdminOps.self, AdminAudit.self,
    ]
  )
}
