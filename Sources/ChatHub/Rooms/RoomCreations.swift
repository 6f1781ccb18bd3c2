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

    func allows(_ maker: Maker, person: Int, address: Int, within period: Duration, at now: MonotonicTime) -> Bool {
      guard let addressBlock = maker.addressBlock else { return true }
      return byMember.count(of: maker.member, within: period, at: now) < person
        && byAddressBlock.count(of: addressBlock, within: period, at: now) < address
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

  func mayOpen(_ maker: Maker, _ limits: HubLimits, at now: MonotonicTime) -> Bool {
    opened.allows(
      maker, person: limits.roomsPerPerson * Self.openingFactor, address: limits.roomsPerAddress * Self.openingFactor,
      within: limits.roomPeriod, at: now)
  }

  mutating func open(_ maker: Maker, _ limits: HubLimits, at now: MonotonicTime) {
    opened.note(maker, within: limits.roomPeriod, at: now)
  }

  func mayFound(_ maker: Maker, _ limits: HubLimits, at now: MonotonicTime) -> Bool {
    founded.allows(
      maker, person: limits.roomsPerPerson, address: limits.roomsPerAddress, within: limits.roomPeriod, at: now)
  }

  mutating func found(_ maker: Maker, _ limits: HubLimits, at now: MonotonicTime) {
    founded.note(maker, within: limits.roomPeriod, at: now)
  }

  mutating func forget(_ limits: HubLimits, at now: MonotonicTime) {
    opened.forget(within: limits.roomPeriod, at: now)
    founded.forget(within: limits.roomPeriod, at: now)
  }
}
