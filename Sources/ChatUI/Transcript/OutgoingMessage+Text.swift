import ChatModel
import ChatProtocol

extension OutgoingMessage {
  /// The text for display.
  var shownText: String { DisplayText.sanitizeLines(text) }
}
