import ChatProtocol

/// Identifies a member across names and connections. A client that logs in without proof of an earlier login gets a new
/// one.
public struct MemberID: Hashable, Comparable, Sendable, Codable {
  /// Random. At most 63 bits, so that any database can store it.
  public let number: Int64

  public init(_ number: Int64) { self.number = number & .max }

  public static func < (left: MemberID, right: MemberID) -> Bool { left.number < right.number }
}

extension MemberID: CustomStringConvertible {
  public var description: String { String(number, radix: 16) }
}
