/// What is kept of each conversation.
public struct Retention: Hashable, Sendable {
  /// Nothing older; nil: however old.
  public var age: Duration?
  /// No more than the newest so many; nil: however many.
  public var count: Int?

  public init(age: Duration? = nil, count: Int? = nil) {
    self.age = age
    self.count = count
  }

  public var isUnlimited: Bool { age == nil && count == nil }
}
