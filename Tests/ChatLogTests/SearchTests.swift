import ChatLog
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// Search results.
@Suite(.computing) struct SearchTests {
  /// How many of the messages are in the index.
  enum Indexed: CaseIterable { case nothing, half, all }

  @Test(arguments: LogKind.allCases, Indexed.allCases)
  func `words, phrases, authors and days restrict a search`(kind: LogKind, indexed: Indexed) throws {
    try kind.use { (log) throws in
      try fill(log, indexed)
      let other = try Conversation.named("#other")
      for (query, texts) in [
        ("disk", ["The DISK is full again", "disk full"]), ("disk again", ["The DISK is full again"]),
        ("\"disk full\"", ["disk full"]), ("\"is full\" disk", ["The DISK is full again"]), ("\"full disk\"", []),
        ("from:Neha", ["Größe 👍🏽", "The DISK is full again"]), ("from:@neha disk", ["The DISK is full again"]),
        ("from:nobody", []), ("from:neh", []), ("GROSSE", ["Größe 👍🏽"]), ("👍", ["Größe 👍🏽"]),
        ("dis", ["The DISK is full again", "disk full"]),
        ("disks", []), ("\"dis\"", []), ("dis full", []), ("full dis", ["The DISK is full again", "disk full"]),
        ("\"is ful", ["The DISK is full again"]), ("dis from:neha", ["The DISK is full again"]), ("ＧＲＯ", ["Größe 👍🏽"]),
        ("from:ｎｅｈａ", ["Größe 👍🏽", "The DISK is full again"]),
        ("on:2026-11-22", ["Größe 👍🏽", "The DISK is full again"]), ("before:2026-11-22", ["disk full"]),
        ("after:2026-11-22 disk", ["The DISK is full again"]), ("after:2026-11-23", ["_c1 AND \"quoted\" OR 東京都に"]),
        ("after:2030-01-01", []), ("before:1980-01-01", []), ("after:2026-11-22 before:2026-11-22", []),
        ("京都", ["_c1 AND \"quoted\" OR 東京都に"]),
        ("AND", ["_c1 AND \"quoted\" OR 東京都に"]), ("_c1", ["_c1 AND \"quoted\" OR 東京都に"]),
        ("quoted", ["_c1 AND \"quoted\" OR 東京都に"]),
        ("disk +", ["The DISK is full again", "disk full"]), ("+", []), ("+ from:neha", []), ("topic", []),
        ("\"disk\" OR \"quoted\"", []), ("disk*", ["The DISK is full again", "disk full"]), ("words:disk", []),
        ("NEAR(disk", []),
      ] as [(String, [String])] {
        #expect(try log.find(query).messages.map(\.text) == texts, "\(query)")
      }
      #expect(try log.find("disk", in: [other]).messages.map(\.text) == ["disk elsewhere"])
      #expect(try log.find("disk", in: [.lobby, other, other]).messages.count == 3)
      #expect(try log.find("disk", in: []).messages == [])
      #expect(try log.find("disk", in: [.named("#unknown")]).messages == [])
      #expect(try log.find("psst", in: [.between("mira", "neha")]).messages.map(\.reader?.text) == ["mira"])
    }
  }

  @Test(arguments: LogKind.allCases, Indexed.allCases)
  func `messages of an author are found by any spelling of the name`(kind: LogKind, indexed: Indexed) throws {
    try kind.use { (log) throws in
      try log.store(.said("1", by: "Jos\u{e9}"))
      try log.store(.said("2", by: "jos\u{e9}"))
      if indexed == .half { try log.finishIndexing() }
      try log.store(.said("3", by: "JOSE\u{301}"))
      try log.store(.said("4", by: "jose"))
      if indexed == .all { try log.finishIndexing() }
      for name in ["Jos\u{e9}", "jos\u{e9}", "jose\u{301}"] {
        #expect(try log.find("from:\(name)").messages.map(\.text) == ["3", "2", "1"], "\(name)")
      }
      #expect(try log.find("from:jose").messages.map(\.text) == ["4"])
    }
  }

