import ChatProtocol
import ChatRecords
import Foundation
import Platform
import TestSupport
import Testing

@testable import ChatLog

/// Several nodes on one database.
@Suite(.computing) struct PostgresNodeTests {
  private let database: PostgresDatabase

  init() throws { database = try PostgresServer.shared.get().database() }

  private func node() throws -> (log: PostgresLog, state: SharedLogState) {
    let log = try PostgresLog(database.logURL, for: .node)
    return (log, try log.begin("host:4000"))
  }

  private func change(
    _ number: UInt64, of hub: HubID, _ arrival: SharedChange.Arrival? = nil, _ effects: [SharedChange.Effect] = []
  ) -> SharedChange {
    SharedChange(ProposalID(number, of: hub), changes: [], arrival: arrival, effects: effects)
  }

  private func stake(_ name: String) -> Stake { Stake(name: Nickname(testing: name), member: nil) }

  @Test func `messages and changes of all nodes are one feed`() throws {
    let (one, first) = try node()
    let (two, second) = try node()
    #expect(first.hub != second.hub)
    let message = try #require(try one.append([.said("a")], at: .noon).first?.message)
    let proposed = ProposedChange(change(1, of: second.hub), stake: stake("ada"), received: second.place)
    #expect(try two.submit(Submission(number: 1, proposals: [proposed])) == [])
    let note = RedactionNote(time: .noon, by: Nickname(testing: "root"), member: nil, subject: "", reason: "")
    _ = try one.redact(.lobby, sequence: 1, author: nil, noting: note)
    for log in [one, two] {
      let items = try log.entries(after: first.place, waiting: .zero)
      #expect(items.map(\.hub) == [first.hub, second.hub, first.hub])
      #expect(
        items.flatMap(\.entries) == [
          .message(message.redacted), .change(proposed.change),
          .redaction(Redaction(.lobby, sequence: 1, by: Nickname(testing: "root"))),
        ])
      #expect(items.map(\.place) == items.map(\.place).sorted())
    }
  }

  @Test func `a decision that did not take a change into account is outdated, also when it is repeated`() throws {
    let (one, first) = try node()
    let (two, second) = try node()
    let mine = ProposedChange(change(1, of: first.hub), stake: stake("zoe"), received: first.place)
    #expect(try one.submit(Submission(number: 1, proposals: [mine])) == [])
    let place = try #require(try two.entries(after: first.place, waiting: .zero).last?.place)
    let late = ProposedChange(change(7, of: second.hub), stake: stake("ZOE"), received: second.place)
    let other = ProposedChange(change(8, of: second.hub), stake: stake("kim"), received: second.place)
    let submission = Submission(number: 1, proposals: [late, other])
    let outdated = [OutdatedProposal(ProposalID(7, of: second.hub), place: place)]
    #expect(try two.submit(submission) == outdated)
    // The answer was lost: the same submission has the same outcome, and is not stored twice.
    #expect(try two.submit(submission) == outdated)
    #expect(try one.entries(after: place, waiting: .zero).count == 1)
    let informed = ProposedChange(change(9, of: second.hub), stake: stake("ZOE"), received: place)
    #expect(try two.submit(Submission(number: 2, proposals: [informed])) == [])
  }

  @Test func `of an outdated decision and others, only the changes of the others are recorded`() throws {
    let (one, first) = try node()
    let (two, second) = try node()
    let mine = ProposedChange(change(1, of: first.hub), stake: stake("zoe"), received: first.place)
    #expect(try one.submit(Submission(number: 1, proposals: [mine])) == [])
    var (late, other) = (change(7, of: second.hub), change(8, of: second.hub))
    late.changes = try [.act(.of(1))]
    other.changes = try [.act(.of(2)), .act(.of(2)), .act(.of(3))]
    let proposals = [
      ProposedChange(late, stake: stake("ZOE"), received: second.place),
      ProposedChange(other, stake: stake("kim"), received: second.place),
    ]
    #expect(try two.submit(Submission(number: 1, proposals: proposals)).map(\.proposal) == [late.proposal])
    #expect(try two.acts(limit: 9) == [.of(3), .of(2)])
  }

  @Test func `a submission reads what was stored before it while it does not hold the lock, and only once`() throws {
    let (one, first) = try node()
    let (two, second) = try node()
    func reached() throws -> Int {
      try two.writer.write(.whenStored, "cannot look at") { _, state throws(PostgresError) in state.stakes.reached }
    }
    // Marks and departures have no stakes.
    let count = PostgresFeed.stakesSlice * 2 + 50
    try database.run(
      """
      INSERT INTO swiftchat.changes (id, node, time, body)
        SELECT l.last_id + n, \(first.hub.number), (extract(epoch FROM now()) * 1000)::bigint, '[]'::bytea
        FROM swiftchat.log l, generate_series(1, \(count)) n;
      UPDATE swiftchat.log SET last_id = last_id + \(count)
      """)
    let mine = ProposedChange(change(1, of: first.hub), stake: stake("zoe"), received: second.place + count)
    #expect(try one.submit(Submission(number: 1, proposals: [mine])) == [])
    let place = try two.lastID()
    #expect(place == second.place + count + 1)
    let late = ProposedChange(change(7, of: second.hub), stake: stake("ZOE"), received: second.place)
    let submission = Submission(number: 1, proposals: [late])
    try two.writer.write(.whenStored, "cannot set up") { connection, _ throws(PostgresError) in
      try connection.run("SET lock_timeout = 20")
    }
    let holder = try PostgresConnection(database.logURL)
    try holder.run("SET idle_in_transaction_session_timeout = 0; BEGIN; SELECT FROM log FOR UPDATE")
    let error = #expect(throws: LogError.self) { try two.submit(submission) }
    #expect(error?.cause == .locked)
    #expect(try reached() == place)
    try holder.run("ROLLBACK")
    #expect(try two.submit(submission) == [OutdatedProposal(ProposalID(7, of: second.hub), place: place)])
    #expect(try two.submit(Submission(number: 2, presence: [mark(3)])) == [])
    #expect(try two.submit(Submission(number: 3)) == [])
    #expect(try reached() == two.lastID(), "an item without stakes is not read again")
  }

  @Test func `a node that is idle reads the stakes of the others in parts, before it submits`() throws {
    let (log, state) = try node()
    func reached() throws -> Int {
      try log.writer.write(.whenStored, "cannot look at") { _, state throws(PostgresError) in state.stakes.reached }
    }
    let part = PostgresFeed.stakesSlice * PostgresWriter.stakesSlices
    try database.run(
      """
      INSERT INTO swiftchat.changes (id, node, time, body)
        SELECT l.last_id + n, 0, (extract(epoch FROM now()) * 1000)::bigint, '[]'::bytea
        FROM swiftchat.log l, generate_series(1, \(part + 50)) n;
      UPDATE swiftchat.log SET last_id = last_id + \(part + 50)
      """)
    #expect(try log.catchUp())
    #expect(try reached() == state.place + part)
    #expect(try !log.catchUp())
    #expect(try reached() == log.lastID())
  }

  private func mark(_ sequence: Int) -> FeedEntry {
    .mark(ReadMark(member: MemberID(1), conversation: .lobby, sequence: sequence), login: LoginID(1))
  }

  @Test func `logins, joins and departures in one submission mean the same as one by one`() throws {
    var random = SeededGenerator()
    let (log, first) = try node()
    var model = first.presence
    var lastLogin: UInt64 = 0
    for number in 1...30 as ClosedRange<Int64> {
      var changes: [SharedChange] = []
      for _ in 0..<random.number(0...8) {
        let member = MemberID(Int64(random.number(1...3)))
        let room = try #require(RoomName(random.pick(["#dev", "#ops", "#Dev"])))
        let login = LoginID(UInt64(random.number(1...max(1, Int(lastLogin)))))
        var (arrival, effects) = (SharedChange.Arrival?.none, [SharedChange.Effect]())
        switch random.number(0...9) {
        case 0..<6:
          lastLogin += 1
          var entering = Login(
            LoginID(lastLogin), on: first.hub, of: member, named: Nickname(testing: "n\(member.number)"), key: nil,
            address: nil)
          if random.flip() { entering.rooms = [room] }
          arrival = .login(entering, replacing: nil)
          if random.chance(1, in: 4) { effects = [.away(member, text: "\(number)")] }
        case 6, 7: arrival = .room(room, login, of: member)
        case 8: effects = [.part(room, login, of: member)]
        default: effects = [.takeOut(member, room, by: Nickname(testing: "root"))]
        }
        changes.append(change(UInt64(number) << 8 + UInt64(changes.count), of: first.hub, arrival, effects))
      }
      let departures = (0..<random.number(0...3)).map { _ in
        FeedEntry.departure(
          Departure(LoginID(UInt64(random.number(1...max(1, Int(lastLogin))))), of: MemberID(1), .quit))
      }
      let proposals = changes.map { ProposedChange($0, stake: Stake(), received: first.place) }
      #expect(try log.submit(Submission(number: number, proposals: proposals, presence: departures)) == [])
      for change in changes { model.apply(.change(change)) }
      for departure in departures { model.apply(departure) }
      let stored = try node().state.presence
      #expect(stored == model, "after \(number) submissions with \(random)")
    }
    #expect(try log.entries(after: first.place, waiting: .zero).count > 10)
  }

  @Test func `a node that was declared dead stores nothing, and its logins end`() throws {
    let (one, first) = try node()
    let (two, second) = try node()
    let login = Login(
      LoginID(5), on: first.hub, of: MemberID(1), named: Nickname(testing: "ada"), key: nil, address: nil)
    let arrival = ProposedChange(
      change(1, of: first.hub, .login(login, replacing: nil), [.away(MemberID(1), text: "lunch")]), stake: stake("ada"),
      received: first.place)
    #expect(try one.submit(Submission(number: 1, proposals: [arrival])) == [])
    #expect(try node().state.presence == PresenceState(logins: [login], away: [MemberID(1): "lunch"]))
    try database.run("UPDATE swiftchat.nodes SET lease_until = now() - interval '1 s' WHERE id = \(first.hub.number)")
    // Only a node that was in contact for a whole lease declares others dead.
    _ = try two.renewLease(received: 0)
    #expect(try two.nodes().contains { $0.hub == first.hub })
    try two.writer.write(.whenStored, "cannot end") { connection, _ throws(PostgresError) in
      try connection.execute("SELECT FROM log FOR UPDATE")
      try PostgresNodes(connection: connection).end(first.hub, ifExpired: true)
    }
    #expect(try two.entries(after: second.place, waiting: .zero).last?.entries == [.hubEnded(first.hub)])
    #expect(try node().state.presence == PresenceState())
    func isEnded(_ body: () throws -> Void) -> Bool {
      do {
        try body()
        return false
      } catch { return (error as? LogError)?.cause == .nodeEnded }
    }
    #expect(isEnded { _ = try one.append([.said("late")], at: .noon) })
    #expect(isEnded { _ = try one.submit(Submission(number: 2)) })
    #expect(isEnded { _ = try one.renewLease(received: 0) })
    #expect(try two.latest().isEmpty)
  }

  @Test func `a step of the database's clock ends no node that is alive, but a silent one is dead`() throws {
    let (one, first) = try node()
    let (two, second) = try node()
    let start = MonotonicTime.now()
    func renew(at seconds: Int) throws { _ = try one.follower.renewLease(received: 0, at: start + .seconds(seconds)) }
    func expire() throws {
      try database.run(
        "UPDATE swiftchat.nodes SET lease_until = now() - interval '1 s' WHERE id = \(second.hub.number)")
    }
    for seconds in 0...10 {
      try renew(at: seconds)
      _ = try two.renewLease(received: 0)
    }
    // The first node to renew its lease after the step finds that the others have expired.
    try expire()
    try renew(at: 11)
    _ = try two.renewLease(received: 0)
    try renew(at: 12)
    #expect(try one.nodes().map(\.hub) == [first.hub, second.hub])
    try expire()
    for seconds in 13...17 { try renew(at: seconds) }
    #expect(try one.nodes().map(\.hub) == [first.hub, second.hub])
    try renew(at: 18)
    #expect(try one.nodes().map(\.hub) == [first.hub])
    #expect(try one.entries(after: second.place, waiting: .zero).last?.entries == [.hubEnded(second.hub)])
  }

  @Test func `only a node in contact with the database for a whole lease declares others dead`() {
    var watch = LeaseWatch()
    let dead = HubID(2)
    func renew(at seconds: Int, end: Int64 = 1) -> [HubID] {
      watch.renewed(
        [PostgresNodes.Lease(hub: dead, end: end, isExpired: true)],
        at: MonotonicTime(nanoseconds: 0) + .seconds(seconds))
    }
    #expect((0...6).allSatisfy { renew(at: $0).isEmpty })
    #expect(renew(at: 7) == [dead])
    // Renewed meanwhile.
    #expect(renew(at: 8, end: 2) == [])
    #expect(renew(at: 12, end: 2) == [])
    #expect(renew(at: 13, end: 2) == [dead])
    watch.loseContact()
    #expect(renew(at: 14, end: 2) == [])
    #expect(renew(at: 20, end: 2) == [])
    #expect(renew(at: 21, end: 2) == [dead])
    // The process was stopped.
    #expect(renew(at: 28, end: 2) == [])
    #expect(renew(at: 34, end: 2) == [])
    #expect(renew(at: 35, end: 2) == [dead])
  }

  @Test func `a server that starts ends the node of a process of its machine that is gone`() throws {
    let (log, first) = try node()
    let gone = try #require(ProcessIdentity(of: getpid()))
    try database.run("UPDATE swiftchat.nodes SET process = '\(gone.place) 4194304 1' WHERE id = \(first.hub.number)")
    #expect(try node().state.hub != first.hub)
    #expect(try log.nodes().map(\.hub) != [first.hub])
    #expect(try !log.nodes().contains { $0.hub == first.hub })
    // This process is there.
    #expect(try node().log.nodes().count == 2)
  }

  @Test func `a process that its parent has not waited for has ended`() throws {
    let parent = Process()
    let output = Pipe()
    parent.executableURL = URL(filePath: "/bin/sh")
    parent.arguments = ["-c", "sleep 600 >&2 & echo $!; exec sleep 600 >&2"]
    parent.standardOutput = output
    try parent.run()
    defer {
      // SIGTERM may be blocked.
      kill(parent.processIdentifier, SIGKILL)
      parent.waitUntilExit()
    }
    let line = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let number = try #require(Int32(line.dropLast()))
    let child = try #require(ProcessIdentity(of: number))
    #expect(!child.hasEnded)
    kill(number, SIGKILL)
    let deadline = MonotonicTime.now() + Patience.limit
    while !child.hasEnded, MonotonicTime.now() < deadline { sched_yield() }
    #expect(child.hasEnded)
    #expect(ProcessIdentity(of: parent.processIdentifier)?.hasEnded == false)
  }

  @Test func `nodes have one epoch, until the database's history changes`() throws {
    let one = try node().log
    #expect(try node().log.epochs == one.epochs)
    try database.run("UPDATE swiftchat.epochs SET origin = 'another cluster'")
    let later = try node().log
    #expect(later.epochs.current != one.epochs.current)
    #expect(later.epochs.number(of: one.epochs.current) != nil)
  }

  @Test func `all servers get the key that was stored first`() throws {
    let (one, two) = (try node().log, try node().log)
    #expect(try one.sealedKey(orStoring: [1, 2]) == [1, 2])
    #expect(try two.sealedKey(orStoring: [3]) == [1, 2])
  }

  /// The tables must mean the same as the value that describes them.
  @Test func `the tables of logins follow the feed as its value does`() throws {
    for seed in SeededGenerator.seeds(20) {
      var random = SeededGenerator(seed: seed)
      let (log, state) = try node()
      var expected = state.presence
      var number: UInt64 = 0
      let rooms = ["#a", "#B", "#c"].map { RoomName(testing: $0) }
      for step in 1...30 {
        let login = LoginID(UInt64.max - UInt64(random.number(0...5)) - seed % 1000 * 10)
        let member = MemberID(Int64(random.number(1...4)))
        let room = random.pick(rooms)
        number += 1
        var change = change(number, of: state.hub)
        switch random.number(0...9) {
        case 0...3 where !expected.logins.contains { $0.id == login }:
          let new = Login(
            login, on: state.hub, of: member, named: Nickname(testing: "m\(member.number)"), key: nil,
            address: IPAddress("192.0.2.\(step)"), rooms: random.flip() ? [room, rooms[0]].uniqued : [])
          change.arrival = .login(new, replacing: nil)
        case 4: change.arrival = .room(room, login, of: member)
        case 5: change.effects = [.part(room, login, of: member)]
        case 6: change.effects = [.away(member, text: random.flip() ? "away\0\(step)" : nil)]
        case 7: change.effects = [.takeOut(member, room, by: Nickname(testing: "root"))]
        case 8: change.effects = [.empty(room, by: Nickname(testing: "root"))]
        default: change.changes = [.room(RoomRules(room: room, owner: member, guests: [MemberID(2)]))]
        }
        var submission = Submission(number: Int64(step))
        submission.proposals = [ProposedChange(change, stake: .nothing, received: .max)]
        if random.chance(1, in: 5) { submission.presence = [.departure(Departure(login, of: member, .lost))] }
        #expect(try log.submit(submission) == [])
        for entry in [.change(change)] + submission.presence { expected.apply(entry) }
        let stored = try log.read { connection throws(PostgresError) in
          try PostgresPresence(connection: connection).state()
        }
        try #require(stored == expected, "\(random)")
      }
      try log.leave()
      #expect(try node().state.presence == PresenceState())
    }
  }
}

extension [RoomName] {
  fileprivate var uniqued: [RoomName] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
