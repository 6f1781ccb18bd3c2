import ChatProtocol

/// A message for a user who is not looking, as plain text for a terminal or a program.
public struct Notification: Hashable, Sendable {
  /// `#dev`, or the author of a direct message. Where there are several servers, `work/#dev`.
  public var place: String
  public var author: String
  /// One line, shortened and never empty. It contains no markup, and no program can take it for an option.
  public var text: String

  static let maximumCharacters = 200

  /// - Parameter server: the name of the server; nil if there is only one.
  init(_ message: TranscriptEntry.Message, in target: Target, _ guests: Guests, server: String? = nil) {
    place = Self.harmless((server.map { "\($0)/" } ?? "") + guests.shown(target))
    let author = Self.harmless(guests.shown(message.author))
    self.author = author
    let words = MessagePart.firstLine(of: message.action ?? message.text)
    text = Self.harmless(message.isAction ? "\(author) \(words)" : "\(author): \(words)")
  }

  /// Angle brackets are markup for desktops that show notifications, and a dash begins an option.
  private static func harmless(_ text: String) -> String {
    let line = DisplayText.sanitize(text).replacing("\n", with: " ").replacing("<", with: "‹").replacing(">", with: "›")
    let short = line.count > maximumCharacters ? "\(line.prefix(maximumCharacters))…" : line
    return short.hasPrefix("-") ? " \(short)" : short
  }
}
