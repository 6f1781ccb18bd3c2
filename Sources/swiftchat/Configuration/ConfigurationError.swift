/// An error in the settings: the place, the value found, and the allowed values. One line.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }

  /// The exit code for configuration errors (sysexits.h, EX_CONFIG), which tells a service manager not to retry.
  static let exitCode: Int32 = 78
}
