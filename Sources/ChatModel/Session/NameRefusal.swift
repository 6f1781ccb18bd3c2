/// The reason why a server refused a name at login.
public enum NameRefusal: Hashable, Sendable, Codable {
  /// Another user has the name.
  case taken
  /// The server does not allow the name.
  case invalid
  /// The name has an unassigned or invisible character.
  case shapeless
  /// The name belongs to an account with a key.
  case reserved
  /// The server reserves the name for itself.
  case kept
  /// The name looks like another user's.
  case confusable
}
