/// Why nothing was stored, or could be read.
public struct LogError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Cause: Hashable, Sendable {
    /// There is no room on the disk.
    case full
    /// Another program holds the database.
    case locked
    case readOnly
    /// The file is damaged, or no database.
    case corrupt
    /// It was written by a later version.
    case tooNew
    /// The file was removed or replaced under our feet.
    case vanished
    /// A read was ended early, and has nothing to show for it.
    case interrupted
    case other
  }

  public let cause: Cause
  /// For the operator's log: what failed, with what, and what to do.
  public let description: String

  public init(_ cause: Cause = .other, _ description: String) {
    self.cause = cause
    self.description = description
  }
}
