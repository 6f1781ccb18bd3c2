import ArgumentParser
import ChatProtocol
import ChatUI

/// `swiftchat admin kick`
struct AdminKick: AdminCommand {
  static let configuration = CommandConfiguration(
    commandName: "kick", abstract: "Disconnect a member, who may log in again.")

  @Argument(help: "The nickname.") var name: String
  @Argument(help: "The reason, which the member is told.") var reason: [String] = []
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest {
    .kick(try name(name), reason: try reason.joined(separator: " ").asReason())
  }
}
