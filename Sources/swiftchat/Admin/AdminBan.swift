import ArgumentParser
import ChatProtocol
import ChatUI

/// `swiftchat admin ban`
struct AdminBan: AdminCommand {
  static let configuration = CommandConfiguration(
    commandName: "ban", abstract: "Ban a name, an address, a network or a key.")

  @Argument(help: "A name, an address, a network or a key.") var who: String
  @OptionGroup var sanction: SanctionOption
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest {
    .ban(try Subject(typed: who), for: try sanction.parsedSpan(), reason: try sanction.parsedReason())
  }
}

/// `swiftchat admin unban`
struct AdminUnban: AdminCommand {
  static let configuration = CommandConfiguration(commandName: "unban", abstract: "Lift a ban.")

  @Argument(help: "A name, an address, a network or a key, as listed by bans.") var who: String
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest { .unban(try Subject(typed: who)) }
}

/// `swiftchat admin bans`
struct AdminBans: AdminListCommand {
  static let configuration = CommandConfiguration(commandName: "bans", abstract: "List bans and mutes.")

  @Flag(help: "One JSON object per line.") var json = false
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest { .listSanctions }
}
