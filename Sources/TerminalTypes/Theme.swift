/// The colours that a screen is drawn with.
public enum Theme: String, CaseIterable, Hashable, Sendable {
  /// Chosen by the terminal's background.
  case auto
  /// For a dark background.
  case dark
  /// For a light background.
  case light
}
