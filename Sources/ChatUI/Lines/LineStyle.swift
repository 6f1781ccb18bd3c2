/// The form of printed lines, for a client without a screen.
public enum LineStyle: String, Codable, Hashable, Sendable {
  /// Each line begins with the local time of day in the user's format. A line with the date comes before the first line
  /// of another day.
  case terminal
  /// Each line begins with date and time in UTC, as in the output of `tail`.
  case log
}
