import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

/// Requests on two hubs at the same time: the order of the store decides.
@Suite struct HubOrderTests {
  @Test func `one of two guests gets the name`() {
    var hubs = TwoHubs()
    hubs.send(0, 1, "LOGIN eve")
    hubs.send(1, 2, "LOGIN Eve")
    hubs.settle()
    #expect(hubs.reply(0) == "OK LOGIN" && hubs.reply(1) == "ERR username-taken LOGIN")
    #expect(hubs.names == ["eve"])
  }

  @Test func `a guest's name is free after the death of the hub`() {
    var hubs = TwoHubs()
    hubs.send(0, 1, "LOGIN eve")
    hubs.settle()
    hubs.send(1, 2, "LOGIN eve")
    hubs.settle()
    #expect(hubs.reply(1) == "ERR username-taken LOGIN")
    hubs.store.end(HubID(1))
    hubs.settle(1)
    hubs.send(1, 2, "LOGIN eve")
    hubs.settle(1)
    #expect(hubs.reply(1) == "OK LOGIN")
  }

  @Test func `a session resumes on another hub and ends the earlier one`() throws {
    var hubs = TwoHubs()
    hubs.send(0, 1, "LOGIN eve")
    hubs.send(0, 1, "JOIN #dev")
    hubs.settle()
    let token = try #require(hubs.nodes[0].clients[SessionID(1)]?.token)
    hubs.send(1, 2, "RESUME \(token) #lobby e 0 #dev e 0")
    hubs.settle()
    #expect(hubs.reply(1) == "OK RESUME")
    #expect(hubs.nodes[0].clients[SessionID(1)] == nil)
    #expect(hubs.store.presence.logins.map(\.hub) == [HubID(2)])
    #expect(hubs.store.presence.logins.first?.rooms.map(\.text) == ["#dev"])
  }

  /// Hub 2 knows no login of the member for a while, and the others know one that hub 2 has withdrawn.
  @Test func `a member stays away on all hubs while one hub withdraws a login`() throws {
    var hubs = TwoHubs()
    hubs.send(0, 1, "LOGIN eve")
    hubs.send(0, 1, "AWAY lunch")
    hubs.settle()
    let token = try #require(hubs.nodes[0].clients[SessionID(1)]?.token)
    hubs.send(1, 2, "RESUME \(token) #lobby e 0")
    hubs.close(1, 2)
    hubs.write(1)
    hubs.receive(0)
    hubs.write(0)
    hubs.open(0, 3)
    hubs.send(0, 3, "RESUME \(token) #lobby e 0")
    hubs.settle()
    #expect(hubs.reply(0) == "OK RESUME")
    #expect(hubs.nodes.map { $0.violation(on: hubs.store, at: hubs.now) } == [nil, nil])
    #expect(hubs.store.presence.away.values.sorted() == ["lunch"])
  }

  @Test func `a login that a ban has overtaken is refused`() {
    var hubs = TwoHubs()
    hubs.logInOperator()
    hubs.send(0, 1, "BAN eve *")
    hubs.send(1, 2, "LOGIN eve")
    hubs.settle()
    #expect(hubs.reply(0) == "OK BAN" && hubs.reply(1) == "ERR banned LOGIN")
    #expect(hubs.names == ["boss"])
  }

  @Test func `a ban also covers guests at the address of a login on another hub`() {
    let peer = IPAddress("192.0.2.7").map { Peer(address: $0, isHost: false) } ?? .host
    var hubs = TwoHubs(peer: peer)
    hubs.logInOperator()
    hubs.send(1, 2, "LOGIN eve")
    hubs.settle()
    hubs.send(0, 1, "BAN eve *")
    hubs.settle()
    #expect(hubs.names == ["boss"])
    hubs.open(1, 3, from: peer)
    hubs.send(1, 3, "LOGIN fay")
    hubs.settle()
    #expect(hubs.reply(1) == "ERR banned LOGIN")
  }

