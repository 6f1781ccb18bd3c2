import ArgumentParser
import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport

/// A subcommand of `swiftchat admin`: one request.
protocol AdminCommand: ParsableCommand {
  var control: ControlOption { get }

  /// - Throws: `UsageError` if the arguments are not a valid request.
  func request() throws -> AdminRequest
}

extension AdminCommand {
  func validate() throws { _ = try checkedRequest() }

  func run() throws {
    let request = try checkedRequest()
    _ = try control.ask(request)
    do {
      try announce(request.outcome)
    } catch {
      throw Failure("\(error.description); the action was carried out: \(request.outcome)")
    }
  }

  fileprivate func checkedRequest() throws -> AdminRequest {
    do { return try request() } catch let usageError as UsageError { throw ValidationError("\(usageError).") }
  }

  func name(_ word: String) throws -> Nickname {
    guard let name = Nickname(word.hasPrefix("@") ? String(word.dropFirst()) : word) else {
      throw UsageError("'\(DisplayText.sanitize(word))' cannot be a name")
    }
    return name
  }

  /// Accepts the name with or without `#`, which must be quoted in a shell.
  func room(_ word: String) throws -> RoomName {
    guard let room = RoomName(word.hasPrefix("#") ? word : "#\(word)") else {
      throw UsageError("'\(DisplayText.sanitize(word))' cannot be a room")
    }
    return room
  }
}

/// A subcommand that prints a list.
protocol AdminListCommand: AdminCommand {
  var json: Bool { get }
}

extension AdminListCommand {
  func run() throws {
    let answer = try control.ask(try checkedRequest())
    var output = OutputLines(1)
    for line in try json ? ListedItem.items(of: answer).map({ try $0.jsonLine }) : Self.lines(of: answer) {
      guard try output.append(line) else { return }
    }
    try output.flush()
  }

  private static func lines(of answer: AdminAnswer) -> [String] {
    guard
      let listing = AdminListing(
        answer, isWhole: true, now: .now(), timeFormat: .twentyFourHours, offset: LocalZone.offset)
    else { return [] }
    return listing.lines.isEmpty ? [listing.title] : listing.lines
  }
}
