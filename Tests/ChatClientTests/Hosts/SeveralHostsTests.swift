import ChatClient
import ChatModel
import ChatProtocol
import Synchronization
import TestSupport
import Testing

/// One chat on two hosts with sockets.
@Suite(.interacting, .timeLimit(.minutes(10))) struct SeveralHostsTests {
  private let certificate = TestCertificate()

  @Test(arguments: [true, false])
  func `a client resumes at another host, and nothing is lost or doubled`(isStored: Bool) async throws {
    for _ in 1...5 { if try await resumes(isStored: isStored) { return } }
    Issue.record("a host that answers counts as lost")
  }

  /// - Returns: false if a host got no processor for five seconds, after which it counts as lost, too.
  private func resumes(isStored: Bool) async throws -> Bool {
    let chat = Chat()
    let servers = [try await chat.listen(0, certificate), try await chat.listen(1, certificate)]
    let endpoint = try Endpoint("127.0.0.1:\(servers[0].port),127.0.0.1:\(servers[1].port)")
    let (client, events) = EventStream.connection()
    client.send(.connect(endpoint, ClientMemory()))
    var told = await events.upTo(\.isOnline)
    let first = try #require(told.compactMap(\.reachedHost).last)
    let index = try #require(servers.firstIndex { $0.port == first.port })
    client.send(.say(id: SendID(1), to: .lobby, text: "one"))
    told += await events.upTo { $0.answers == SendID(1) }

    // The host is lost while it handles a message: its port is closed, and the chat goes on at the others.
    try await servers[index].stop()
    chat.lose(index, at: "two", isStored: isStored)
    client.send(.say(id: SendID(2), to: .lobby, text: "two"))
    client.send(.say(id: SendID(3), to: .lobby, text: "three"))
    told += await events.upTo { $0.answers == SendID(3) }
    client.send(.say(id: SendID(4), to: .lobby, text: "four"))
    told += await events.upTo { $0.answers == SendID(4) }
    await client.shutdown()
    try await servers[1 - index].stop()
    if told.compactMap(\.outage).contains(where: { $0.reason.contains("nothing was heard") }) { return false }

    #expect(told.compactMap(\.reachedHost).map(\.port) == [first.port, servers[1 - index].port])
    #expect(told.compactMap(\.outage).map(\.reason) == ["\(first): the server closed the connection"])
    #expect(told.count { if case .pinned = $0 { true } else { false } } == 1, "the pin holds on both hosts")
    #expect(chat.verbs == [index: ["LOGIN"], 1 - index: ["RESUME"]])
    let expected = isStored ? ["one", "two", "away", "three", "four"] : ["one", "away", "two", "three", "four"]
    #expect(chat.texts == expected)
    // Each message has one report, in the order of the log.
    let own = told.compactMap(\.answers)
    #expect(own.sorted { $0.rawValue < $1.rawValue } == (1...4).map { SendID($0) }, "\(own)")
    #expect(told.compactMap(\.message).filter { $0.author == .akash }.map(\.text) == ["away"])
    #expect(!told.contains { if case .reset = $0 { true } else { false } })
    return true
  }

  @Test func `a session that finds no host tells which one it tried last`() async throws {
    let ports = [try ReservedPort(), try ReservedPort(), try ReservedPort()]
    let (client, events) = EventStream.connection()
    client.send(
      .connect(try Endpoint(ports.map { "127.0.0.1:\($0.number)" }.joined(separator: ",")), ClientMemory()))
    let outage = await events.upTo { $0.outage != nil }.last?.outage
    let reasons = ports.map { port in
      "connection refused: is a server running on 127.0.0.1:\(port.number)? (2 other hosts tried)"
    }
    #expect(reasons.contains(outage?.reason ?? ""), "\(outage?.reason ?? "")")
    await client.shutdown()
    withExtendedLifetime(ports) {}
  }

  @Test func `nothing is sent to a host of the list with another key`() async throws {
    let chat = Chat()
    let packets = Notes<String>()
    let server = try await chat.listen(0, certificate)
    let stranger = try await LineServer.start(certificate: TestCertificate(), onPacket: { packets.add($0) }) { _ in
      .hangUp
    }
    let endpoint = try Endpoint("127.0.0.1:\(stranger.port),127.0.0.1:\(server.port)")
    for _ in 1...4 {
      let (client, events) = EventStream.connection()
      client.send(.connect(endpoint, ClientMemory(pin: certificate.pin, wasMet: true)))
      let told = await events.upTo(\.isOnline)
      #expect(told.last?.isOnline == true)
      #expect(told.compactMap(\.reachedHost).map(\.port) == [server.port])
      await client.shutdown()
    }
    #expect(packets.all == [])
    try await stranger.stop()
    try await server.stop()
  }

  @Test func `the pin of a list is that of every host`() async throws {
    let servers = [
      try await LineServer.start(certificate: certificate) { _ in .hangUp },
      try await LineServer.start(certificate: certificate) { _ in .hangUp },
      try await LineServer.start(certificate: TestCertificate()) { _ in .hangUp },
    ]
    let closed = try ReservedPort()
    func list(_ ports: Int...) throws -> Endpoint {
      try Endpoint(ports.map { "127.0.0.1:\($0)" }.joined(separator: ","))
    }
    // A server that gets no processor for three seconds is left out: then they are asked again.
    for endpoint in [try list(servers[0].port, servers[1].port), try list(closed.number, servers[1].port)] {
      let pin = try await Patience.answer { () async -> Pin? in try? await ServerPin.seen(at: endpoint) }
      #expect(pin == certificate.pin)
    }
    let strangers = try list(servers[0].port, servers[2].port)
    let failure = try await Patience.answer { () async -> ConnectionFailure? in
      do throws(ConnectionFailure) {
        _ = try await ServerPin.seen(at: strangers)
      } catch {
        if case .untrusted = error.kind { return error }
      }
      return nil
    }
    let words = "127.0.0.1:\(servers[0].port) and 127.0.0.1:\(servers[2].port) are not the same server"
    #expect(failure?.reason.hasPrefix(words) == true, "two keys count as one server")
    for server in servers { try await server.stop() }
    withExtendedLifetime(closed) {}
  }
}

