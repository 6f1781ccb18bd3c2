import ArgumentParser
import ChatProtocol
import ChatUI

/// `swiftchat admin mute`
struct AdminMute: AdminCommand {
  static let configuration = CommandConfiguration(commandName: "mute", abstract: "Let somebody read, and not write.")

  @Argument(help: "Who.") var name: String
  @OptionGroup var sanction: SanctionOption
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest {
    .mute(try name(name), for: try sanction.parsedSpan(), reason: try sanction.parsedReason())
  }
}

/// `swiftchat admin unmute`
struct AdminUnmute: AdminCommand {
  static let configuration = CommandConfiguration(commandName: "unmute", abstract: "Let somebody write again.")

  @Argument(help: "Who.") var name: String
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest { .unmute(try name(name)) }
}
