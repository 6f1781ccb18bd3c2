import ArgumentParser

/// The load that the busy clients put on the server.
enum BusyLoad: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// Each asks for the list of all members, and again when it has it.
  case who
  /// Each asks for the last hundred messages, and again when it has them.
  case history
  /// Sixteen of them write, and all read.
  case messages
  /// All leave at once.
  case leave
}
