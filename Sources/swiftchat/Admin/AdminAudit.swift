import ArgumentParser
import ChatProtocol
import ChatUI

/// `swiftchat admin audit`
struct AdminAudit: AdminListCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "List the actions of operators, the newest last.",
    discussion: "With --json the newest comes first.")

  @Option(help: "Maximum number of actions, from 1 to 200.") var limit = 50
  @Flag(help: "One JSON object per line.") var json = false
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest {
    guard (1...200).contains(limit) else { throw UsageError("--limit is \(limit); it goes from 1 to 200") }
    return .listActs(limit: limit)
  }
}
