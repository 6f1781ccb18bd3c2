import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatClient

/// Order and timing of the attempts at a server's addresses.
@Suite struct ConnectionRaceTests {
  private static let start = MonotonicTime(nanoseconds: 5_000_000_000)

  private let start = Self.start
  private let (a, b, c): (HostPort, HostPort, HostPort)

  init() throws { (a, b, c) = (try HostPort("a.example"), try HostPort("b.example"), try HostPort("c.example")) }

  private func race(
    _ hosts: [HostPort], excluded: [HostRecord] = [], last: [HostRecord] = [], seed: UInt64 = 1
  ) throws -> ConnectionRace {
    let endpoint = try Endpoint(hosts.map(\.description).joined(separator: ","))
    let plan = ConnectionPlan(endpoint: endpoint, hosts: hosts, excluded: excluded, last: last, seed: seed)
    return ConnectionRace(plan, at: start)
  }

  private func failure(_ record: HostRecord, _ kind: ConnectionFailure.Kind = .refused) -> ConnectionFailure {
    ConnectionFailure(kind, reason: "failed", at: record)
  }

  private func record(_ host: HostPort, _ address: String) -> HostRecord { HostRecord(host: host, address: address) }

  @Test func `the next attempt begins when one fails`() throws {
    var race = try race([a, b, c])
    #expect(race.start(at: start) == [.resolve(a)])
    #expect(race.resolved(a, ["192.0.2.1"], at: start) == [.connect(record(a, "192.0.2.1"))])
    let first = failure(record(a, "192.0.2.1"))
    #expect(race.failed(record(a, "192.0.2.1"), first, at: start) == [.resolve(b)])
    let unknown = failure(HostRecord(host: b, address: nil), .noSuchHost)
    #expect(race.unresolved(b, unknown, at: start) == [.resolve(c)])
    #expect(race.resolved(c, ["192.0.2.3"], at: start) == [.connect(record(c, "192.0.2.3"))])
    #expect(race.deadline == nil)
    let last = failure(record(c, "192.0.2.3"))
    #expect(race.failed(record(c, "192.0.2.3"), last, at: start) == [.giveUp])
    #expect(race.failures == [first, unknown, last])
    #expect(race.timer(at: start + .seconds(99)) == [] && race.deadline == nil)
    #expect(race.failed(record(c, "192.0.2.3"), last, at: start) == [], "an attempt fails once")
  }

  @Test func `the next attempt begins after a short time, later if a handshake is under way`() throws {
    let hosts = try ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map { try HostPort($0) }
    let records = hosts.map { record($0, $0.host) }
    var race = try race(hosts)
    #expect(race.start(at: start) == [.connect(records[0])])
    #expect(race.deadline == start + .milliseconds(250))
    #expect(race.timer(at: start + .milliseconds(249)) == [])
    #expect(race.timer(at: start + .milliseconds(250)) == [.connect(records[1])])
    // Thousands of clients come at once: the handshake takes its time, and a third attempt would not help.
    race.reached(records[0], at: start + .milliseconds(300))
    #expect(race.deadline == start + .milliseconds(2300))
    #expect(race.failed(records[0], failure(records[0]), at: start + .seconds(1)) == [.connect(records[2])])
    #expect(race.failed(records[1], failure(records[1]), at: start + .seconds(1)) == [])
    #expect(race.failed(records[2], failure(records[2]), at: start + .seconds(1)) == [.giveUp])
  }

  @Test func `a slow name server does not hold up the next host`() throws {
    var race = try race([a, b])
    #expect(race.start(at: start) == [.resolve(a)])
    #expect(race.timer(at: start + .milliseconds(250)) == [.resolve(b)])
    #expect(race.resolved(b, ["192.0.2.2"], at: start + .milliseconds(260)) == [.connect(record(b, "192.0.2.2"))])
    // A late answer counts, at its turn.
    #expect(race.resolved(a, ["192.0.2.1"], at: start + .milliseconds(270)) == [])
    #expect(race.timer(at: start + .milliseconds(510)) == [.connect(record(a, "192.0.2.1"))])
    #expect(race.resolved(a, ["192.0.2.9"], at: start + .seconds(1)) == [], "a name is resolved once")
  }

  @Test func `the families alternate, beginning with the preferred one, in random order`() throws {
    let six = ["2001:db8::1", "2001:db8::2"]
    let four = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    var orders: Set<[String]> = []
    for seed in 1...60 as ClosedRange<UInt64> {
      var race = try race([a], seed: seed)
      _ = race.start(at: start)
      var order: [String] = []
      var actions = race.resolved(a, six + four + six, at: start)
      while case .connect(let record)? = actions.first {
        order.append(record.address ?? "")
        actions = race.failed(record, failure(record), at: start)
      }
      #expect(order.map { $0.contains(":") } == [true, false, true, false, false], "seed \(seed): \(order)")
      #expect(Set(order) == Set(six + four), "seed \(seed): \(order)")
      orders.insert(order)
    }
    #expect(orders.count > 1)
  }

