import ArgumentParser
import ChatProtocol
import ChatUI

/// `swiftchat admin slow`
struct AdminSlow: AdminCommand {
  static let configuration = CommandConfiguration(
    commandName: "slow", abstract: "Limit how often each member may write in a room.")

  @Argument(help: "The room; its # may be left out.") var room: String
  @Argument(help: "Seconds between two messages of a member; 0 lifts the limit.") var seconds: Int
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest {
    guard (0...AdminRequest.longestSlowness).contains(seconds) else {
      throw UsageError("\(seconds) is no number of seconds from 0 to \(AdminRequest.longestSlowness)")
    }
    return .slow(try room(room), seconds: seconds)
  }
}

/// `swiftchat admin remove`
struct AdminRedact: AdminCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove the text of a message.",
    discussion: "`swiftchat log export --room '#lobby'` prints the messages of a room with their numbers, as seq.")

  @Argument(help: "The room; its # may be left out.") var room: String
  @Argument(help: "The message's number in the room.") var number: Int
  @Option(help: "The reason, for the audit log.") var reason: String?
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest {
    guard number > 0 else { throw UsageError("\(number) is no message's number; they begin at 1") }
    return .redact(.room(try room(room)), sequence: number, reason: try (reason ?? "").asReason())
  }
}

/// `swiftchat admin delete`
struct AdminDelete: AdminCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete a room and all of its messages.")

  @Argument(help: "The room; its # may be left out.") var room: String
  @Option(help: "The reason, for the audit log.") var reason: String?
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest {
    .delete(try room(room), reason: try (reason ?? "").asReason())
  }
}