  @Test func `a join that a revoked invitation has overtaken is refused`() {
    var hubs = TwoHubs()
    hubs.logInOperator()
    hubs.send(1, 2, "LOGIN bea", as: TestKey(2))
    hubs.settle()
    for request in ["CREATE #dev", "INVITE #dev bea"] {
      hubs.send(0, 1, request)
      hubs.settle()
    }
    hubs.send(0, 1, "UNINVITE #dev bea")
    hubs.send(1, 2, "JOIN #dev")
    hubs.settle()
    #expect(hubs.reply(0) == "OK UNINVITE" && hubs.reply(1) == "ERR private-room JOIN")
    hubs.send(0, 1, "INVITE #dev bea")
    hubs.settle()
    hubs.send(1, 2, "JOIN #dev")
    hubs.settle()
    #expect(hubs.reply(1) == "OK JOIN")
  }

  @Test func `a message that the deletion of its room has overtaken is deleted, too`() throws {
    let room = try #require(RoomName("#dev"))
    var hubs = TwoHubs()
    hubs.logInOperator()
    hubs.send(1, 2, "LOGIN bea", as: TestKey(2))
    hubs.settle()
    hubs.send(1, 2, "JOIN #dev")
    hubs.settle()
    hubs.send(0, 1, "DELETE #dev")
    hubs.send(1, 2, "SAY #dev secret")
    hubs.settle()
    #expect(hubs.reply(0) == "OK DELETE" && hubs.reply(1) == "OK SAY")
    #expect(hubs.store.log.messages.isEmpty)
    #expect(hubs.nodes.allSatisfy { !$0.hub.rooms.contains(room) })
    #expect(hubs.nodes.map { $0.violation(on: hubs.store, at: hubs.now) } == [nil, nil])
    hubs.send(1, 2, "JOIN #dev")
    hubs.settle()
    hubs.send(1, 2, "SAY #dev hello")
    hubs.settle()
    #expect(hubs.store.log.messages.map(\.sequence) == [2])
    #expect(hubs.nodes.map { $0.violation(on: hubs.store, at: hubs.now) } == [nil, nil])
  }

  @Test func `a message that the deletion of its room has overtaken gets into no other room of that name`() {
    var hubs = TwoHubs()
    hubs.logInOperator()
    hubs.send(1, 2, "LOGIN bea", as: TestKey(2))
    hubs.open(0, 3)
    hubs.send(0, 3, "LOGIN cid", as: TestKey(3))
    hubs.settle()
    hubs.send(1, 2, "JOIN #dev")
    hubs.settle()
    hubs.send(0, 1, "DELETE #dev")
    hubs.send(1, 2, "SAY #dev secret")
    hubs.write(0)
    hubs.receive(0)
    // On the hub that has deleted the room, somebody opens another one before the message is stored.
    hubs.send(0, 3, "JOIN #dev")
    hubs.write(0)
    hubs.receive(0)
    #expect(hubs.reply(0) == "OK JOIN")
    hubs.settle()
    #expect(hubs.reply(1) == "OK SAY")
    #expect(hubs.store.log.messages.allSatisfy { $0.kind == .redacted }, "\(hubs.store.log.messages)")
    #expect(hubs.nodes.map { $0.violation(on: hubs.store, at: hubs.now) } == [nil, nil])
  }

  @Test func `a join waits for a message that was written in the deleted room`() {
    var hubs = TwoHubs()
    hubs.logInOperator()
    hubs.send(1, 2, "LOGIN bea", as: TestKey(2))
    hubs.open(1, 4)
    hubs.send(1, 4, "LOGIN dora", as: TestKey(4))
    hubs.settle()
    hubs.send(1, 2, "JOIN #dev")
    hubs.settle()
    hubs.send(0, 1, "DELETE #dev")
    hubs.send(1, 2, "SAY #dev secret")
    hubs.write(0)
    hubs.receive(0)
    hubs.receive(1)
    hubs.send(1, 4, "JOIN #dev")
    #expect(hubs.reply(1) == nil)
    hubs.settle()
    #expect(hubs.reply(1) == "OK JOIN")
    #expect(!hubs.store.log.messages.contains { $0.kind != .redacted }, "\(hubs.store.log.messages)")
  }

