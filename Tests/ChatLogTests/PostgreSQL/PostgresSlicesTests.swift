import ChatProtocol
import TestSupport
import Testing

@testable import ChatLog

/// Maintenance in slices that the database carries out in time.
@Suite(.computing) struct PostgresSlicesTests {
  private let database: PostgresDatabase
  private let log: PostgresLog

  init() throws {
    database = try PostgresServer.shared.get().database()
    log = try PostgresLog(database.logURL)
  }

  /// - Parameter size: the number of texts of 2,000 bytes that are the first to reach 256 KiB, or 1 MiB.
  @Test(arguments: [(false, 132), (true, 525)])
  func `a slice of the index ends at a length of texts, and the next one goes on behind it`(
    isUrgent: Bool, size: Int
  ) throws {
    let padding = String(repeating: "x ", count: 1000)
    _ = try log.append((0..<1200).map { try .said(String("m\($0) \(padding)".prefix(2000))) }, at: .noon)
    var (ends, told) = ([String](), [String]())
    var work = DeferredWork(hasMore: true, indexed: 0)
    var indexed = 0
    while work.hasMore {
      work = try log.catchUp(isUrgent: isUrgent)
      ends.append(try database.run("SELECT indexed_through FROM swiftchat.indexing"))
      indexed += work.indexed ?? 0
      told.append("\(indexed)")
    }
    #expect(ends == stride(from: size, to: 1200, by: size).map { "\($0)" } + ["1200"])
    #expect(told == ends)
    #expect(try database.run("SELECT count(*) FROM swiftchat.search") == "1200")
    for sequence in [1, 525, 526, 1200] {
      #expect(try log.find("m\(sequence - 1)").messages.map(\.sequence) == [sequence])
    }
  }

  /// The words are computed before the transaction in which they are written.
  @Test func `a message redacted after its slice was read is not indexed, and no slice is written twice`() throws {
    _ = try log.append([.said("secret"), .said("other")], at: .noon)
    let index = PostgresIndex(connection: try PostgresConnection(database.logURL))
    let slice = try #require(try index.nextSlice(limit: 10, bytes: 1 << 20))
    _ = try log.redact(.lobby, sequence: 1, author: nil)
    for isFirst in [true, false] {
      let isWritten = try index.connection.transaction { () throws(PostgresError) in try index.write(slice) }
      #expect(isWritten == isFirst)
    }
    #expect(try database.run("SELECT string_agg(id::text, ',') FROM swiftchat.search") == "2")
    #expect(try database.run("SELECT indexed_through FROM swiftchat.indexing") == "2")
  }

  @Test(arguments: [1, 50])
  func `an index slice that takes too long is followed by smaller ones, down to one message`(most: Int) throws {
    _ = try log.append((0..<200).map { try .said("word \($0)") }, at: .noon)
    try refuse("INSERT ON swiftchat.search REFERENCING NEW", ofMoreThan: most)
    #expect(try log.catchUp())
    #expect(try database.run("SELECT indexed_through FROM swiftchat.indexing") == "0")
    try log.finishIndexing()
    #expect(try database.run("SELECT count(*), max(id) FROM swiftchat.search") == "200|200")
    #expect(try database.run("SELECT indexed_through FROM swiftchat.indexing") == "200")
  }

  @Test func `a pruning slice that takes too long is followed at once by smaller ones`() throws {
    _ = try log.append((0..<100).map { try .said("word \($0)") }, at: .noon)
    try refuse("DELETE ON swiftchat.messages REFERENCING OLD", ofMoreThan: 3)
    #expect(try log.prune(Retention(count: 10), at: .noon))
    #expect(log.prunedMessages == 0)
    try log.finishPruning(Retention(count: 10))
    #expect(log.prunedMessages == 90)
    #expect(try log.latest().map(\.sequence) == Array(91...100))
  }

  @Test func `changes are pruned even if messages cannot be`() throws {
    _ = try log.append([.said("word")], at: .noon)
    try database.run(
      """
      INSERT INTO swiftchat.changes (id, node, time, body) SELECT n, 0, 0, '[]'::bytea FROM generate_series(1, 2500) n
      """)
    try refuse("DELETE ON swiftchat.messages REFERENCING OLD", ofMoreThan: 0, state: "22012")
    let error = #expect(throws: LogError.self) { try log.finishPruning(Retention(count: 0)) }
    #expect(error?.cause == .other)
    #expect(try database.run("SELECT count(*) FROM swiftchat.changes") == "0")
    #expect(try log.latest().count == 1)
  }

  @Test func `messages are pruned even if changes cannot be`() throws {
    _ = try log.append([.said("word")], at: .noon)
    try database.run("INSERT INTO swiftchat.changes (id, node, time, body) VALUES (1, 0, 0, '[]')")
    try refuse("DELETE ON swiftchat.changes REFERENCING OLD", ofMoreThan: 0, state: "22012")
    let error = #expect(throws: LogError.self) { try log.finishPruning(Retention(count: 0)) }
    #expect(error?.cause == .other)
    #expect(try log.latest().isEmpty)
  }

  @Test func `changes that cannot be pruned are tried once in each round`() throws {
    _ = try log.append((0..<1200).map { try .said("word \($0)") }, at: .noon)
    try database.run("INSERT INTO swiftchat.changes (id, node, time, body) VALUES (1, 0, 0, '[]')")
    try refuse("DELETE ON swiftchat.changes REFERENCING OLD", ofMoreThan: 0, state: "22012")
    // A round has several slices of messages.
    for round in 1...2 {
      #expect(throws: LogError.self) { try log.finishPruning(Retention(count: 0)) }
      #expect(try database.run("SELECT last_value FROM swiftchat.refusals") == "\(round)")
    }
    #expect(try log.latest().isEmpty)
  }

  @Test func `slices shrink to one only after a time limit, and grow again`() throws {
    let slices = PostgresSlices()
    var sizes: [Int] = []
    func slice(_ failure: LogError.Cause? = nil) throws(LogError) -> Bool {
      try slices.run { size throws(LogError) in
        sizes.append(size.part(of: 2000))
        if let failure { throw LogError(failure, "") }
        return false
      }
    }
    #expect(throws: LogError.self) { try slice(.locked) }
    for _ in 0..<6 { #expect(try slice(.interrupted)) }
    // None smaller is left to try.
    #expect(throws: LogError.self) { try slice(.interrupted) }
    #expect(sizes == [2000, 2000, 500, 125, 31, 7, 1, 1])
    for _ in 0..<1300 { #expect(try !slice()) }
    #expect(sizes.last == 2000)
    #expect(sizes.dropFirst(8) == sizes.dropFirst(8).sorted()[...])
  }

  /// Lets statements fail that change more rows than that, as a time limit does. The sequence `refusals` counts them.
  /// - Parameter event: the statements, up to the kind of rows.
  private func refuse(_ event: String, ofMoreThan most: Int, state: String = "57014") throws {
    try database.run(
      """
      CREATE SEQUENCE swiftchat.refusals;
      CREATE FUNCTION swiftchat.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT count(*) FROM touched) > \(most) THEN
          PERFORM nextval('swiftchat.refusals');
          RAISE 'refused' USING ERRCODE = '\(state)';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER refuse AFTER \(event) TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION swiftchat.refuse()
      """)
  }
}
