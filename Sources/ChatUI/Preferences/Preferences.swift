import ChatModel

/// The settings of the client that the interface reads. The program takes them from the settings file, and sends
/// `InterfaceEvent.preferences` when the file changes.
public struct Preferences: Hashable, Sendable, Codable {
  public var layout = LayoutStyle.modern
  public var timeFormat = TimeFormat.twentyFourHours
  /// Whether the list of users is shown at the start; nil keeps the state of the last run.
  public var showsSidebar: Bool?
  /// Whether joins and leaves are hidden at the start; nil keeps the state of the last run.
  public var hidesPresence: Bool?
  public var notifications = NotificationPreferences()
  /// The servers with short names.
  public var servers: [NamedServer] = []
  /// More lines than this are sent only after a confirmation.
  public var linesWithoutAsking = 5
  /// Whether a program for links is set, so that a link can be opened.
  public var opensLinks = false
  /// Whether the candidates of a completion are listed.
  public var showsCandidates = true
  /// Whether the mouse is used at the start.
  public var usesMouse = false
  public var keyMap = KeyMap.standard

  public init() {}
}

/// The layout of messages in the transcript.
public enum LayoutStyle: String, CaseIterable, Hashable, Sendable, Codable {
  /// The name column fits the names in view, and repeated times and names are left out.
  case modern
  /// Every row has its time and name, and a rule stands between name and text.
  case classic
}

/// The format of times of day.
public enum TimeFormat: String, CaseIterable, Hashable, Sendable, Codable {
  /// `15:51`
  case twentyFourHours = "24h"
  /// `3:51 pm`
  case twelveHours = "12h"

  /// The width of the longest time in columns.
  var columns: Int { self == .twentyFourHours ? 5 : 8 }
}
