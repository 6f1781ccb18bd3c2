import ArgumentParser

/// `swiftchat admin`
struct Admin: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep order on a server that runs on this machine.",
    discussion: """
      It speaks with the server through control.sock in its data directory, which only the user who runs the server may \
      open. All of it is in the server's audit log, as done by host. In the chat, operators have the same commands.

      WHO is a name, an address (192.0.2.7), a network (192.0.2.0/24) or a key (key:…). Times are 30m, 12h, 7d or 2w.

      Examples:
        swiftchat admin op neha                      who may then do this in the chat
        swiftchat admin kick troll 'read the rules'
        swiftchat admin ban 192.0.2.0/24 --for 7d --reason spam
        swiftchat admin bans --json                  one JSON object a line
      """,
    subcommands: [
      AdminKick.self, AdminBan.self, AdminUnban.self, AdminBans.self, AdminMute.self, AdminUnmute.self, AdminSlow.self,
      AdminRemove.self, AdminDelete.self, AdminOp.self, AdminDeop.self, AdminOps.self, AdminAudit.self,
    ]
  )
}
