import ChatProtocol

/// A message that an editor composes, while it runs.
struct Composition: Hashable, Sendable {
  /// The conversation that the text belongs to.
  let place: TabPlace
  /// The text that the editor began with.
  var text: String
}

/// The result of `InterfaceCommand.compose`.
public enum CompositionResult: Hashable, Sendable, Codable {
  /// - Parameters:
  ///   - text: the content of the draft file. It must fit the input: see `Interface.canHold`.
  ///   - problem: how the editor failed after it had saved the text; nil if it succeeded.
  case text(String, problem: String?)
  /// The input stays as it was.
  /// - Parameter problem: the reason if that is not what the user wanted, as a sentence without the full stop.
  case unchanged(problem: String?)
}