  @Test func `slow mode counts messages on other hubs`() throws {
    var hubs = TwoHubs()
    hubs.logInOperator()
    hubs.send(0, 1, "SLOW #lobby 60")
    hubs.settle()
    hubs.send(1, 2, "LOGIN bea", as: TestKey(2))
    hubs.settle()
    hubs.send(1, 2, "MSG one")
    hubs.open(0, 3)
    hubs.send(0, 3, "LOGIN bea", as: TestKey(2))
    hubs.settle()
    hubs.send(0, 3, "MSG two")
    hubs.settle()
    #expect(hubs.reply(1) == "OK MSG" && hubs.reply(0) == "ERR slow-mode MSG")
  }
}

/// Two hubs on one store, with session 1 on the first and session 2 on the second. The first one's writes reach the
/// store first.
private struct TwoHubs {
  private(set) var nodes: [HubNode]
  var store = SharedStore(checksStakes: true)
  let now = MonotonicTime(nanoseconds: 1_000_000_000)
  private var lastLabel = 0
  private var labels = ["", ""]

  /// - Parameter peer: of session 2.
  init(peer: Peer = .host) {
    nodes = [HubNode(1, on: store, seed: 1), HubNode(2, on: store, seed: 2)]
    open(0, 1)
    open(1, 2, from: peer)
  }

  var names: [String] { store.presence.logins.map(\.name.text) }

  mutating func open(_ index: Int, _ session: UInt64, from peer: Peer = .host) {
    nodes[index].open(SessionID(session), from: peer, now, store)
  }

  /// The first account on the host becomes an operator.
  mutating func logInOperator() {
    send(0, 1, "LOGIN boss", as: TestKey(1))
    settle()
  }

  mutating func send(_ index: Int, _ session: UInt64, _ request: String, as identity: TestKey? = nil) {
    let id = SessionID(session)
    lastLabel += 1
    labels[index] = "\(lastLabel)"
    var line = "@label=\(lastLabel) \(request)"
    let name = request.split(separator: " ").last.map(String.init) ?? ""
    if let identity, let challenge = nodes[index].clients[id]?.challenge {
      line = "\(identity.tags(challenge, as: name, "label=\(lastLabel);"))\(request)"
    }
    if request.hasPrefix("LOGIN") || request.hasPrefix("RESUME") {
      nodes[index].login(id, label: labels[index])
    }
    nodes[index].say(id, line, label: labels[index], now, store)
  }

  /// The answer to the hub's last request, without text.
  func reply(_ index: Int) -> String? {
    switch nodes[index].replies[labels[index]] {
    case .ok(let verb): "OK \(verb?.rawValue ?? "")"
    case .error(let reply): "ERR \(reply.code) \(reply.verb?.rawValue ?? "")"
    default: nil
    }
  }

  mutating func close(_ index: Int, _ session: UInt64) { nodes[index].close(SessionID(session), now, store) }

  mutating func write(_ index: Int) {
    while nodes[index].hasWrites { nodes[index].write(to: &store) }
  }

  mutating func receive(_ index: Int) {
    while nodes[index].received < store.feed.count || nodes[index].hasAnswers { nodes[index].receive(now, store) }
  }

  /// The hubs write to the store in their order, and receive the feed.
  /// - Parameter first: the first hub that is alive.
  mutating func settle(_ first: Int = 0) {
    repeat {
      for index in nodes.indices.dropFirst(first) { write(index) }
      for index in nodes.indices.dropFirst(first) { receive(index) }
    } while nodes.dropFirst(first).contains { !$0.isIdle }
  }
}
