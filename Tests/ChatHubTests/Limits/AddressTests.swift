import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatHub

/// Limits per address block.
@Suite struct AddressTests {
  @Test func `each address has its own number of connections`() {
    let harness = HubHarness()
    let first = (0..<16).map { _ in harness.connect(at: "192.0.2.7") }
    let refused = harness.connect(at: "192.0.2.7")
    #expect(
      harness.takeOutput(of: refused) == [
        "ERR too-many-connections",
        "INFO There are too many connections from your address; end one of them first.",
      ])
    #expect(harness.closeReason(of: refused) == .tooMany)
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.8")) == nil)
    harness.disconnect(first[0])
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.7")) == nil)
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.7")) == .tooMany)
  }

  @Test func `the addresses of one block share their limit`() {
    let harness = HubHarness()
    for number in 0..<16 { #expect(harness.closeReason(of: harness.connect(at: "2001:db8:1:2:\(number)::1")) == nil) }
    #expect(harness.closeReason(of: harness.connect(at: "2001:db8:1:2:ffff:ffff:ffff:ffff")) == .tooMany)
    #expect(harness.closeReason(of: harness.connect(at: "2001:db8:1:3::1")) == nil)
  }

  @Test func `an IPv4-mapped IPv6 address counts as its IPv4 address`() {
    let harness = HubHarness()
    for _ in 0..<8 { _ = harness.connect(at: "192.0.2.7") }
    for _ in 0..<8 { _ = harness.connect(at: "::ffff:192.0.2.7") }
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.7")) == .tooMany)
    // Other addresses in the first 32 bits of the /64 are separate.
    #expect(harness.closeReason(of: harness.connect(at: "::c000:207")) == nil)
  }

  @Test func `an address with too many connections is refused until they are long ago`() {
    let harness = HubHarness()
    for _ in 0..<32 {
      let id = harness.connect(at: "192.0.2.7")
      #expect(harness.closeReason(of: id) == nil)
      harness.disconnect(id, .lost)
    }
    for _ in 0..<1000 {
      let refused = harness.connect(at: "192.0.2.7")
      #expect(harness.takeOutput(of: refused).first == "ERR too-many-attempts")
      #expect(harness.closeReason(of: refused) == .tooMany)
    }
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.8")) == nil)
    harness.advanceClock(by: .seconds(599))
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.7")) == .tooMany)
    harness.advanceClock(by: .seconds(20))
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.7")) == nil)
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.7")) == .tooMany)
    harness.advanceClock(by: .seconds(1200))
    for _ in 0..<15 { #expect(harness.closeReason(of: harness.connect(at: "192.0.2.7")) == nil) }
  }

  @Test func `on the host the number of connections is not limited`() {
    let harness = HubHarness()
    for _ in 0..<100 {
      #expect(
        harness.closeReason(of: harness.connect(from: Peer(address: IPAddress("127.0.0.1"), isHost: true))) == nil)
    }
    // Peers of unknown address.
    for _ in 0..<100 {
      #expect(harness.closeReason(of: harness.connect(from: Peer(address: nil, isHost: false))) == nil)
    }
  }

  @Test func `the control socket is admitted when the server is full`() {
    let harness = HubHarness(HubSettings(maximumSessions: 1))
    _ = harness.logIn("neha")
    #expect(harness.closeReason(of: harness.connect()) == .full)
    #expect(harness.closeReason(of: harness.connectControl()) == nil)
  }

  @Test(.computing) func `the number of tracked addresses is bounded`() {
    var frequency = SlidingWindowCounter<AddressBlock>()
    let period = Duration.seconds(600)
    let now = MonotonicTime(nanoseconds: 0)
    var addressBlocks: [AddressBlock] = []
    for number in 0..<UInt32(SlidingWindowCounter<AddressBlock>.maximumCount + 1000) {
      let bytes = withUnsafeBytes(of: number.bigEndian) { Array($0) }
      guard let address = IPAddress([0x20, 1] + bytes + [UInt8](repeating: 0, count: 10)) else { continue }
      addressBlocks.append(AddressBlock(address))
      frequency.note(AddressBlock(address), within: period, at: now)
    }
    #expect(Set(addressBlocks).count == SlidingWindowCounter<AddressBlock>.maximumCount + 1000)
    #expect(frequency.count == SlidingWindowCounter<AddressBlock>.maximumCount)
    #expect(addressBlocks.prefix(1000).allSatisfy { frequency.count(of: $0, within: period, at: now) == 0 })
    #expect(addressBlocks.dropFirst(1000).allSatisfy { frequency.count(of: $0, within: period, at: now) == 1 })
    frequency.forget(within: period, at: now + period + period)
    #expect(frequency.count == 0)
  }

  @Test func `the connections of the previous period count less and less`() {
    var frequency = SlidingWindowCounter<AddressBlock>()
    let period = Duration.seconds(100)
    let start = MonotonicTime(nanoseconds: 0)
    guard let home = IPAddress("192.0.2.7").map(AddressBlock.init) else { return }
    for _ in 0..<10 { frequency.note(home, within: period, at: start) }
    let counts = [0, 99, 100, 150, 199, 200].map {
      frequency.count(of: home, within: period, at: start + .seconds($0))
    }
    #expect(counts == [10, 10, 10, 5, 1, 0])
    #expect(frequency.count(of: home, within: .zero, at: start) == 0)
  }

  @Test func `the number of new names per address block and hour is limited`() {
    var admission = Admission(secret: [1], seed: 1)
    let limits = HubLimits()
    let peer = Peer(address: IPAddress("2001:db8::1"), isHost: false)
    let neighbour = Peer(address: IPAddress("2001:db8:0:1::1"), isHost: false)
    let now = MonotonicTime(nanoseconds: 0)
    func claim(_ peer: Peer, at time: MonotonicTime) -> Bool {
      guard admission.mayClaim(peer, limits, at: time) else { return false }
      admission.noteClaim(peer, limits, at: time)
      return true
    }
    for _ in 0..<8 { #expect(claim(peer, at: now)) }
    #expect(!claim(peer, at: now))
    #expect(claim(neighbour, at: now))
    #expect(claim(peer, at: now + .seconds(7200)))
    for _ in 0..<100 { #expect(claim(.host, at: now)) }
  }

  @Test func `a login beyond the name limit is refused with the reason`() {
    let harness = HubHarness.withPin()
    for number in UInt8(0)..<8 { harness.disconnect(harness.logInOwner("n\(number)", TestKey(number + 1))) }
    let (_, answer) = harness.requestLogin("ninth", TestKey(9))
    #expect(answer.first?.contains("owned") == false)
    #expect(answer.contains { $0.hasPrefix("INFO The name does not belong to you yet") })
  }
}
