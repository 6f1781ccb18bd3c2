import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatClient

/// The order in which a session tries the hosts of its server.
@Suite struct HostOrderTests {
  private static func record(_ host: HostPort, _ address: String? = nil) -> HostRecord {
    HostRecord(host: host, address: address ?? "192.0.2.\(host.host.utf8.first ?? 0)")
  }

  private static func refused(_ host: HostPort) -> ConnectionFailure {
    ConnectionFailure(.refused, reason: "connection refused: is a server running on \(host)?", at: record(host))
  }

  private static func stranger(_ record: HostRecord) -> ConnectionFailure {
    ConnectionFailure(.untrusted(Pin(known: 2)), reason: "another key", at: record)
  }

  private static func session(_ endpoint: Endpoint = .cluster, seed: UInt64 = 1) -> ClientSessionHarness {
    var harness = ClientSessionHarness(seed: seed)
    harness.command(.connect(endpoint, ClientMemory()))
    return harness
  }

  /// Connects to the host that the session wants first.
  @discardableResult
  private func connect(_ harness: inout ClientSessionHarness, siblings: [HostRecord] = []) throws -> HostPort {
    let host = try #require(harness.plans.last?.hosts.first)
    harness.sent = []
    harness.handle(.opened(nil, Arrival(record: Self.record(host), siblings: siblings)))
    return host
  }

  /// Logs in or resumes.
  private func logIn(_ harness: inout ClientSessionHarness) {
    harness.receive(ClientSessionHarness.agrees)
    let verb = harness.sent.contains { $0.contains("RESUME") } ? "RESUME" : "LOGIN"
    harness.receive("@label=1;token=t1;name=neha;again OK \(verb)", "SYNC #lobby e1 0")
  }

  /// Logs in at the host that the session wants first, for longer than a connection must last.
  private func stay(_ harness: inout ClientSessionHarness) throws -> HostPort {
    let host = try connect(&harness)
    logIn(&harness)
    stayOnline(&harness)
    return host
  }

  private func stayOnline(_ harness: inout ClientSessionHarness) {
    for _ in 1...7 {
      harness.advanceClock(by: .seconds(5))
      harness.receive("INFO hello")
    }
  }

  @Test func `a host that stores nothing and answers pings is kept, however often the user writes`() throws {
    var harness = Self.session()
    _ = try connect(&harness)
    logIn(&harness)
    for _ in 1...10 {
      harness.send("hello")
      harness.advanceClockAnsweringPings(seconds: 2)
    }
    #expect(harness.closes == 0)
    harness.advanceClock(by: .seconds(9))
    #expect(harness.closes == 1, "a host that does not answer the ping either is given up")
  }

  @Test func `sessions begin at a random host, in a random order`() throws {
    var firsts: [HostPort: Int] = [:]
    var orders: Set<[HostPort]> = []
    for seed in 1...300 as ClosedRange<UInt64> {
      let plan = try #require(Self.session(seed: seed).plans.last)
      #expect(Set(plan.hosts) == Set(Endpoint.cluster.hosts) && plan.hosts.count == 3)
      #expect(plan.excluded == [] && plan.last == [] && plan.endpoint == .cluster)
      #expect(Self.session(seed: seed).plans.last == plan, "the same seed gives the same order")
      firsts[plan.hosts[0], default: 0] += 1
      orders.insert(plan.hosts)
    }
    #expect(Endpoint.cluster.hosts.allSatisfy { firsts[$0, default: 0] > 60 }, "\(firsts)")
    #expect(orders.count == 6)
  }

  @Test func `after a lost connection another host is tried at once, spread over half a second`() throws {
    var delays: [Duration] = []
    for seed in 1...200 as ClosedRange<UInt64> {
      var harness = Self.session(seed: seed)
      let host = try stay(&harness)
      harness.takeAll()
      harness.handle(.closed(reason: "the connection was reset"))
      let outage = try #require(harness.events.last?.outage)
      #expect(outage.reason == "\(host): the connection was reset", "seed \(seed)")
      let delay = try #require(outage.retryIn)
      #expect(delay >= .zero && delay <= .milliseconds(500), "seed \(seed)")
      delays.append(delay)
      harness.advanceClock(by: delay)
      #expect(harness.plans.count == 2, "seed \(seed)")
      #expect(harness.plans.last?.excluded == [Self.record(host)], "seed \(seed)")
      #expect(harness.plans.last?.hosts.last == host, "seed \(seed): the lost host is the last one")
      let next = try connect(&harness)
      #expect(next != host, "seed \(seed)")
      harness.receive(ClientSessionHarness.agrees)
      #expect(harness.takeSent().last == "@label=1 RESUME t1 #lobby e1 0", "seed \(seed)")
      harness.receive("@label=1;token=t2;name=neha OK RESUME", "SYNC #lobby e1 0")
      #expect(harness.events.contains(.reached(next)), "seed \(seed)")
    }
    #expect(Set(delays).count > 100, "the clients of a lost host do not arrive together")
  }

