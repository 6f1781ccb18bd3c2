/// The settings of one settings file: the rows, and what belongs to the file as a whole.
protocol SettingsTable: Sendable {
  /// All settings, in the order of the sample file.
  static var all: [AnySetting<Self>] { get }

  /// The name of the file in the configuration directory.
  static var fileName: String { get }
  /// The beginning of the names of the environment variables.
  static var variablePrefix: String { get }
  /// The variable that names another file.
  static var fileVariable: String { get }
  /// Whether a variable that begins with the prefix belongs to something else.
  static func isForeign(variable: String) -> Bool

  /// The text at the beginning of the sample file.
  static var introduction: String { get }
  /// Descriptions of the tables of the file, by name.
  static var descriptions: [String: String] { get }
  /// The names that the sample file uses for members, by the name of the table: see `Setting.name`.
  static var exampleMembers: [String: String] { get }
  /// - Returns: the reason for refusing this name of a member, as a sentence without its subject; nil if it is allowed.
  static func refusal(ofMember name: String, in table: String) -> String?

  /// Removes from `lower` what settings of higher precedence exclude.
  static func exclude(_ lower: inout Configuration<Self>, by upper: Configuration<Self>)
  /// The value that a setting without a value of its own has because of other settings, as written in the file, and the
  /// reason; nil if there is none.
  static func implied(_ setting: AnySetting<Self>, by configuration: Configuration<Self>) -> (
    value: String, reason: String
  )?
  /// The first contradiction between given settings; nil if there is none.
  static func contradiction(in configuration: Configuration<Self>) -> ConfigurationContradiction?
}

extension SettingsTable {
  typealias Row<Value: Equatable & Sendable> = Setting<Self, Value>

  static func named(_ name: String) -> AnySetting<Self>? { all.first { $0.name == name } }

  /// The setting at a place in the file.
  static func at(_ path: [String]) -> AnySetting<Self>? { all.first { $0.matches(path) } }

  static func isForeign(variable: String) -> Bool { false }
  static var descriptions: [String: String] { [:] }
  static var exampleMembers: [String: String] { [:] }
  static func refusal(ofMember name: String, in table: String) -> String? { nil }
  static func exclude(_ lower: inout Configuration<Self>, by upper: Configuration<Self>) {}
  static func implied(_ setting: AnySetting<Self>, by configuration: Configuration<Self>) -> (
    value: String, reason: String
  )? { nil }
  static func contradiction(in configuration: Configuration<Self>) -> ConfigurationContradiction? { nil }
}

/// Settings that contradict each other.
struct ConfigurationContradiction: Equatable {
  let text: String
  /// The lines of the file that contradict each other; empty if the contradiction is not one of lines.
  var lines: [Int] = []

  /// The contradiction, after the name of the file and the lines.
  func description(in file: String) -> String {
    guard !lines.isEmpty else { return "\(file): \(text)" }
    let numbers = lines.map(String.init).joined(separator: " and ")
    return "\(file), line\(lines.count == 1 ? "" : "s") \(numbers): \(text)"
  }
}
