import ChatProtocol
import Testing

@testable import ChatHub

/// Users behind one address reconnect together.
@Suite struct ReturnTests {
  private static let home = Peer(address: IPAddress("192.0.2.7"), isHost: false)

  private struct Guest {
    var session: SessionID
    var token: String
  }

  private func open(_ harness: HubHarness, _ peer: Peer) -> SessionID {
    let id = harness.connect(from: peer)
    if harness.closeReason(of: id) == nil {
      harness.send(as: id, "CAP REQ \(HubHarness.allCapabilities.joined(separator: " "))")
    }
    return id
  }

  private func arrive(_ harness: HubHarness, _ count: Int, from peer: Peer = home) -> [Guest] {
    (0..<count).map { number in
      let id = open(harness, peer)
      return Guest(session: id, token: HubHarness.token(in: harness.send(as: id, "LOGIN n\(number)")))
    }
  }

  @Test func `twelve users reconnect ten times before their old connections time out`() {
    let harness = HubHarness()
    var guests = arrive(harness, 12)
    for _ in 0..<10 {
      // All connect before any of them logs in.
      let sessions = guests.map { _ in open(harness, Self.home) }
      for (index, id) in sessions.enumerated() {
        #expect(harness.closeReason(of: id) == nil)
        let answer = harness.send(as: id, "RESUME \(guests[index].token)")
        #expect(answer.untagged.first == "OK RESUME", "\(answer)")
        guests[index] = Guest(session: id, token: HubHarness.token(in: answer))
      }
      harness.advanceClock(by: .seconds(20))
    }
    #expect(harness.hub.sessionCount == 12)
    #expect(harness.hub.peopleCount == 12)
  }

  @Test func `users reconnect after their old connections were closed`() {
    let harness = HubHarness()
    var guests = arrive(harness, 12)
    for _ in 0..<10 {
      for guest in guests { harness.disconnect(guest.session, .lost) }
      for index in guests.indices {
        let id = open(harness, Self.home)
        let answer = harness.send(as: id, "RESUME \(guests[index].token)")
        guests[index] = Guest(session: id, token: HubHarness.token(in: answer))
        #expect(answer.untagged.first == "OK RESUME", "\(answer)")
      }
    }
  }

  @Test func `an unauthenticated session cannot use the reserve for returning users`() {
    let harness = HubHarness()
    _ = arrive(harness, 16)
    let stranger = open(harness, Self.home)
    #expect(harness.closeReason(of: stranger) == nil)
    #expect(
      harness.send(as: stranger, "LOGIN mallory").untagged.first?.hasPrefix("ERR too-many-connections LOGIN ") == true)
    #expect(harness.closeReason(of: stranger) == .tooMany)
    // Bounded by the number of sessions that could be taken over.
    for _ in 0..<16 {
      #expect(harness.closeReason(of: open(harness, Self.home)) != .tooMany || harness.hub.sessionCount == 32)
    }
    #expect(harness.closeReason(of: harness.connect(from: Self.home)) == .tooMany)
    #expect(harness.hub.sessionCount <= 32)
  }

  @Test func `a login with a token does not exceed the number of connections after many attempts`() {
    let harness = HubHarness()
    let guests = arrive(harness, 16)
    for _ in 0..<16 { harness.disconnect(open(harness, Self.home)) }
    for guest in guests {
      let id = open(harness, Self.home)
      #expect(harness.closeReason(of: id) == nil)
      let name = harness.hub.sessions[guest.session]?.presence?.name.text ?? ""
      let answer = harness.send(as: id, "@token=\(guest.token) LOGIN \(name)")
      #expect(answer.isRefused("too-many-connections", "LOGIN"), "\(answer)")
      #expect(harness.closeReason(of: id) == .tooMany)
    }
    #expect(harness.hub.sessionCount == 16)
  }

  @Test func `one user cannot reconnect without limit`() {
    let harness = HubHarness()
    let (id, answer) = (open(harness, Self.home), "")
    var token = HubHarness.token(in: harness.send(as: id, "LOGIN neha")) + answer
    harness.disconnect(id)
    var returns = 0
    while returns < 1000 {
      let id = open(harness, Self.home)
      guard harness.closeReason(of: id) == nil else { break }
      token = HubHarness.token(in: harness.send(as: id, "RESUME \(token)"))
      harness.disconnect(id)
      returns += 1
    }
    #expect((40...60).contains(returns))
  }

  @Test func `neighbours on a link have separate addresses`() {
    let harness = HubHarness()
    for number in 1...40 { #expect(harness.closeReason(of: harness.connect(at: "fe80::\(number)")) == nil) }
    for _ in 0..<15 { _ = harness.connect(at: "fe80::1") }
    #expect(harness.closeReason(of: harness.connect(at: "fe80::1")) == .tooMany)
    #expect(harness.closeReason(of: harness.connect(at: "fe80::41")) == nil)
    #expect(harness.closeReason(of: harness.connect(at: "febf::1")) == nil)
  }
}