/// A model server behind several listeners.
private final class Chat: Sendable {
  private struct State {
    var model = ModelServer(habits: ModelServer.Habits(), seed: 1)
    var verbs: [Int: [String]] = [:]
    /// The host that is lost at a line with this text.
    var loss: (host: Int, text: String, isStored: Bool)?
    var lost: Set<Int> = []
  }

  private let state = Mutex(State())

  /// The texts of the lobby.
  var texts: [String] { state.withLock { $0.model.logs[.lobby]?.map(\.text) ?? [] } }
  /// The verbs of the logins at each host.
  var verbs: [Int: [String]] { state.withLock { $0.verbs } }

  func listen(_ host: Int, _ certificate: TestCertificate) async throws -> LineServer {
    try await LineServer.start(certificate: certificate) { line in self.answer(String(line), at: host) }
  }

  /// The host is lost at a line with this text.
  /// - Parameter isStored: whether it still stores the message.
  func lose(_ host: Int, at text: String, isStored: Bool) { state.withLock { $0.loss = (host, text, isStored) } }

  private func answer(_ line: String, at host: Int) -> LineServer.Reply {
    state.withLock { state in
      guard !state.lost.contains(host) else { return .hangUp }
      let isLost = state.loss.map { $0.host == host && line.hasSuffix($0.text) } ?? false
      if isLost, state.loss?.isStored == false {
        lose(host, &state)
        return .hangUp
      }
      if line.hasPrefix("CAP REQ") { state.model.connect() }
      for verb in ["LOGIN", "RESUME"] where line.contains(" \(verb) ") { state.verbs[host, default: []].append(verb) }
      state.model.hear([line])
      state.model.obeyNext()
      if isLost {
        lose(host, &state)
        return .hangUp
      }
      if line.hasSuffix("QUIT") { return .hangUp }
      var text = ""
      while let line = state.model.takeLine() { text += line + "\n" }
      return .say(text)
    }
  }

  private func lose(_ host: Int, _ state: inout State) {
    state.lost.insert(host)
    state.loss = nil
    state.model.disconnect()
    state.model.say("away", by: "akash", in: .lobby)
  }
}

extension ClientEvent {
  fileprivate var reachedHost: HostPort? {
    if case .reached(let host) = self { host } else { nil }
  }

  fileprivate var isOnline: Bool {
    if case .online = self { true } else { false }
  }
}
