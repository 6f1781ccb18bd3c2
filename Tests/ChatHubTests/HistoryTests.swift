import ChatHub
import ChatProtocol
import ChatRecords
import Testing

@Suite struct HistoryTests {
  private static let context = ["tags", "rooms", "history"]

  private func person(_ name: String, _ stage: Stage, in rooms: String...) -> SessionID {
    let id = stage.open(Self.context)
    stage.say(id, "LOGIN \(name)")
    for room in rooms { stage.say(id, "JOIN \(room)") }
    stage.forget()
    return id
  }

  @Test func `the newest, earlier and later messages are read in pages`() {
    let stage = Stage()
    let neha = person("neha", stage)
    for number in 1...5 { stage.say(neha, "MSG \(number)") }
    #expect(
      stage.say(neha, "@label=7 HISTORY #lobby LATEST * 2") == [
        "@label=7;more BATCH +0 history #lobby", "@batch=0;\(Stage.place(4)) MSG neha 4",
        "@batch=0;\(Stage.place(5)) MSG neha 5", "BATCH -0",
      ])
    #expect(
      stage.say(neha, "HISTORY #LOBBY before 4 2").untagged == [
        "BATCH +1 history #lobby", "MSG neha 2", "MSG neha 3", "BATCH -1",
      ])
    #expect(
      stage.say(neha, "HISTORY #lobby BEFORE 2 2") == [
        "BATCH +2 history #lobby", "@batch=2;\(Stage.place(1)) MSG neha 1", "BATCH -2",
      ])
    #expect(stage.say(neha, "HISTORY #lobby AFTER 1 2")[0] == "@more BATCH +3 history #lobby")
    #expect(stage.say(neha, "HISTORY #lobby AFTER 5 2") == ["BATCH +4 history #lobby", "BATCH -4"])
    #expect(stage.say(neha, "HISTORY #lobby BEFORE 999999999999999999 1").untagged[1] == "MSG neha 5")
  }

  @Test func `the target is in each room message and in one's own direct messages`() {
    let stage = Stage()
    let neha = person("neha", stage, in: "#build")
    let akash = person("akash", stage)
    stage.say(neha, "SAY #build x", "TOPIC #build y", "DM akash question")
    stage.say(akash, "DM NEHA answer")
    stage.forget()
    #expect(
      stage.say(neha, "HISTORY #BUILD LATEST * 9") == [
        "BATCH +0 history #build", "@batch=0;\(Stage.place(1));room=#build MSG neha x",
        "@batch=0;\(Stage.place(2));room=#build TOPIC neha y", "BATCH -0",
      ])
    #expect(
      stage.say(neha, "HISTORY @AKASH LATEST * 9") == [
        "BATCH +1 history @akash", "@batch=1;\(Stage.place(1, id: 3));to=akash DM neha question",
        "@batch=1;\(Stage.place(2, id: 4)) DM akash answer", "BATCH -1",
      ])
    #expect(
      stage.say(akash, "HISTORY @neha LATEST * 9") == [
        "BATCH +0 history @neha", "@batch=0;\(Stage.place(1, id: 3)) DM neha question",
        "@batch=0;\(Stage.place(2, id: 4));to=neha DM akash answer", "BATCH -0",
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
    let stage = Stage()
    _ = person("mira", stage, in: "#other")
    let neha = person("neha", stage)
    let answer = stage.say(neha, line)
    #expect(answer.count == 1)
    #expect(answer.first?.hasPrefix(error) == true)
  }

  @Test func `a page is bounded, whatever was requested`() throws {
    let stage = Stage()
    let neha = person("neha", stage)
    stage.say(neha, "MSG x")
    stage.reading = .waits
    stage.say(neha, "HISTORY #lobby LATEST * 999999999", "SEARCH * 999999999 x")
    try #require(stage.questions.count == 2)
    guard case .page(let page) = stage.questions[0].request, case .search(let search) = stage.questions[1].request
    else {
      Issue.record("\(stage.questions)")
      return
    }
    #expect(page.limit == 500 && search.limit == 500)
    #expect(page.maximumBytes <= 256 * 1024)
    #expect(page.head == 1)
  }

  @Test func `only published messages are read`() throws {
    let stage = Stage()
    let neha = person("neha", stage)
    let akash = person("akash", stage)
    stage.say(neha, "MSG one", "DM akash one")
    stage.storage = .waits
    stage.say(akash, "MSG two", "DM neha two")
    let outcomes = stage.commit()
    #expect(stage.say(neha, "HISTORY #lobby LATEST * 9").untagged[1...2] == ["MSG neha one", "BATCH -0"])
    #expect(stage.say(neha, "HISTORY @akash LATEST * 9").untagged[1...2] == ["DM neha one", "BATCH -1"])
    #expect(stage.say(neha, "SEARCH * 9 o").untagged == ["BATCH +2 search", "DM neha one", "MSG neha one", "BATCH -2"])
    for outcome in outcomes { stage.apply(outcome) }
    stage.forget()
    #expect(
      stage.say(neha, "SEARCH * 9 o").untagged.dropLast() == [
        "BATCH +3 search", "DM akash two", "MSG akash two", "DM neha one", "MSG neha one",
      ])
  }

  @Test func `answers do not delay later requests`() {
    let stage = Stage()
    let neha = person("neha", stage)
    stage.say(neha, "MSG x")
    stage.reading = .waits
    #expect(
      stage.say(neha, "@label=1 HISTORY #lobby LATEST * 9", "@label=2 PING", "@label=3 SEARCH * 9 x") == [
        "@label=2 PONG"
      ])
    stage.answerRead(1)
    #expect(stage.heard(neha).first == "@label=3 BATCH +0 search")
    stage.answerRead()
    #expect(stage.heard(neha).first == "@label=1 BATCH +1 history #lobby")
  }

  @Test func `the end of the connection waits for answers`() {
    for saysQuit in [true, false] {
      let stage = Stage()
      let neha = person("neha", stage)
      stage.say(neha, "MSG x")
      stage.reading = .waits
      stage.say(neha, "HISTORY #lobby LATEST * 9")
      if saysQuit { stage.say(neha, "QUIT") } else { stage.finish(neha) }
      #expect(stage.end(neha) == nil)
      stage.answerRead()
      #expect(stage.heard(neha).count == 3)
      #expect(stage.end(neha) == (saysQuit ? .quit : .closed))
    }
  }

  @Test(arguments: [LeaveReason.closed, .lost])
  func `a session that ended has no reads`(reason: LeaveReason) {
    let stage = Stage()
    let neha = person("neha", stage)
    stage.say(neha, "MSG x")
    stage.reading = .waits
    for number in 0..<70 { stage.say(neha, "@label=\(number) SEARCH * 9 x") }
    let asked = stage.questions.map(\.id)
    #expect(asked.count == 4)
    stage.leave(neha, reason)
    #expect(stage.questions.isEmpty)
    #expect(stage.end(neha) == .closed)
    #expect(stage.hub.peopleCount == 0)
    // Answers to ended sessions are ignored.
    for id in asked { stage.apply(.read(id, .success(.page(Page(messages: [], hasMore: false))))) }
    #expect(stage.actions.isEmpty)
  }

  @Test func `a message before a half-close is sent, but a read is cancelled`() {
    let stage = Stage()
    let (neha, akash) = (person("neha", stage), person("akash", stage))
    (stage.storage, stage.reading) = (.waits, .waits)
    stage.say(neha, "MSG one", "HISTORY #lobby LATEST * 9", "SEARCH * 9 one", "WHO", "MSG two", "JOIN #a", "MSG three")
    stage.leave(neha)
    while !stage.drafts.isEmpty { stage.answerStored() }
    #expect(stage.questions.isEmpty)
    #expect(
      stage.heard(akash).untagged == [
        "MSG neha one", "MSG neha two", "MSG neha three", "INFO neha disconnected",
      ])
  }

  @Test func `a session that is kicked or taken over has no reads`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let host = stage.control()
    stage.say(neha, "MSG x")
    stage.reading = .waits
    stage.say(neha, "SEARCH * 9 x")
    #expect(stage.questions.count == 1)
    let (back, _) = stage.resume(token)
    #expect(stage.questions.isEmpty)
    stage.say(back, "SEARCH * 9 x")
    stage.say(host, "KICK neha")
    #expect(stage.questions.isEmpty)
  }

  @Test func `a search that stopped early reports the place to continue`() {
    let stage = Stage()
    let neha = person("neha", stage)
    stage.say(neha, "MSG x", "MSG x")
    stage.reading = .waits
    stage.forget()
    stage.say(neha, "@label=1 SEARCH * 9 x")
    guard let id = stage.questions.first?.id else { return }
    stage.apply(.read(id, .success(.page(Page(messages: [stage.log.messages[1]], hasMore: false, stoppedBefore: 2)))))
    #expect(stage.heard(neha).map { String($0.prefix { $0 != "M" }) }.first == "@label=1;before=2 BATCH +0 search")
    stage.say(neha, "@label=2;before=2 SEARCH * 9 x")
    guard case .search(let search)? = stage.questions.last?.request else { return }
    #expect(search.before == 2)
  }

  @Test func `four reads run at a time, in order, and others wait`() {
    let stage = Stage()
    let neha = person("neha", stage)
    stage.say(neha, "MSG x")
    stage.reading = .waits
    for number in 0..<200 { stage.say(neha, "@label=\(number) HISTORY #lobby LATEST * 9") }
    #expect(stage.questions.count == 4)
    #expect(stage.say(neha, "PING") == [])
    var labels: [String] = []
    while !stage.questions.isEmpty {
      stage.answerRead()
      #expect(stage.questions.count <= 4)
      labels += stage.heard(neha).filter { $0.contains("BATCH +") || $0 == "PONG" }.map {
        $0 == "PONG" ? $0 : String($0.dropFirst("@label=".count).prefix { $0 != " " })
      }
    }
    #expect(labels.filter { $0 != "PONG" } == (0..<200).map(String.init))
    #expect(labels.contains("PONG"))
  }

  @Test func `a failed read is reported`() {
    let stage = Stage()
    let neha = person("neha", stage)
    stage.say(neha, "MSG x")
    stage.reading = .fails
    #expect(
      stage.say(neha, "@label=1 HISTORY #lobby LATEST * 9").first?.hasPrefix("@label=1 ERR history-unavailable HISTORY")
        == true)
    #expect(
      stage.say(neha, "@label=1 SEARCH * 9 x").first?.hasPrefix("@label=1 ERR history-unavailable SEARCH") == true)
  }

  @Test func `a user who leaves the room before the answer does not receive it`() {
    let stage = Stage()
    let neha = person("neha", stage, in: "#build")
    stage.say(neha, "SAY #build secret")
    stage.reading = .waits
    stage.say(neha, "HISTORY #build LATEST * 9", "SEARCH #build 9 secret", "SEARCH * 9 secret", "PART #build")
    stage.forget()
    stage.answerRead()
    stage.answerRead()
    stage.answerRead()
    let heard = stage.heard(neha)
    #expect(heard[0].hasPrefix("ERR not-in-room HISTORY"))
    #expect(heard[1].hasPrefix("ERR not-in-room SEARCH"))
    #expect(heard[2...] == ["BATCH +0 search", "BATCH -0"])
  }

  // MARK: Searching

  @Test func `a search covers exactly the readable conversations`() {
    let stage = Stage()
    let neha = person("neha", stage, in: "#build")
    let akash = person("akash", stage, in: "#other")
    let mira = person("mira", stage)
    stage.say(neha, "MSG disk 1", "SAY #build disk 2", "DM akash disk 3")
    stage.say(akash, "SAY #other disk 4", "DM mira disk 5", "DM neha disk 6")
    stage.forget()
    #expect(
      stage.say(neha, "@label=1 SEARCH * 9 disk") == [
        "@label=1 BATCH +0 search", "@batch=0;\(Stage.place(2, id: 6));to=neha DM akash disk 6",
        "@batch=0;\(Stage.place(1, id: 3));to=akash DM neha disk 3",
        "@batch=0;\(Stage.place(1, id: 2));room=#build MSG neha disk 2", "@batch=0;\(Stage.place(1)) MSG neha disk 1",
        "BATCH -0",
      ])
    #expect(stage.say(neha, "SEARCH #build 9 disk").untagged[1...2] == ["MSG neha disk 2", "BATCH -1"])
    #expect(stage.say(neha, "SEARCH @akash 9 disk").count == 4)
    #expect(stage.say(mira, "SEARCH * 9 disk").untagged[1...2] == ["DM akash disk 5", "MSG neha disk 1"])
  }

  @Test func `a search continues at the end of a page`() {
    let stage = Stage()
    let neha = person("neha", stage)
    for number in 1...5 { stage.say(neha, "MSG disk \(number)") }
    #expect(stage.say(neha, "SEARCH * 2 disk")[0] == "@more BATCH +0 search")
    let page = stage.say(neha, "@before=4;label=1 SEARCH * 2 disk")
    #expect(page[0] == "@label=1;more BATCH +1 search")
    #expect(page.untagged[1...2] == ["MSG neha disk 3", "MSG neha disk 2"])
    #expect(
      stage.say(neha, "@before=2 SEARCH * 2 disk").untagged == ["BATCH +2 search", "MSG neha disk 1", "BATCH -2"])
  }

  @Test func `many results are cut, with a sign of more`() {
    let stage = Stage()
    let neha = person("neha", stage)
    let long = String(repeating: "x", count: 4000)
    for _ in 0..<60 { stage.say(neha, "MSG \(long)") }
    let page = stage.say(neha, "SEARCH * 500 xx")
    #expect(page[0] == "@more BATCH +0 search")
    #expect((20..<60).contains(page.count))
  }
}
