import ArgumentParser
import ChatProtocol
import ChatUI

/// Duration and reason of a sanction.
struct SanctionOption: ParsableArguments {
  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("Duration: 30m, 12h, 7d or 2w. (default: until lifted)", valueName: "span"))
  var span: String?

  @Option(help: "The reason, which the member is told.") var reason: String?

  func parsedSpan() throws -> AdminRequest.Span { try span.map { try AdminRequest.Span(typed: $0) } ?? .forever }
  func parsedReason() throws -> String { try (reason ?? "").asReason() }
}
