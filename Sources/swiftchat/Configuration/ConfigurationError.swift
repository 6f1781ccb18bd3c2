/// What is wrong with the settings: where, what was found, and what is allowed. One line.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }

  /// The exit code, as sysexits.h has it for settings: a service manager can be told not to try again.
  static let exitCode: Int32 = 78
}
