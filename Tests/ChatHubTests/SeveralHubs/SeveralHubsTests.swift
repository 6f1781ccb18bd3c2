import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatHub

/// Several hubs on one store, which receive its feed at different times, and a hub that ends and starts again.
@Suite(.computing) struct SeveralHubsTests {
  @Test func `hubs on one store agree on messages, owners and sanctions`() throws {
    var (refusals, promotions) = (0, 0)
    for seed in SeededGenerator.seeds(150) {
      var cluster = HubCluster(seed: seed)
      let violation = cluster.run(steps: 400)
      try #require(violation == nil, "\(violation ?? "") with SWIFTCHAT_SEED=\(seed)")
      refusals += cluster.store.refusals
      promotions += cluster.promotions
    }
    #expect(refusals > 0, "the test made no decision outdated")
    #expect(promotions > 0, "the test promoted no standby")
  }

  @Test func `without the check for outdated decisions, two hubs disagree`() {
    #expect(
      (0..<100).contains { seed in
        var cluster = HubCluster(seed: UInt64(seed), checksStakes: false)
        return cluster.run(steps: 400) != nil
      })
  }
}

/// Three hubs on one store, each with a clock of its own, and a standby of the store that is promoted without the last
/// entries. The seed decides on the order of all steps.
private struct HubCluster {
  private var random: SeededGenerator
  private(set) var store: SharedStore
  /// A copy of the store that lags behind.
  private var standby: SharedStore
  private(set) var promotions = 0
  private var nodes: [HubNode] = []
  /// The clocks of the nodes, which run at different rates.
  private var clocks = [MonotonicTime](repeating: MonotonicTime(nanoseconds: 1_000_000_000), count: 3)
  private var started: Int64 = 0
  private var lastSession: UInt64 = 0
  private var lastLabel = 0
  private var tokens: [String] = []
  /// Hubs that have ended, while their logins are still in the store.
  private var dead: [HubID] = []

  private static let names = ["ada", "bea", "cyd", "dan"]
  private static let guests = ["eve", "fay"]
  private static let rooms = ["#dev", "#ops"]

  init(seed: UInt64, checksStakes: Bool = true) {
    random = SeededGenerator(seed: seed)
    store = SharedStore(checksStakes: checksStakes)
    standby = store
    for _ in 0..<3 { nodes.append(startNode()) }
  }

  private mutating func startNode() -> HubNode {
    started += 1
    return HubNode(started, on: store, seed: random.next())
  }

  /// - Returns: the first violation; nil if there is none.
  mutating func run(steps: Int) -> String? {
    for _ in 0..<steps {
      let index = random.number(0...nodes.count - 1)
      switch random.number(0...99) {
      case 0..<6: open(index)
      case 6..<50: speak(index)
      case 50..<72: nodes[index].write(to: &store)
      case 72..<95: nodes[index].receive(clocks[index], store)
      case 95: if random.chance(1, in: 8) { promote() } else { standby = store }
      case 96..<98: tick(index)
      case 98: closeSession(index)
      default:
        if random.chance(1, in: 4) {
          dead.append(nodes[index].hub.id)
          nodes[index] = startNode()
        }
        if random.flip(), !dead.isEmpty { store.end(dead.removeFirst()) }
      }
      if let violation = nodes[index].violations.first { return violation }
    }
    settle()
    return zip(nodes, clocks).lazy.compactMap { [store] in $0.violation(on: store, at: $1) }.first
  }

  private mutating func settle() {
    for hub in dead { store.end(hub) }
    dead = []
    repeat {
      for index in nodes.indices {
        nodes[index].write(to: &store)
        nodes[index].receive(clocks[index], store)
      }
    } while nodes.contains { [store] in !$0.isIdle || $0.received < store.feed.count }
  }

  private mutating func tick(_ index: Int) {
    clocks[index] = clocks[index] + .seconds(random.number(0...2 + 2 * index))
    nodes[index].tick(clocks[index], store)
  }