  @Test func `a host that falls silent is left within ten seconds`() throws {
    var harness = Self.session()
    let host = try stay(&harness)
    harness.takeAll()
    for _ in 1...10 { harness.advanceClock(by: .seconds(1)) }
    let outages = harness.events.compactMap(\.outage?.reason)
    #expect(outages == ["\(host): nothing was heard from the server for 5 seconds"])
    #expect(harness.plans.count == 2)
  }

  @Test func `an address among several of one name is left as soon`() throws {
    var harness = Self.session(Endpoint(known: "a.example"))
    let host = try #require(harness.plans.last?.hosts.first)
    try connect(&harness, siblings: [Self.record(host), Self.record(host, "192.0.2.99")])
    logIn(&harness)
    for _ in 1...10 { harness.advanceClock(by: .seconds(1)) }
    #expect(harness.plans.count == 2)
  }

  @Test func `the only host has time to answer`() throws {
    var harness = Self.session(Endpoint(known: "a.example"))
    try connect(&harness)
    logIn(&harness)
    for _ in 1...29 { harness.advanceClock(by: .seconds(1)) }
    #expect(!harness.events.contains { $0.outage != nil })
    harness.advanceClock(by: .seconds(1))
    #expect(harness.events.last?.outage?.reason == "nothing was heard from the server for 15 seconds")
  }