  @Test(arguments: LogKind.allCases, Indexed.allCases)
  func `consecutive pages return each result once, newest first`(kind: LogKind, indexed: Indexed) throws {
    try kind.use { (log) throws in
      for number in 1...30 {
        try log.store([.said("m\(number) word"), .said("nothing"), .said("word", in: "#other")])
        if indexed == .all || (indexed == .half && number == 15) { try log.finishIndexing() }
      }
      for limit in [1, 7, 29, 30, 31] {
        var found: [StoredMessage] = []
        var page = Page(messages: [], hasMore: true)
        while page.hasMore {
          page = try log.find("word", before: found.last?.id, limit: limit)
          #expect(page.messages.count == min(limit, 30 - found.count))
          found += page.messages
        }
        #expect(found.map(\.text) == (1...30).reversed().map { "m\($0) word" })
      }
      for limit in [0, -1, Int.min] { #expect(try log.find("word", limit: limit) == Page(messages: [], hasMore: true)) }
      #expect(try log.find("word", limit: .max).hasMore == false)
      for before in [Int.min, 0, 1] { #expect(try log.find("word", before: before).messages == []) }
    }
  }

  @Test(arguments: LogKind.allCases)
  func `more conversations and words than one index query takes`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let rooms = (0..<200).map { "#r\($0)" }
      try log.store(rooms.map { try .said("word in \($0)", in: $0) })
      let alphabet = (0..<40).map { "w\($0)" }
      try log.store(.said(alphabet.joined(separator: " "), in: "#r7"))
      try log.store(.said(alphabet.dropLast().joined(separator: " "), in: "#r7"))
      for _ in 0..<2 {
        let some = try rooms.dropFirst(50).map { try Conversation.named($0) }
        #expect(
          try log.find("word", in: some).messages.map(\.text)
            == rooms.dropFirst(50).reversed().prefix(100).map { "word in \($0)" })
        #expect(try log.find("from:neha", in: some).hasMore)
        #expect(try log.find("after:2026-11-22", in: some, limit: 500).messages.count == 150)
        let room = try Conversation.named("#r7")
        #expect(try log.find(alphabet.joined(separator: " "), in: [room]).messages.count == 1)
        #expect(try log.find((alphabet.dropLast() + alphabet).joined(separator: " "), in: [room]).messages.count == 1)
        #expect(try log.find(alphabet.dropLast().joined(separator: " "), in: [room]).messages.count == 2)
        try log.finishIndexing()
      }
    }
  }

  /// The index query differs for each prefix: of no word, of few, of many, and of one character.
  @Test(arguments: LogKind.allCases, Indexed.allCases)
  func `prefixes of any number of words are found`(kind: LogKind, indexed: Indexed) throws {
    try kind.use { (log) throws in
      for number in 0..<120 {
        try log.store([
          .said("deploy\(number) x\(number % 7)", by: number % 2 == 0 ? "neha" : "mira"),
          .said("the deploy\(number)er", in: "#other"),
        ])
        if indexed == .half && number == 60 { try log.finishIndexing() }
      }
      if indexed == .all { try log.finishIndexing() }
      let numbers = (0..<120).reversed()
      for (query, expected) in [
        ("deploy", Array(numbers)), ("d", Array(numbers)), ("deploy from:mira", numbers.filter { $0 % 2 == 1 }),
        ("x3 d", numbers.filter { $0 % 7 == 3 }), ("deploy7 x", [7]), ("deploys", []), ("q", []), ("the d", []),
        ("deploy11", numbers.filter { "\($0)".hasPrefix("11") }), ("\"deploy5 x", [5]), ("\"deploy5 x5", [5]),
        ("x5 deploy1", numbers.filter { $0 % 7 == 5 && "\($0)".hasPrefix("1") }), ("deploy\u{1}", Array(numbers)),
      ] as [(String, [Int])] {
        let texts = expected.map { "deploy\($0) x\($0 % 7)" }
        #expect(try log.find(query, limit: 200).messages.map(\.text) == texts, "\(query)")
        var found: [StoredMessage] = []
        var page = Page(messages: [], hasMore: true)
        while page.hasMore {
          page = try log.find(query, before: found.last?.id, limit: 7)
          found += page.messages
        }
        #expect(found.map(\.text) == texts, "\(query), in pages")
      }
      let other = try Conversation.named("#other")
      #expect(try log.find("the d", in: [other], limit: 200).messages.count == 120)
      #expect(try log.find("\"the deploy", in: [other, .lobby], limit: 200).messages.count == 120)
      #expect(try log.find("deploy", in: [other, .lobby], limit: 500).messages.count == 240)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a word that is rare in readable rooms and common elsewhere is found`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let rooms = (0..<30).map { "#r\($0)" }
      for round in 0..<3 {
        try log.store(rooms.map { try .said("word \(round) in \($0)", in: $0) })
        try log.store((0..<2500).map { try .said("word \($0)", in: "#busy") })
      }
      try log.finishIndexing()
      let conversations = try rooms.map { try Conversation.named($0) }
      var found: [StoredMessage] = []
      var page = Page(messages: [], hasMore: true)
      while page.hasMore {
        page = try log.find("word", in: conversations, before: found.last?.id, limit: 40)
        found += page.messages
      }
      #expect(
        found.map(\.text) == (0..<3).reversed().flatMap { round in rooms.reversed().map { "word \(round) in \($0)" } })
    }
  }

  @Test(arguments: LogKind.allCases)
  func `more conversations than any index query takes`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let rooms = (0..<1100).map { "#r\($0)" }
      try log.store(rooms.map { try .said("word in \($0)", in: $0) } + [.said("word", in: "#busy")])
      try log.finishIndexing()
      let conversations = try rooms.map { try Conversation.named($0) }
      for query in ["word", "from:neha", "on:2026-11-22"] {
        let page = try log.find(query, in: conversations, limit: 2000)
        #expect(page.messages.map(\.text) == rooms.reversed().map { "word in \($0)" })
        #expect(!page.hasMore)
      }
    }
  }

  private func fill(_ log: any MessageLog, _ indexed: Indexed) throws {
    let day: Int64 = 86_400_000
    try log.store(.said("disk full", by: "akash"), at: .noon.advanced(by: -day))
    try log.store(.said("disk elsewhere", in: "#other"))
    try log.store(.said("The DISK is full again", by: "Neha"))
    if indexed == .half { try log.finishIndexing() }
    try log.store([.said("topic disk", kind: .topic), .whispered("psst", by: "neha", to: "mira")])
    try log.store(.said("Größe 👍🏽"))
    try log.store(.said("_c1 AND \"quoted\" OR 東京都に", by: "mira"), at: .noon.advanced(by: day))
    if indexed == .all { try log.finishIndexing() }
  }
}
