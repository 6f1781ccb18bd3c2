/// Whether links are sent to the terminal as hyperlinks.
public enum HyperlinkUse: String, CaseIterable, Hashable, Sendable {
  /// If the terminal is known to support them.
  case auto
  case on = "true"
  case off = "false"
}