  /// The standby takes over from the store. It begins another epoch, and all hubs begin again: their earlier lives are
  /// in its state until they are ended.
  private mutating func promote() {
    promotions += 1
    if let epoch = Epoch("e\(promotions)") { standby.begin(epoch) }
    store = standby
    dead = Set(store.presence.logins.map(\.hub)).sorted { $0.number < $1.number }
    // Closed sessions no longer depart in the state that was lost.
    nodes = nodes.map { _ in startNode() }
  }

  private mutating func open(_ index: Int) {
    guard nodes[index].clients.count < 4 else { return }
    lastSession += 1
    nodes[index].open(SessionID(lastSession), clocks[index], store)
  }

  private mutating func pickSession(_ index: Int) -> SessionID? {
    let ids = nodes[index].clients.keys.sorted { $0.number < $1.number }
    return ids.isEmpty ? nil : random.pick(ids)
  }

  private mutating func closeSession(_ index: Int) {
    if let id = pickSession(index) { nodes[index].close(id, clocks[index], store) }
  }

  private mutating func speak(_ index: Int) {
    guard let id = pickSession(index), let client = nodes[index].clients[id] else { return }
    lastLabel += 1
    let label = "\(lastLabel)"
    guard client.login == nil else {
      if let token = client.token, random.chance(1, in: 4) { tokens.append(token) }
      return nodes[index].say(id, "@label=\(label) \(request())", label: label, clocks[index], store)
    }
    guard let challenge = client.challenge else { return }
    // Each key tries each name, so that two hubs decide on the same name or key at once.
    nodes[index].login(id, label: label)
    let name = random.pick(Self.names)
    let identity = TestKey(UInt8(random.number(1...4)))
    var line = "\(identity.tags(challenge, as: name, "label=\(label);"))LOGIN \(name)"
    switch random.number(0...9) {
    case 0..<4: line = "@label=\(label) LOGIN \(random.pick(Self.guests))"
    case 4, 5: if let token = tokens.popLast() { line = "@label=\(label) RESUME \(token) \(cursors())" }
    default: break
    }
    nodes[index].say(id, line, label: label, clocks[index], store)
  }

  /// Of this epoch, or of an earlier one, whose last messages the store may have lost.
  private mutating func cursors() -> String {
    let epoch = random.number(0...promotions)
    return ([RoomName.lobby.text] + Self.rooms.filter { _ in random.flip() }).map {
      "\($0) \(epoch == 0 ? "e" : "e\(epoch)") \(random.number(0...20))"
    }
    .joined(separator: " ")
  }

  private mutating func request() -> String {
    let (name, room) = (random.pick(Self.names + Self.guests), random.pick(Self.rooms))
    switch random.number(0...23) {
    case 0..<5: return "MSG \(lastLabel)"
    case 5: return "SAY \(room) \(lastLabel)"
    case 6, 7: return "DM \(name) \(lastLabel)"
    case 8, 9: return "JOIN \(room)"
    case 10: return "PART \(room)"
    case 11: return "MARK #lobby \(random.number(0...9))"
    case 12: return "REMOVE #lobby \(random.number(1...9))"
    case 13: return "CREATE \(room)"
    case 14: return "INVITE \(room) \(name)"
    case 15: return "UNINVITE \(room) \(name)"
    case 16: return "\(random.pick(["OP", "DEOP", "KICK"])) \(name)"
    case 17: return random.pick(["MUTE \(name) *", "MUTE \(name) 2", "UNMUTE \(name)"])
    case 18: return random.pick(["BAN \(name) *", "BAN \(name) 2", "UNBAN \(name)"])
    case 19: return "DELETE \(room)"
    case 20: return "AWAY" + (random.flip() ? " \(lastLabel)" : "")
    case 21: return "SLOW \(room) \(random.pick([0, 1]))"
    case 22: return "TOPIC \(room) \(lastLabel)"
    default: return "HISTORY #lobby LATEST * 5"
    }
  }
}
