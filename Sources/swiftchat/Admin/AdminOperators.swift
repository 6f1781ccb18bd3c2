import ArgumentParser
import ChatProtocol
import ChatUI

/// `swiftchat admin op`
struct AdminOp: AdminCommand {
  static let configuration = CommandConfiguration(
    commandName: "op", abstract: "Make a member an operator; the name must belong to a key.")

  @Argument(help: "The nickname.") var name: String
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest { .makeOperator(try name(name)) }
}

/// `swiftchat admin deop`
struct AdminDeop: AdminCommand {
  static let configuration = CommandConfiguration(commandName: "deop", abstract: "Remove a member as an operator.")

  @Argument(help: "The nickname.") var name: String
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest { .unmakeOperator(try name(name)) }
}

/// `swiftchat admin ops`
struct AdminOps: AdminListCommand {
  static let configuration = CommandConfiguration(commandName: "ops", abstract: "List the operators.")

  @Flag(help: "One JSON object per line.") var json = false
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest { .listOperators }
}
