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

  private func open(_ stage: Stage, _ peer: Peer) -> SessionID {
    let id = stage.open(from: peer)
    if stage.end(id) == nil { stage.say(id, "CAP REQ \(Stage.everything.joined(separator: " "))") }
    return id
  }

  private func arrive(_ stage: Stage, _ count: Int, from peer: Peer = home) -> [Guest] {
    (0..<count).map { number in
      let id = open(stage, peer)
      return Guest(session: id, token: Stage.token(in: stage.say(id, "LOGIN n\(number)")))
    }
  }

  @Test func `twelve users reconnect ten times before their old connections time out`() {
    let stage = Stage()
    var guests = arrive(stage, 12)
    for _ in 0..<10 {
      // All connect before any of them logs in.
      let sessions = guests.map { _ in open(stage, Self.home) }
      for (index, id) in sessions.enumerated() {
        #expect(stage.end(id) == nil)
        let answer = stage.say(id, "RESUME \(guests[index].token)")
        #expect(answer.untagged.first == "OK RESUME", "\(answer)")
        guests[index] = Guest(session: id, token: Stage.token(in: answer))
      }
      stage.wait(.seconds(20))
    }
    #expect(stage.hub.sessionCount == 12)
    #expect(stage.hub.peopleCount == 12)
  }

  @Test func `they reconnect after their old connections were closed`() {
    let stage = Stage()
    var guests = arrive(stage, 12)
    for _ in 0..<10 {
      for guest in guests { stage.leave(guest.session, .lost) }
      for index in guests.indices {
        let id = open(stage, Self.home)
        let answer = stage.say(id, "RESUME \(guests[index].token)")
        guests[index] = Guest(session: id, token: Stage.token(in: answer))
        #expect(answer.untagged.first == "OK RESUME", "\(answer)")
      }
    }
  }

  @Test func `an unauthenticated session cannot use the reserve for returning users`() {
    let stage = Stage()
    _ = arrive(stage, 16)
    let stranger = open(stage, Self.home)
    #expect(stage.end(stranger) == nil)
    #expect(stage.say(stranger, "LOGIN mallory").untagged.first?.hasPrefix("ERR too-many-connections LOGIN ") == true)
    #expect(stage.end(stranger) == .tooMany)
    // Bounded by the number of sessions that could be taken over.
    for _ in 0..<16 { #expect(stage.end(open(stage, Self.home)) != .tooMany || stage.hub.sessionCount == 32) }
    #expect(stage.end(stage.open(from: Self.home)) == .tooMany)
    #expect(stage.hub.sessionCount <= 32)
  }

  @Test func `one user cannot reconnect without limit`() {
    let stage = Stage()
    let (id, answer) = (open(stage, Self.home), "")
    var token = Stage.token(in: stage.say(id, "LOGIN neha")) + answer
    stage.leave(id)
    var returns = 0
    while returns < 1000 {
      let id = open(stage, Self.home)
      guard stage.end(id) == nil else { break }
      token = Stage.token(in: stage.say(id, "RESUME \(token)"))
      stage.leave(id)
      returns += 1
    }
    #expect((40...60).contains(returns))
  }

  @Test func `neighbours on a link have separate addresses`() {
    let stage = Stage()
    for number in 1...40 { #expect(stage.end(stage.open(at: "fe80::\(number)")) == nil) }
    for _ in 0..<15 { _ = stage.open(at: "fe80::1") }
    #expect(stage.end(stage.open(at: "fe80::1")) == .tooMany)
    #expect(stage.end(stage.open(at: "fe80::41")) == nil)
    #expect(stage.end(stage.open(at: "febf::1")) == nil)
  }
}
