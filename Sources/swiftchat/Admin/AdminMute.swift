import ArgumentParser
import ChatProtocol
import ChatUI

/// `swiftchat admin mute`
struct AdminMute: AdminCommand {
  static let configuration = CommandConfiguration(
    commandName: "mute", abstract: "Mute a member, who can then read but not write.")

  @Argument(help: "The nickname.") var name: String
  @OptionGroup var sanction: SanctionOption
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest {
    .mute(try name(name), for: try sanction.parsedSpan(), reason: try sanction.parsedReason())
  }
}

/// `swiftchat admin unmute`
struct AdminUnmute: AdminCommand {
  static let configuration = CommandConfiguration(commandName: "unmute", abstract: "Lift a mute.")

  @Argument(help: "The nickname.") var name: String
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest { .unmute(try name(name)) }
}
