import ChatProtocol
import ChatRecords

/// Counts new rooms. A room that is only joined disappears when its last member leaves; a room with a message or an
/// owner stays.
struct RoomCreations: Sendable {
  private var opened = Count()
  private var founded = Count()

  /// The creator of a room: a member, and the member's address block.
  struct Maker: Hashable, Sendable {
    var member: MemberID
    /// Nil on the host, where no limit applies.
    var addressBlock: AddressBlock?
  }

  private struct Count: Sendable {
    var byMember = SlidingWindowCounter<MemberID>()
    var byAddressBlock = SlidingWindowCounter<AddressBlock>()

    /// - Parameter count: the number of rooms that are allowed already, and not counted yet.
    func allows(
      _ maker: Maker, person: Int, address: Int, after count: Int = 0, within period: Duration, at now: MonotonicTime
    ) -> Bool {
      guard let addressBlock = maker.addressBlock else { return true }
      return byMember.count(of: maker.member, within: period, at: now) + count < person
        && byAddressBlock.count(of: addressBlock, within: period, at: now) + count < address
    }

    mutating func note(_ maker: Maker, within period: Duration, at now: MonotonicTime) {
      guard let addressBlock = maker.addressBlock else { return }
      byMember.note(maker.member, within: period, at: now)
      byAddressBlock.note(addressBlock, within: period, at: now)
    }

    mutating func forget(within period: Duration, at now: MonotonicTime) {
      byMember.forget(within: period, at: now)
      byAddressBlock.forget(within: period, at: now)
    }
  }

  /// The limits on rooms that are only joined, as a multiple of the limits on those that stay.
  private static let openingFactor = 4

  /// - Parameter count: the number of rooms that the maker opens at the same time, before this one.
  func mayOpen(_ maker: Maker, _ limits: HubLimits, after count: Int = 0, at now: MonotonicTime) -> Bool {
    opened.allows(
      maker, person: limits.roomsPerPerson * Self.openingFactor, address: limits.roomsPerAddress * Self.openingFactor,
      after: count, within: limits.roomPeriod, at: now)
  }

  mutating func noteOpening(by maker: Maker, _ limits: HubLimits, at now: MonotonicTime) {
    opened.note(maker, within: limits.roomPeriod, at: now)
  }

  func mayFound(_ maker: Maker, _ limits: HubLimits, at now: MonotonicTime) -> Bool {
    founded.allows(
      maker, person: limits.roomsPerPerson, address: limits.roomsPerAddress, within: limits.roomPeriod, at: now)
  }

  mutating func noteFounding(by maker: Maker, _ limits: HubLimits, at now: MonotonicTime) {
    founded.note(maker, within: limits.roomPeriod, at: now)
  }

  mutating func forget(_ limits: HubLimits, at now: MonotonicTime) {
    opened.forget(within: limits.roomPeriod, at: now)
    founded.forget(within: limits.roomPeriod, at: now)
  }
}
