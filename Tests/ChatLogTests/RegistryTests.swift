import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatLog

/// The registry in the log: accounts, keys, sanctions, invitations, rooms and the audit log.
@Suite(.computing) struct RegistryTests {
  @Test(arguments: LogKind.allCases)
  func `an empty log has an empty registry`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try log.record([])
      #expect(try log.registry() == RegistryState())
      for limit in [0, 1, -1, .min, .max] { #expect(try log.acts(limit: limit) == []) }
    }
  }

  @Test(arguments: LogKind.allCases)
  func `changes are returned as they were recorded`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let accounts = [
        try Account.of("Neha", member: 7, keys: [3, 1, 2], isOperator: true), try .of("größe", member: 9, keys: [0]),
      ]
      let sanctions = try [
        Sanction.of(.ban, "192.0.2.0/24", until: .noon), .of(.ban, "2001:db8::/32", reason: "';\u{0} DROP"),
        .of(.ban, "@Akash", until: Timestamp(milliseconds: .min)),
        .of(.ban, "key:" + PublicKey.made(8).text), .of(.mute, "@Akash"),
      ]
      let invitations = [try Invitation.of(1, uses: .max), try .of(2, uses: 1, expires: .noon)]
      let rooms = [
        try RoomRules.of("#Den", owner: "neha", guests: ["akash", "mira"]), try .of("#lobby", slowness: 30),
      ]
      let acts = try (1...3).map { try Act.of($0, text: $0 == 2 ? "" : "a\nb") }
      try log.record(
        accounts.map { .account($0) } + sanctions.map { .sanction($0) } + invitations.map { .invitation($0) }
          + rooms.map { .room($0) } + acts.map { .act($0) })
      let state = try log.registry()
      #expect(state.accounts == accounts)
      #expect(state.accounts.map(\.name.text) == ["Neha", "größe"])
      #expect(Set(state.sanctions) == Set(sanctions) && state.sanctions.count == sanctions.count)
      #expect(state.invitations == invitations)
      #expect(state.rooms == rooms)
      #expect(state.rooms.map(\.room.text) == ["#Den", "#lobby"])
      #expect(try log.acts(limit: 2) == [acts[2], acts[1]])
      #expect(try log.acts(limit: .max) == acts.reversed())
    }
  }

  @Test(arguments: LogKind.allCases)
  func `recording the same value again changes nothing`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let changes: [RegistryChange] = try [
        .account(.of("neha", keys: [1, 2])), .sanction(.of(.ban, "@akash")), .invitation(.of(1, uses: 3)),
        .room(.of("#den", owner: "neha", guests: ["mira"])), .act(.of(1)), .act(.of(2)),
      ]
      try log.record(changes)
      let (state, acts) = (try log.registry(), try log.acts(limit: 10))
      for _ in 0..<3 { try log.record(changes + changes) }
      #expect(try log.registry() == state)
      #expect(try log.acts(limit: 10) == acts)
      #expect(acts.count == 2)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a record replaces the earlier one with the same key`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try log.record([
        .account(.of("neha", keys: [1, 2])), .sanction(.of(.ban, "@akash", reason: "old")),
        .sanction(.of(.mute, "@akash")), .invitation(.of(1, uses: 3)), .invitation(.of(2, uses: 3)),
        .room(.of("#den", owner: "neha", guests: ["mira", "akash"])), .room(.of("#slow", slowness: 9)),
      ])
      try log.record([
        .account(.of("Neha", keys: [3, 2], isOperator: true)), .sanction(.of(.ban, "@AKASH", reason: "new")),
        .pardon(.mute, .name(#require(Nickname("Akash")))), .pardon(.mute, .name(#require(Nickname("nobody")))),
        .invitation(.of(1, uses: 0)), .invitation(.of(2, uses: 2)), .invitation(.of(9, uses: 0)),
        .room(.of("#DEN", owner: "neha", guests: ["mira", "zoe"])), .room(.of("#slow")), .room(.of("#never")),
      ])
      let state = try log.registry()
      #expect(state.accounts == [try .of("Neha", keys: [3, 2], isOperator: true)])
      #expect(state.accounts.first?.name.text == "Neha")
      #expect(state.sanctions == [try .of(.ban, "@AKASH", reason: "new")])
      #expect(state.sanctions.first?.subject.text == "@AKASH")
      #expect(state.invitations == [try .of(2, uses: 2)])
      #expect(state.rooms == [try .of("#DEN", owner: "neha", guests: ["mira", "zoe"])])
    }
  }

  /// A log with a database reads each state from it, as when a server starts.
  @Test(arguments: LogKind.allCases)
  func `a name is one in all of its spellings`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try log.record([
        .account(.of("jos\u{e9}", member: 1, keys: [1])), .sanction(.of(.ban, "@jos\u{e9}")),
        .sanction(.of(.mute, "@Jos\u{e9}")),
      ])
      try log.record([
        .account(.of("Jos\u{e9}", member: 2, keys: [2])), .sanction(.of(.ban, "@JOSE\u{301}", until: .noon)),
        .sanction(.of(.mute, "@jose\u{301}", reason: "new")),
      ])
      var state = try log.registry()
      #expect(state.accounts == [try .of("Jos\u{e9}", member: 2, keys: [2])])
      #expect(
        state.sanctions == [
          try .of(.ban, "@JOSE\u{301}", until: .noon), try .of(.mute, "@jose\u{301}", reason: "new"),
        ])
      let pardoned = try #require(Nickname("JOS\u{c9}"))
      for name in ["Jos\u{e9}", "jos\u{e9}"] {
        try log.record([.sanction(.of(.ban, "@\(name)"))])
        try log.record(Sanction.Kind.allCases.map { .pardon($0, .name(pardoned)) })
        state = try log.registry()
        #expect(state.sanctions == [])
      }
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a name and a key belong to the account that was recorded last`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try log.record([
        .account(.of("neha", member: 1, keys: [1, 2])), .account(.of("akash", member: 2, keys: [3, 4])),
        .account(.of("mira", member: 3, keys: [5])),
      ])
      try log.record([.account(.of("NEHA", member: 4, keys: [3, 6, 3]))])
      #expect(
        try log.registry().accounts == [
          .of("akash", member: 2, keys: [4]), .of("mira", member: 3, keys: [5]), .of("NEHA", member: 4, keys: [3, 6]),
        ])
      // The keys of the replaced account are free.
      try log.record([.account(.of("zoe", member: 5, keys: [1, 2, 5]))])
      #expect(
        try log.registry().accounts == [
          .of("akash", member: 2, keys: [4]), .of("mira", member: 3, keys: []), .of("NEHA", member: 4, keys: [3, 6]),
          .of("zoe", member: 5, keys: [1, 2, 5]),
        ])
      // Two accounts exchange their names.
      try log.record([.account(.of("x", member: 2, keys: [4])), .account(.of("akash", member: 5, keys: [1]))])
      #expect(try log.registry().accounts.map(\.name.text) == ["x", "mira", "NEHA", "akash"])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `the newest entries of the audit log are kept`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let changes = try (0..<(AuditTrail.capacity + 7)).map { try RegistryChange.act(.of($0)) }
      try log.record(changes)
      let acts = try log.acts(limit: .max)
      #expect(acts.count == AuditTrail.capacity)
      #expect(acts.first == (try .of(AuditTrail.capacity + 6)))
      #expect(acts.last == (try .of(7)))
    }
  }

  /// Compares both logs step by step: one has tables, the other dictionaries.
  @Test(arguments: SeededGenerator.seeds(20))
  func `both logs have the same registry`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let folder = try TemporaryFolder()
    let (memory, disk) = (MemoryLog(), try SQLiteLog(directory: folder.path))
    for _ in 0..<40 {
      let changes = try (0..<generator.number(0...8)).map { _ in try RegistryChange.random(using: &generator) }
      try memory.record(changes)
      try disk.record(changes)
      #expect(try memory.registry() == disk.registry(), "\(generator)")
      #expect(try memory.acts(limit: .max) == disk.acts(limit: .max), "\(generator)")
    }
    // Another account may have taken over the last key of an account.
    #expect(try folder.findings().allSatisfy { $0.hasSuffix("has no key") }, "\(generator)")
  }
}

extension RegistryChange {
  /// A change of one of few subjects, so that changes collide.
  static func random(using generator: inout SeededGenerator) throws -> RegistryChange {
    let names = ["neha", "Akash", "mira", "NEHA", "akash", "jos\u{e9}", "JOSE\u{301}"]
    let until = generator.flip() ? Timestamp.noon.advanced(by: Int64(generator.number(-9...9))) : nil
    switch generator.number(0...6) {
    case 0, 1:
      let keys = (0..<generator.number(1...3)).map { _ in UInt8(generator.number(0...9)) }
      return .account(
        try .of(
          generator.pick(names), member: Int64(generator.number(0...4)), keys: keys, isOperator: generator.flip()))
    case 2:
      let subject = generator.pick([
        "@neha", "@Neha", "@jos\u{e9}", "@Jos\u{e9}", "192.0.2.7", "192.0.2.0/24",
        "key:" + (try PublicKey.made(1).text),
      ])
      return .sanction(try .of(generator.pick(Sanction.Kind.allCases), subject, until: until))
    case 3:
      let subject = generator.pick(["@NEHA", "@jose\u{301}", "192.0.2.0/24"])
      return .pardon(generator.pick(Sanction.Kind.allCases), try #require(Subject(subject)))
    case 4: return .invitation(try .of(UInt8(generator.number(0...4)), uses: generator.number(-1...3), expires: until))
    case 5:
      return .room(
        try .of(
          generator.pick(["#den", "#DEN", "#größe", "#GRÖSSE"]), owner: generator.flip() ? "neha" : nil,
          guests: names.filter { _ in generator.flip() }, slowness: generator.number(0...1)))
    default: return .act(try .of(generator.number(0...30)))
    }
  }
}
