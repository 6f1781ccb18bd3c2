import ChatHub
import ChatProtocol
import ChatRecords
import Testing

@Suite struct HistoryTests {
  private static let context = ["tags", "rooms", "history"]

  private func person(_ name: String, _ harness: HubHarness, in rooms: String...) -> SessionID {
    let id = harness.connect(Self.context)
    harness.send(as: id, "LOGIN \(name)")
    for room in rooms { harness.send(as: id, "JOIN \(room)") }
    harness.discardOutput()
    return id
  }

  @Test func `the newest, earlier and later messages are read in pages`() {
    let harness = HubHarness()
    let neha = person("neha", harness)
    for number in 1...5 { harness.send(as: neha, "MSG \(number)") }
    #expect(
      harness.send(as: neha, "@label=7 HISTORY #lobby LATEST * 2") == [
        "@label=7;more BATCH +0 history #lobby", "@batch=0;\(HubHarness.place(4)) MSG neha 4",
        "@batch=0;\(HubHarness.place(5)) MSG neha 5", "BATCH -0",
      ])
    #expect(
      harness.send(as: neha, "HISTORY #LOBBY before 4 2").untagged == [
        "BATCH +1 history #lobby", "MSG neha 2", "MSG neha 3", "BATCH -1",
      ])
    #expect(
      harness.send(as: neha, "HISTORY #lobby BEFORE 2 2") == [
        "BATCH +2 history #lobby", "@batch=2;\(HubHarness.place(1)) MSG neha 1", "BATCH -2",
      ])
    #expect(harness.send(as: neha, "HISTORY #lobby AFTER 1 2")[0] == "@more BATCH +3 history #lobby")
    #expect(harness.send(as: neha, "HISTORY #lobby AFTER 5 2") == ["BATCH +4 history #lobby", "BATCH -4"])
    #expect(harness.send(as: neha, "HISTORY #lobby BEFORE 999999999999999999 1").untagged[1] == "MSG neha 5")
  }

  @Test func `the target is in each room message and in one's own direct messages`() {
    let harness = HubHarness()
    let neha = person("neha", harness, in: "#build")
    let akash = person("akash", harness)
    harness.send(as: neha, "SAY #build x", "TOPIC #build y", "DM akash question")
    harness.send(as: akash, "DM NEHA answer")
    harness.discardOutput()
    #expect(
      harness.send(as: neha, "HISTORY #BUILD LATEST * 9") == [
        "BATCH +0 history #build", "@batch=0;\(HubHarness.place(1));room=#build MSG neha x",
        "@batch=0;\(HubHarness.place(2));room=#build TOPIC neha y", "BATCH -0",
      ])
    #expect(
      harness.send(as: neha, "HISTORY @AKASH LATEST * 9") == [
        "BATCH +1 history @akash", "@batch=1;\(HubHarness.place(1, id: 3));to=akash DM neha question",
        "@batch=1;\(HubHarness.place(2, id: 4)) DM akash answer", "BATCH -1",
      ])
    #expect(
      harness.send(as: akash, "HISTORY @neha LATEST * 9") == [
        "BATCH +0 history @neha", "@batch=0;\(HubHarness.place(1, id: 3)) DM neha question",
        "@batch=0;\(HubHarness.place(2, id: 4));to=neha DM akash answer", "BATCH -0",
      ])
  }

  @Test(arguments: [
    ("HISTORY #other LATEST * 9", "ERR not-in-room HISTORY"),
    ("HISTORY @nobody LATEST * 9", "ERR user-not-found HISTORY"),
    ("HISTORY #lobby LATEST 3 9", "ERR invalid-history-format"),
    ("HISTORY #lobby LATEST * 0", "ERR invalid-history-format"),
    ("HISTORY #lobby AFTER -1 9", "ERR invalid-history-format"), ("HISTORY", "ERR invalid-history-format"),
    ("HISTORY #lobby BEFORE 99999999999999999999 9", "ERR invalid-history-format"),
    ("SEARCH #other 9 x", "ERR not-in-room SEARCH"), ("SEARCH @nobody 9 x", "ERR user-not-found SEARCH"),
    ("SEARCH * 9 :", "ERR invalid-search-format"), ("SEARCH * 9", "ERR invalid-search-format"),
    ("SEARCH * 0 x", "ERR invalid-search-format"), ("SEARCH * 9 from:", "ERR invalid-search-format"),
    ("@before=x SEARCH * 9 x", "ERR invalid-search-format"),
  ])
  func `an invalid or forbidden request is refused`(line: String, error: String) {
    let harness = HubHarness()
    _ = person("mira", harness, in: "#other")
    let neha = person("neha", harness)
    let answer = harness.send(as: neha, line)
    #expect(answer.count == 1)
    #expect(answer.first?.hasPrefix(error) == true)
  }

  @Test func `a page is bounded, whatever was requested`() throws {
    let harness = HubHarness()
    let neha = person("neha", harness)
    harness.send(as: neha, "MSG x")
    harness.reading = .waits
    harness.send(as: neha, "HISTORY #lobby LATEST * 999999999", "SEARCH * 999999999 x")
    try #require(harness.reads.count == 2)
    guard case .page(let page) = harness.reads[0].request, case .search(let search) = harness.reads[1].request
    else {
      Issue.record("\(harness.reads)")
      return
    }
    #expect(page.limit == 500 && search.limit == 500)
    #expect(page.maximumBytes <= 256 * 1024)
    #expect(page.head == 1)
  }

  @Test func `only published messages are read`() throws {
    let harness = HubHarness()
    let neha = person("neha", harness)
    let akash = person("akash", harness)
    harness.send(as: neha, "MSG one", "DM akash one")
    harness.storage = .waits
    harness.send(as: akash, "MSG two", "DM neha two")
    let outcomes = harness.commit()
    #expect(harness.send(as: neha, "HISTORY #lobby LATEST * 9").untagged[1...2] == ["MSG neha one", "BATCH -0"])
    #expect(harness.send(as: neha, "HISTORY @akash LATEST * 9").untagged[1...2] == ["DM neha one", "BATCH -1"])
    #expect(
      harness.send(as: neha, "SEARCH * 9 o").untagged == ["BATCH +2 search", "DM neha one", "MSG neha one", "BATCH -2"])
    for outcome in outcomes { harness.apply(outcome) }
    harness.discardOutput()
    #expect(
      harness.send(as: neha, "SEARCH * 9 o").untagged.dropLast() == [
        "BATCH +3 search", "DM akash two", "MSG akash two", "DM neha one", "MSG neha one",
      ])
  }

  @Test func `answers do not delay later requests`() {
    let harness = HubHarness()
    let neha = person("neha", harness)
    harness.send(as: neha, "MSG x")
    harness.reading = .waits
    #expect(
      harness.send(as: neha, "@label=1 HISTORY #lobby LATEST * 9", "@label=2 PING", "@label=3 SEARCH * 9 x") == [
        "@label=2 PONG"
      ])
    harness.answerRead(1)
    #expect(harness.takeOutput(of: neha).first == "@label=3 BATCH +0 search")
    harness.answerRead()
    #expect(harness.takeOutput(of: neha).first == "@label=1 BATCH +1 history #lobby")
  }

  @Test func `the end of the connection waits for answers`() {
    for saysQuit in [true, false] {
      let harness = HubHarness()
      let neha = person("neha", harness)
      harness.send(as: neha, "MSG x")
      harness.reading = .waits
      harness.send(as: neha, "HISTORY #lobby LATEST * 9")
      if saysQuit { harness.send(as: neha, "QUIT") } else { harness.halfClose(neha) }
      #expect(harness.closeReason(of: neha) == nil)
      harness.answerRead()
      #expect(harness.takeOutput(of: neha).count == 3)
      #expect(harness.closeReason(of: neha) == (saysQuit ? .quit : .closed))
    }
  }

  @Test(arguments: [LeaveReason.closed, .lost])
  func `a session that ended has no reads`(reason: LeaveReason) {
    let harness = HubHarness()
    let neha = person("neha", harness)
    harness.send(as: neha, "MSG x")
    harness.reading = .waits
    for number in 0..<70 { harness.send(as: neha, "@label=\(number) SEARCH * 9 x") }
    let asked = harness.reads.map(\.id)
    #expect(asked.count == 4)
    harness.disconnect(neha, reason)
    #expect(harness.reads.isEmpty)
    #expect(harness.closeReason(of: neha) == .closed)
    #expect(harness.hub.peopleCount == 0)
    // Answers to ended sessions are ignored.
    for id in asked { harness.apply(.read(id, .success(.page(Page(messages: [], hasMore: false))))) }
    #expect(harness.actions.isEmpty)
  }

  @Test func `a message before a half-close is sent, but a read is cancelled`() {
    let harness = HubHarness()
    let (neha, akash) = (person("neha", harness), person("akash", harness))
    (harness.storage, harness.reading) = (.waits, .waits)
    harness.send(
      as: neha, "MSG one", "HISTORY #lobby LATEST * 9", "SEARCH * 9 one", "WHO", "MSG two", "JOIN #a", "MSG three")
    harness.disconnect(neha)
    while !harness.drafts.isEmpty { harness.answerStore() }
    #expect(harness.reads.isEmpty)
    #expect(
      harness.takeOutput(of: akash).untagged == [
        "MSG neha one", "MSG neha two", "MSG neha three", "INFO neha disconnected",
      ])
  }

  @Test func `a session that is kicked or taken over has no reads`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let host = harness.connectControl()
    harness.send(as: neha, "MSG x")
    harness.reading = .waits
    harness.send(as: neha, "SEARCH * 9 x")
    #expect(harness.reads.count == 1)
    let (back, _) = harness.resume(token)
    #expect(harness.reads.isEmpty)
    harness.send(as: back, "SEARCH * 9 x")
    harness.send(as: host, "KICK neha")
    #expect(harness.reads.isEmpty)
  }

  @Test func `a search that stopped early reports the place to continue`() {
    let harness = HubHarness()
    let neha = person("neha", harness)
    harness.send(as: neha, "MSG x", "MSG x")
    harness.reading = .waits
    harness.discardOutput()
    harness.send(as: neha, "@label=1 SEARCH * 9 x")
    guard let id = harness.reads.first?.id else { return }
    harness.apply(
      .read(id, .success(.page(Page(messages: [harness.log.messages[1]], hasMore: false, stoppedBefore: 2)))))
    #expect(
      harness.takeOutput(of: neha).map { String($0.prefix { $0 != "M" }) }.first == "@label=1;before=2 BATCH +0 search")
    harness.send(as: neha, "@label=2;before=2 SEARCH * 9 x")
    guard case .search(let search)? = harness.reads.last?.request else { return }
    #expect(search.before == 2)
  }

  @Test func `four reads run at a time, in order, and others wait`() {
    let harness = HubHarness()
    let neha = person("neha", harness)
    harness.send(as: neha, "MSG x")
    harness.reading = .waits
    for number in 0..<200 { harness.send(as: neha, "@label=\(number) HISTORY #lobby LATEST * 9") }
    #expect(harness.reads.count == 4)
    #expect(harness.send(as: neha, "PING") == [])
    var labels: [String] = []
    while !harness.reads.isEmpty {
      harness.answerRead()
      #expect(harness.reads.count <= 4)
      labels += harness.takeOutput(of: neha).filter { $0.contains("BATCH +") || $0 == "PONG" }.map {
        $0 == "PONG" ? $0 : String($0.dropFirst("@label=".count).prefix { $0 != " " })
      }
    }
    #expect(labels.filter { $0 != "PONG" } == (0..<200).map(String.init))
    #expect(labels.contains("PONG"))
  }

  @Test func `a failed read is reported`() {
    let harness = HubHarness()
    let neha = person("neha", harness)
    harness.send(as: neha, "MSG x")
    harness.reading = .fails
    #expect(
      harness.send(as: neha, "@label=1 HISTORY #lobby LATEST * 9").first?.hasPrefix(
        "@label=1 ERR history-unavailable HISTORY")
        == true)
    #expect(
      harness.send(as: neha, "@label=1 SEARCH * 9 x").first?.hasPrefix("@label=1 ERR history-unavailable SEARCH")
        == true)
  }

  @Test func `a user who leaves the room before the answer does not receive it`() {
    let harness = HubHarness()
    let neha = person("neha", harness, in: "#build")
    harness.send(as: neha, "SAY #build secret")
    harness.reading = .waits
    harness.send(as: neha, "HISTORY #build LATEST * 9", "SEARCH #build 9 secret", "SEARCH * 9 secret", "PART #build")
    harness.discardOutput()
    harness.answerRead()
    harness.answerRead()
    harness.answerRead()
    let heard = harness.takeOutput(of: neha)
    #expect(heard[0].hasPrefix("ERR not-in-room HISTORY"))
    #expect(heard[1].hasPrefix("ERR not-in-room SEARCH"))
    #expect(heard[2...] == ["BATCH +0 search", "BATCH -0"])
  }

  // MARK: Searching

  @Test func `a search covers exactly the readable conversations`() {
    let harness = HubHarness()
    let neha = person("neha", harness, in: "#build")
    let akash = person("akash", harness, in: "#other")
    let mira = person("mira", harness)
    harness.send(as: neha, "MSG disk 1", "SAY #build disk 2", "DM akash disk 3")
    harness.send(as: akash, "SAY #other disk 4", "DM mira disk 5", "DM neha disk 6")
    harness.discardOutput()
    #expect(
      harness.send(as: neha, "@label=1 SEARCH * 9 disk") == [
        "@label=1 BATCH +0 search", "@batch=0;\(HubHarness.place(2, id: 6));to=neha DM akash disk 6",
        "@batch=0;\(HubHarness.place(1, id: 3));to=akash DM neha disk 3",
        "@batch=0;\(HubHarness.place(1, id: 2));room=#build MSG neha disk 2",
        "@batch=0;\(HubHarness.place(1)) MSG neha disk 1",
        "BATCH -0",
      ])
    #expect(harness.send(as: neha, "SEARCH #build 9 disk").untagged[1...2] == ["MSG neha disk 2", "BATCH -1"])
    #expect(harness.send(as: neha, "SEARCH @akash 9 disk").count == 4)
    #expect(harness.send(as: mira, "SEARCH * 9 disk").untagged[1...2] == ["DM akash disk 5", "MSG neha disk 1"])
  }

  @Test func `a search continues at the end of a page`() {
    let harness = HubHarness()
    let neha = person("neha", harness)
    for number in 1...5 { harness.send(as: neha, "MSG disk \(number)") }
    #expect(harness.send(as: neha, "SEARCH * 2 disk")[0] == "@more BATCH +0 search")
    let page = harness.send(as: neha, "@before=4;label=1 SEARCH * 2 disk")
    #expect(page[0] == "@label=1;more BATCH +1 search")
    #expect(page.untagged[1...2] == ["MSG neha disk 3", "MSG neha disk 2"])
    #expect(
      harness.send(as: neha, "@before=2 SEARCH * 2 disk").untagged == [
        "BATCH +2 search", "MSG neha disk 1", "BATCH -2",
      ])
  }

  @Test func `many results are cut, with a sign of more`() {
    let harness = HubHarness()
    let neha = person("neha", harness)
    let long = String(repeating: "x", count: 4000)
    for _ in 0..<60 { harness.send(as: neha, "MSG \(long)") }
    let page = harness.send(as: neha, "SEARCH * 500 xx")
    #expect(page[0] == "@more BATCH +0 search")
    #expect((20..<60).contains(page.count))
  }
}
