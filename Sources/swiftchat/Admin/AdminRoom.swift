import ArgumentParser
import ChatProtocol
import ChatUI

/// `swiftchat admin slow`
struct AdminSlow: AdminCommand {
  static let configuration = CommandConfiguration(
    commandName: "slow", abstract: "Let each person write in a room only so often.")

  @Argument(help: "The room; its # may be left out.") var room: String
  @Argument(help: "Between two messages of one person; 0: as often as they like.") var seconds: Int
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest {
    guard (0...AdminRequest.longestSlowness).contains(seconds) else {
      throw UsageError("\(seconds) is no number of seconds from 0 to \(AdminRequest.longestSlowness)")
    }
    return .slow(try room(room), seconds: seconds)
  }
}

/// `swiftchat admin remove`
struct AdminRemove: AdminCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take the text of a message away.",
    discussion: "`swiftchat log export --room '#lobby'` prints the messages of a room with their numbers, as seq.")

  @Argument(help: "The room; its # may be left out.") var room: String
  @Argument(help: "The message's number in the room.") var number: Int
  @Option(help: "Why, for the audit log.") var reason: String?
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest {
    guard number > 0 else { throw UsageError("\(number) is no message's number; they begin at 1") }
    return .remove(.room(try room(room)), sequence: number, reason: try (reason ?? "").asReason())
  }
}

/// `swiftchat admin delete`
struct AdminDelete: AdminCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete a room, with all that was said in it.")

  @Argument(help: "The room; its # may be left out.") var room: String
  @Option(help: "Why, for the audit log.") var reason: String?
  @OptionGroup var control: ControlOption

  func request() throws -> AdminRequest {
    .delete(try room(room), reason: try (reason ?? "").asReason())
  }
}
