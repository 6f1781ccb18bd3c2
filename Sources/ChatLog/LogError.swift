/// The reason why a write or a read failed.
public struct LogError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Cause: Hashable, Sendable {
    /// The disk is full.
    case full
    /// Another program holds the database.
    case locked
    case readOnly
    /// The file is damaged or not a database.
    case corrupt
    /// The disk reported that written data may not be on it. Data written before may be lost, too.
    case unsynced
    /// The file was written by a later version.
    case tooNew
    /// The file was removed or replaced while in use.
    case vanished
    /// The other nodes of a shared log have declared this node dead. The write was not stored.
    case nodeEnded
    /// A read was interrupted and has no result.
    case interrupted
    /// The database cannot be reached at present. A write may have been stored all the same.
    case unreachable
    /// The database's address, the password or the machine is set up wrongly: trying again does not help.
    case misconfigured
    case other
  }

  public let cause: Cause
  /// For the operator's log: the failed operation, the cause and the remedy.
  public let description: String

  public init(_ cause: Cause = .other, _ description: String) {
    self.cause = cause
    self.description = description
  }
}