  @Test func `when all hosts fail, the usual delays follow`() throws {
    for seed in 1...50 as ClosedRange<UInt64> {
      var harness = Self.session(seed: seed)
      let host = try stay(&harness)
      harness.handle(.closed(reason: nil))
      harness.advanceClock(by: .milliseconds(500))
      for step in [1, 2, 4, 8] {
        let hosts = try #require(harness.plans.last?.hosts).filter { step > 1 || $0 != host }
        let failures = hosts.map(Self.refused)
        harness.handle(.failed(failures[failures.count - 1], earlier: failures.dropLast()))
        let outage = try #require(harness.events.last?.outage)
        #expect(
          outage.reason
            == "connection refused: is a server running on \(hosts[hosts.count - 1])? (2 other hosts tried)",
          "seed \(seed)")
        #expect(!outage.isRefused, "seed \(seed): no offer to host a list")
        let delay = try #require(outage.retryIn)
        #expect(delay >= .milliseconds(step * 500) && delay <= .seconds(step), "seed \(seed)")
        harness.advanceClock(by: delay)
        #expect(harness.plans.last?.excluded == [], "seed \(seed): each round tries every host")
      }
    }
  }

  @Test func `a session that every host drops at once does not go around without a pause`() throws {
    for seed in 1...50 as ClosedRange<UInt64> {
      var harness = Self.session(seed: seed)
      var hosts: [HostPort] = []
      var delays: [Duration] = []
      for _ in 1...9 {
        hosts.append(try connect(&harness))
        logIn(&harness)
        harness.handle(.closed(reason: nil))
        let delay = try #require(harness.events.last?.outage?.retryIn, "seed \(seed)")
        delays.append(delay)
        harness.advanceClock(by: delay)
      }
      for round in 0..<3 {
        #expect(Set(hosts[round * 3..<round * 3 + 3]).count == 3, "seed \(seed): \(hosts)")
        #expect(delays[round * 3 + 2] >= .milliseconds(500 << round), "seed \(seed): \(delays)")
      }
    }
  }

  @Test(arguments: ["BYE server-shutting-down x", "BYE moving x", "ERR server-full x", "ERR too-many-connections x"])
  func `a host that refuses is tried last, also in the next rounds`(line: String) throws {
    for seed in 1...50 as ClosedRange<UInt64> {
      var harness = Self.session(seed: seed)
      let host = try connect(&harness)
      harness.receive(line)
      harness.advanceClock(by: .milliseconds(500))
      for _ in 1...4 {
        let plan = try #require(harness.plans.last)
        #expect(plan.hosts.last == host, "seed \(seed)")
        #expect(plan.excluded + plan.last == [Self.record(host)], "seed \(seed)")
        let failures = plan.hosts.filter { !plan.excluded.contains(Self.record($0)) }.map(Self.refused)
        harness.handle(.failed(failures[failures.count - 1], earlier: failures.dropLast()))
        harness.advanceClock(by: .seconds(30))
      }
      // It is like the others again after a connection that lasted.
      _ = try stay(&harness)
      harness.handle(.closed(reason: nil))
      harness.advanceClock(by: .milliseconds(500))
      #expect(harness.plans.last?.last == [], "seed \(seed)")
    }
  }

  @Test func `a refusal before encryption counts as one`() throws {
    var harness = Self.session()
    let hosts = try #require(harness.plans.last?.hosts)
    let full = ConnectionFailure(
      .plain(said: "ERR server-full The server is full."), reason: "no TLS", at: Self.record(hosts[0]))
    harness.handle(.opened(nil, Arrival(record: Self.record(hosts[1]), failures: [full])))
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .milliseconds(500))
    #expect(Set(harness.plans.last?.excluded ?? []) == Set([hosts[0], hosts[1]].map { Self.record($0) }))
    #expect(harness.plans.last?.hosts.first == hosts[2])
    harness.handle(.failed(Self.refused(hosts[2])))
    harness.advanceClock(by: .seconds(1))
    #expect(harness.plans.last?.last == [Self.record(hosts[0])])
    #expect(harness.plans.last?.hosts.last == hosts[0])
  }

  @Test func `a session that was taken over or ended does not move to another host`() throws {
    var taken = Self.session()
    _ = try stay(&taken)
    taken.receive("BYE taken-over x")
    #expect(taken.events.last?.outage?.retryIn ?? .zero >= .milliseconds(500))

    var kicked = Self.session()
    _ = try stay(&kicked)
    kicked.receive("BYE kicked by somebody")
    #expect(kicked.events.last?.outage != nil && kicked.events.last?.outage?.retryIn == nil)
    #expect(kicked.session.nextDeadline == nil)
  }

  @Test func `a name with several addresses is a list, one of each family is not`() throws {
    var several = Self.session(.home)
    let host = try #require(several.plans.last?.hosts.first)
    try connect(&several, siblings: [Self.record(host, "192.0.2.77")])
    logIn(&several)
    #expect(!several.events.contains { if case .reached = $0 { true } else { false } })
    several.handle(.closed(reason: nil))
    #expect(several.events.last?.outage?.retryIn ?? .seconds(9) <= .milliseconds(500))
    several.advanceClock(by: .milliseconds(500))
    #expect(several.plans.last?.excluded == [Self.record(host)])
    several.handle(.failed(ConnectionFailure(.nothingLeft, reason: "nothing left")))
    #expect(several.events.last?.outage?.reason == "the server closed the connection")

    var single = Self.session(.home)
    try connect(&single)
    logIn(&single)
    single.handle(.closed(reason: nil))
    #expect(single.events.last?.outage?.retryIn ?? .zero >= .milliseconds(500))
    #expect(single.events.last?.outage?.reason == "the server closed the connection")
  }

  @Test func `a host with another key is skipped and reported once`() throws {
    let known = Pin(known: 1)
    var harness = ClientSessionHarness()
    harness.command(.connect(.cluster, ClientMemory(pin: known, wasMet: true)))
    #expect(harness.securities == [.encrypted(expecting: known)])
    let hosts = try #require(harness.plans.last?.hosts)
    let stranger = ConnectionFailure(.untrusted(Pin(known: 2)), reason: "another key", at: Self.record(hosts[0]))
    for _ in 1...2 {
      harness.handle(.opened(known, Arrival(record: Self.record(hosts[1]), failures: [stranger])))
      harness.handle(.closed(reason: nil))
      harness.command(.retryNow)
    }
    let notices = harness.events.compactMap(\.notice)
    #expect(notices == ["\(hosts[0]) is not this server: its pin is \(Pin(known: 2)). Nothing was sent to it."])
    #expect(!harness.events.contains { if case .distrusted = $0 { true } else { false } })
    // Another host that does not answer may be the known server, and is tried again.
    for others in [[Self.refused(hosts[1]), stranger], [stranger, Self.refused(hosts[1])]] {
      harness.handle(.failed(others[1], earlier: [others[0]]))
      #expect(harness.events.last?.outage?.retryIn != nil)
      #expect(harness.events.last?.outage?.reason.hasPrefix("connection refused") == true)
      harness.command(.retryNow)
    }
    #expect(harness.events.compactMap(\.notice) == notices)
    #expect(!harness.events.contains { if case .distrusted = $0 { true } else { false } })
    // If all hosts have another key, the server may have changed: nothing goes on without the user.
    let strangers = hosts.map {
      ConnectionFailure(.untrusted(Pin(known: 2)), reason: "another key", at: Self.record($0))
    }
    harness.handle(.failed(strangers[0], earlier: Array(strangers.dropFirst())))
    #expect(harness.events.contains(.distrusted(.cluster, known: known, seen: Pin(known: 2))))
    #expect(harness.events.last?.outage?.retryIn == nil)
    #expect(harness.events.last?.outage?.reason.contains("swiftchat trust \(Endpoint.cluster)") == true)
  }

  @Test func `a host with another key does not count while the known one is left out`() throws {
    let known = Pin(known: 1)
    let pair = Endpoint(known: "a.example,b.example")
    var harness = ClientSessionHarness()
    harness.command(.connect(pair, ClientMemory(pin: known, wasMet: true)))
    let hosts = try #require(harness.plans.last?.hosts)
    let strangers = hosts.map {
      ConnectionFailure(.untrusted(Pin(known: 2)), reason: "another key", at: Self.record($0))
    }
    harness.handle(.opened(known, Arrival(record: Self.record(hosts[1]), failures: [])))
    logIn(&harness)
    stayOnline(&harness)
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .milliseconds(500))
    #expect(harness.plans.last?.excluded == [Self.record(hosts[1])])
    harness.handle(.failed(strangers[0]))
    let outage = try #require(harness.events.last?.outage)
    #expect(outage.reason == "\(hosts[1]): the server closed the connection (1 other host tried)")
    harness.advanceClock(by: try #require(outage.retryIn))
    #expect(harness.plans.last?.excluded == [], "the known host is tried again")
    #expect(harness.events.count { $0.notice?.hasPrefix("\(hosts[0]) is not this server") == true } == 1)
    #expect(!harness.events.contains { if case .distrusted = $0 { true } else { false } })
    harness.handle(.failed(strangers[0], earlier: [strangers[1]]))
    #expect(harness.events.contains(.distrusted(pair, known: known, seen: Pin(known: 2))))
    #expect(harness.events.last?.outage?.retryIn == nil)
  }

  @Test func `a changed key is reported although two names lead to one address`() throws {
    let known = Pin(known: 1)
    let pair = Endpoint(known: "a.example,b.example")
    var harness = ClientSessionHarness()
    harness.command(.connect(pair, ClientMemory(pin: known, wasMet: true)))
    let hosts = try #require(harness.plans.last?.hosts)
    // The address is not tried under its second name.
    harness.handle(.failed(Self.stranger(Self.record(hosts[0], "192.0.2.1"))))
    #expect(harness.events.contains(.distrusted(pair, known: known, seen: Pin(known: 2))))
    #expect(harness.events.last?.outage != nil && harness.events.last?.outage?.retryIn == nil)

    // After a lost connection, it is tried under its second name only.
    var other = ClientSessionHarness()
    other.command(.connect(pair, ClientMemory(pin: known, wasMet: true)))
    other.handle(.opened(known, Arrival(record: Self.record(hosts[0], "192.0.2.1"))))
    logIn(&other)
    other.handle(.closed(reason: nil))
    other.advanceClock(by: .milliseconds(500))
    #expect(other.plans.last?.excluded == [Self.record(hosts[0], "192.0.2.1")])
    other.handle(.failed(Self.stranger(Self.record(hosts[1], "192.0.2.1"))))
    #expect(other.events.contains(.distrusted(pair, known: known, seen: Pin(known: 2))))
  }

  @Test func `another key at one address of a name does not count while another address may be the known server`()
    throws
  {
    let known = Pin(known: 1)
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory(pin: known, wasMet: true)))
    let host = try #require(harness.plans.last?.hosts.first)
    let own = Self.record(host, "192.0.2.1")
    let other = Self.record(host, "192.0.2.2")
    harness.handle(.opened(known, Arrival(record: own, siblings: [other])))
    logIn(&harness)
    stayOnline(&harness)
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .milliseconds(500))
    #expect(harness.plans.last?.excluded == [own], "the other address is tried at once")
    harness.handle(.failed(Self.stranger(other)))
    let outage = try #require(harness.events.last?.outage)
    #expect(outage.reason == "the server closed the connection")
    harness.advanceClock(by: try #require(outage.retryIn))
    #expect(harness.plans.last?.excluded == [], "the known server is tried again")
    // The known server has not started yet.
    let refused = ConnectionFailure(.refused, reason: "connection refused", at: own)
    for failures in [[refused, Self.stranger(other)], [Self.stranger(other), refused]] {
      harness.handle(.failed(failures[1], earlier: [failures[0]]))
      let outage = try #require(harness.events.last?.outage)
      #expect(outage.reason == "connection refused")
      harness.advanceClock(by: try #require(outage.retryIn))
    }
    #expect(
      harness.events.compactMap(\.notice).filter { $0.contains("is not this server") }
        == ["\(host) at 192.0.2.2 is not this server: its pin is \(Pin(known: 2)). Nothing was sent to it."])
    #expect(!harness.events.contains { if case .distrusted = $0 { true } else { false } })
    // An IPv6 address without an answer is the same machine.
    let unreachable = ConnectionFailure(.unreachable, reason: "unreachable", at: Self.record(host, "2001:db8::1"))
    harness.handle(.failed(unreachable, earlier: [Self.stranger(own), Self.stranger(other)]))
    #expect(harness.events.contains(.distrusted(.home, known: known, seen: Pin(known: 2))))
    #expect(harness.events.last?.outage != nil && harness.events.last?.outage?.retryIn == nil)
  }

  @Test func `the known server may refuse before encryption, and a host without TLS is reported once`() throws {
    var harness = ClientSessionHarness()
    harness.command(.connect(.cluster, ClientMemory(pin: Pin(known: 1), wasMet: true)))
    let hosts = try #require(harness.plans.last?.hosts)
    let full = ConnectionFailure(
      .plain(said: "ERR server-full The server is full."), reason: "no TLS", at: Self.record(hosts[0]))
    harness.handle(.failed(Self.refused(hosts[1]), earlier: [full]))
    #expect(harness.events.last?.outage?.reason.contains("full") == true, "\(harness.events)")
    #expect(harness.events.last?.outage?.retryIn != nil)
    #expect(harness.events.compactMap(\.notice) == [])
    let web = ConnectionFailure(
      .plain(said: "HTTP/1.1 400 Bad Request"), reason: "no TLS", at: Self.record(hosts[0]))
    for _ in 1...2 {
      harness.command(.retryNow)
      harness.handle(.failed(Self.refused(hosts[1]), earlier: [web]))
      #expect(harness.events.last?.outage?.reason.hasPrefix("connection refused") == true)
    }
    #expect(
      harness.events.compactMap(\.notice)
        == ["\(hosts[0]) is not this server: it is not encrypted. Nothing was sent to it."])
  }

  @Test func `a host that hangs up is not taken for a server without capabilities`() throws {
    var harness = Self.session()
    let host = try connect(&harness)
    harness.handle(.closed(reason: nil))
    #expect(harness.events.last?.outage != nil)
    harness.advanceClock(by: .milliseconds(500))
    #expect(try connect(&harness) != host)
    #expect(harness.sent == [ClientSessionHarness.asks])
  }

  @Test func `hosts without TLS are spoken to in plain text, also those that failed first`() throws {
    var harness = Self.session()
    let failures = try #require(harness.plans.last?.hosts).map { host in
      ConnectionFailure(.plain(said: nil), reason: "no TLS", at: Self.record(host))
    }
    harness.handle(.failed(failures[2], earlier: [failures[0], failures[1]]))
    #expect(harness.securities == [.encrypted(expecting: nil), .plain])
    #expect(harness.plans.last?.excluded == [])
  }
}
