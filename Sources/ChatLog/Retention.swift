/// Limits on the messages kept of each conversation.
public struct Retention: Hashable, Sendable {
  /// Maximum age; nil for no limit.
  public var age: Duration?
  /// Maximum number of messages, the newest ones; nil for no limit.
  public var count: Int?

  public init(age: Duration? = nil, count: Int? = nil) {
    self.age = age
    self.count = count
  }

  public var isUnlimited: Bool { age == nil && count == nil }
}