  @Test func `excluded addresses are not tried, and unwilling ones are tried last`() throws {
    var race = try race(
      [a, b, c], excluded: [record(a, "192.0.2.1"), HostRecord(host: b, address: nil)], last: [record(a, "192.0.2.2")])
    _ = race.start(at: start)
    // The name of c.example is looked up before the unwilling address is tried.
    #expect(race.resolved(a, ["192.0.2.1", "192.0.2.2"], at: start) == [.resolve(c)])
    #expect(race.resolved(c, ["192.0.2.3"], at: start) == [.connect(record(c, "192.0.2.3"))])
    #expect(race.timer(at: start + .seconds(1)) == [.connect(record(a, "192.0.2.2"))])
    #expect(race.siblings(of: record(a, "192.0.2.2")) == [record(a, "192.0.2.1")])
  }

  @Test func `two names of one address are one attempt`() throws {
    var race = try race([a, b])
    _ = race.start(at: start)
    let first = record(a, "192.0.2.1")
    #expect(race.resolved(a, ["192.0.2.1"], at: start) == [.connect(first)])
    #expect(race.failed(first, failure(first), at: start) == [.resolve(b)])
    #expect(race.resolved(b, ["192.0.2.1"], at: start) == [.giveUp])
  }

  @Test func `names with thousands of addresses do not cause thousands of attempts`() throws {
    var race = try race(try (1...16).map { try HostPort("h\($0)") })
    var actions = race.start(at: start)
    var count = 0
    while let action = actions.first {
      switch action {
      case .resolve(let host):
        let addresses = (0..<4000).map { "10.\(host.host.dropFirst()).\($0 / 250).\($0 % 250)" }
        actions = race.resolved(host, addresses, at: start)
      case .connect(let record):
        count += 1
        actions = race.failed(record, failure(record), at: start)
      case .giveUp: actions = []
      }
    }
    #expect(count == ConnectionRace.maximumAttempts)
    #expect(race.deadline == nil)
  }

  /// With any order of answers, the race always has an attempt under way or a deadline, tries no address twice, tries
  /// every address if all fail, and ends.
  @Test func `a race with random answers ends`() throws {
    for seed in SeededGenerator.seeds(300) {
      var run = try RandomRace(seed: seed, at: start)
      for _ in 1...5000 where !run.hasGivenUp { run.step() }
      #expect(run.hasGivenUp && run.running.isEmpty && run.resolving.isEmpty, "SWIFTCHAT_SEED=\(seed)")
      #expect(run.attempted == run.expected, "SWIFTCHAT_SEED=\(seed)")
    }
  }
}

/// A race in which all addresses fail, in random order.
private struct RandomRace {
  private var random: SeededGenerator
  private var race: ConnectionRace
  private var now: MonotonicTime
  private(set) var resolving: [HostPort] = []
  private(set) var running: [HostRecord] = []
  private(set) var attempted: Set<HostRecord> = []
  private(set) var expected: Set<HostRecord> = []
  private(set) var hasGivenUp = false

  init(seed: UInt64, at now: MonotonicTime) throws {
    var random = SeededGenerator(seed: seed)
    let hosts = try (1...random.number(1...16)).map { try HostPort(random.flip() ? "h\($0)" : "192.0.2.\($0)") }
    for host in hosts where IPAddress(host.host) != nil { expected.insert(HostRecord(host: host, address: host.host)) }
    let endpoint = try Endpoint(hosts.map(\.description).joined(separator: ","))
    race = ConnectionRace(ConnectionPlan(endpoint: endpoint, hosts: hosts, seed: seed), at: now)
    (self.random, self.now) = (random, now)
    perform(race.start(at: now))
  }

  private mutating func perform(_ actions: [ConnectionRace.Action]) {
    for action in actions {
      switch action {
      case .resolve(let host): resolving.append(host)
      case .connect(let record):
        #expect(attempted.insert(record).inserted, "\(random)")
        running.append(record)
      case .giveUp:
        #expect(!hasGivenUp, "\(random)")
        hasGivenUp = true
      }
    }
  }

  private static func failed(_ record: HostRecord) -> ConnectionFailure {
    ConnectionFailure(.refused, reason: "failed", at: record)
  }

  mutating func step() {
    #expect(!resolving.isEmpty || !running.isEmpty || race.deadline != nil, "\(random): it hangs")
    switch random.number(0...4) {
    case 0:
      now = max(now, race.deadline ?? now)
      perform(race.timer(at: now))
    case 1 where !running.isEmpty: race.reached(random.pick(running), at: now)
    case 2 where !resolving.isEmpty:
      let host = resolving.remove(at: random.number(0...resolving.count - 1))
      let addresses = (0..<random.number(1...3)).map { "198.51.\(host.host.dropFirst()).\($0)" }
      for address in addresses { expected.insert(HostRecord(host: host, address: address)) }
      perform(race.resolved(host, addresses, at: now))
    case 3 where !resolving.isEmpty:
      let host = resolving.remove(at: random.number(0...resolving.count - 1))
      perform(race.unresolved(host, Self.failed(HostRecord(host: host, address: nil)), at: now))
    case 4 where !running.isEmpty:
      let record = running.remove(at: random.number(0...running.count - 1))
      perform(race.failed(record, Self.failed(record), at: now))
    default: now = now + .milliseconds(random.number(0...300))
    }
  }
}
