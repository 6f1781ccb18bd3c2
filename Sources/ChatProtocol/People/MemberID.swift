/// Somebody whom the server knows again, whatever they call themselves and from wherever they connect. Whoever logs in
/// without proof of having been here before is new.
public struct MemberID: Hashable, Comparable, Sendable {
  /// Chosen at random. At most 63 bits, so that any database can keep it.
  public let number: Int64

  public init(_ number: Int64) { self.number = number & .max }

  public static func < (left: MemberID, right: MemberID) -> Bool { left.number < right.number }
}

extension MemberID: CustomStringConvertible {
  public var description: String { String(number, radix: 16) }
}
