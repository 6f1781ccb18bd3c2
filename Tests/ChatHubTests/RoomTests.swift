import ChatHub
import ChatProtocol
import TestSupport
import Testing

@Suite struct RoomTests {
  private static let context = ["tags", "presence", "rooms"]

  private func person(_ name: String, _ stage: Stage, in rooms: String...) -> SessionID {
    let id = stage.open(Self.context)
    stage.say(id, "LOGIN \(name)")
    for room in rooms { stage.say(id, "JOIN \(room)") }
    stage.forget()
    return id
  }

  @Test func `a room exists when the first user joins it`() {
    let stage = Stage()
    let neha = person("neha", stage)
    let akash = person("akash", stage)
    #expect(stage.say(neha, "@label=1 JOIN #Build") == ["@label=1;room=#Build OK JOIN"])
    #expect(stage.say(akash, "JOIN #build") == ["@room=#Build OK JOIN"])
    #expect(stage.heard(neha) == ["@room=#Build JOINED akash"])
    #expect(stage.say(akash, "JOIN #BUILD") == ["@room=#Build OK JOIN"])
    #expect(stage.heard(neha) == [])
    #expect(
      stage.say(neha, "WHO #build") == [
        "BATCH +0 who #Build", "@batch=0 USER neha", "@batch=0 USER akash", "BATCH -0",
      ])
    #expect(stage.rooms(of: neha) == ["#lobby", "#Build"])
  }

  @Test func `a message in a room is sent only to its members`() {
    let stage = Stage()
    let neha = person("neha", stage, in: "#build")
    let akash = person("akash", stage, in: "#build")
    let mira = person("mira", stage)
    let plain = stage.join("plain")
    stage.forget()
    #expect(
      stage.say(neha, "@label=1 SAY #BUILD  two  spaces") == [
        "@\(Stage.place(1));room=#build MSG neha  two  spaces", "@label=1;\(Stage.place(1));room=#build OK SAY",
      ])
    #expect(stage.heard(akash) == ["@\(Stage.place(1));room=#build MSG neha  two  spaces"])
    #expect(stage.heard(mira) == [])
    #expect(stage.heard(plain) == [])
    #expect(stage.say(neha, "SAY #lobby all").last == "@\(Stage.place(1, id: 2)) OK SAY")
    #expect(stage.heard(plain) == ["MSG neha all"])
    #expect(stage.say(neha, "SAY @plain psst") == ["@\(Stage.place(1, id: 3)) OK SAY"])
    #expect(stage.heard(plain) == ["DM neha psst"])
  }

  @Test(arguments: [
    ("SAY #other hi", "ERR not-in-room SAY"), ("TOPIC #other hi", "ERR not-in-room TOPIC"),
    ("PART #other", "ERR not-in-room PART"), ("WHO #other", "ERR not-in-room WHO"),
    ("PART #lobby", "ERR cannot-part PART"), ("JOIN lobby", "ERR invalid-room JOIN"),
    ("JOIN #", "ERR invalid-room JOIN"),
    ("JOIN", "ERR invalid-room JOIN"), ("JOIN #x e", "ERR invalid-room JOIN"), ("WHO nobody", "ERR invalid-room WHO"),
    ("SAY hi there", "ERR invalid-say-format SAY"), ("SAY #build", "ERR empty-message SAY"),
    ("SAY @nobody hi", "ERR user-not-found SAY"), ("SAY", "ERR invalid-say-format SAY"),
    ("TOPIC #build \(String(repeating: "x", count: 1025))", "ERR topic-too-long TOPIC"),
  ])
  func `an invalid request is refused`(line: String, error: String) {
    let stage = Stage()
    _ = person("mira", stage, in: "#other")
    let neha = person("neha", stage, in: "#build")
    let answer = stage.say(neha, line)
    #expect(answer.count == 1)
    #expect(answer.first?.hasPrefix(error + " ") == true)
  }

  @Test func `a session that parts a room is sent nothing more of it`() {
    let stage = Stage()
    let neha = person("neha", stage, in: "#build")
    let akash = person("akash", stage, in: "#build")
    stage.forget()
    #expect(stage.say(neha, "@label=1 PART #build") == ["@label=1;room=#build OK PART"])
    #expect(stage.heard(akash) == ["@room=#build LEFT neha parted"])
    stage.say(akash, "SAY #build hi")
    #expect(stage.heard(neha) == [])
    #expect(stage.say(neha, "SAY #build hi").first?.hasPrefix("ERR not-in-room") == true)
    #expect(stage.say(akash, "WHO #build").untagged.filter { $0.hasPrefix("USER") } == ["USER akash"])
  }

  @Test func `a disconnect is announced once`() {
    let stage = Stage()
    let neha = person("neha", stage, in: "#a", "#b")
    let akash = person("akash", stage, in: "#a", "#b")
    stage.forget()
    stage.say(neha, "QUIT")
    #expect(stage.heard(akash) == ["LEFT neha quit"])
    #expect(stage.say(akash, "WHO #a").untagged == ["BATCH +0 who #a", "USER akash", "BATCH -0"])
  }

  @Test func `a user is in a room while any of their terminals is`() {
    let stage = Stage()
    let akash = person("akash", stage, in: "#build")
    let (neha, token) = stage.arrive("neha")
    let (neha2, _) = stage.arrive("neha", token: token)
    stage.say(neha, "JOIN #build")
    #expect(stage.heard(akash) == ["@room=#build JOINED neha"])
    #expect(stage.heard(neha2) == [])
    #expect(stage.say(neha2, "JOIN #build") == ["@room=#build OK JOIN", "SYNC #build e 0"])
    #expect(stage.heard(akash) == [])
    #expect(stage.heard(neha) == [])
    stage.say(neha, "PART #build")
    #expect(stage.heard(akash) == [])
    stage.leave(neha2)
    #expect(stage.heard(akash) == ["@room=#build LEFT neha parted"])
    stage.leave(neha)
    #expect(stage.heard(akash) == ["LEFT neha closed"])
  }

  @Test func `a topic is a message, and applies until the next one`() {
    let stage = Stage()
    let neha = person("neha", stage, in: "#build")
    let akash = person("akash", stage, in: "#build")
    #expect(
      stage.say(neha, "@label=1 TOPIC #build  what  we  build") == [
        "@\(Stage.place(1));room=#build TOPIC neha  what  we  build", "@label=1;\(Stage.place(1));room=#build OK TOPIC",
      ])
    #expect(stage.heard(akash) == ["@\(Stage.place(1));room=#build TOPIC neha  what  we  build"])
    let mira = person("mira", stage)
    #expect(stage.say(mira, "JOIN #build") == ["@room=#build OK JOIN", "@room=#build TOPIC neha  what  we  build"])
    stage.restart()
    let zara = person("zara", stage)
    #expect(stage.say(zara, "JOIN #build").last == "@room=#build TOPIC neha  what  we  build")
    #expect(stage.say(zara, "TOPIC #build").untagged == ["TOPIC zara ", "OK TOPIC"])
    #expect(stage.say(person("x", stage), "JOIN #build") == ["@room=#build OK JOIN"])
    stage.restart()
    #expect(stage.say(person("x", stage), "JOIN #build") == ["@room=#build OK JOIN"])
  }

  @Test func `the lobby's topic is not sent to sessions without rooms`() {
    let stage = Stage()
    let plain = stage.join("plain")
    let (reader, _) = stage.arrive("reader", ["tags", "history"])
    let neha = person("neha", stage)
    stage.forget()
    stage.say(neha, "SAY #lobby one", "TOPIC #lobby welcome", "SAY #lobby two")
    #expect(stage.heard(plain) == ["MSG neha one", "MSG neha two"])
    #expect(stage.heard(reader).untagged == ["MSG neha one", "MSG neha two"])
    #expect(
      stage.say(reader, "HISTORY #lobby LATEST * 10").untagged == [
        "BATCH +0 history #lobby", "MSG neha one", "MSG neha two", "BATCH -0",
      ])
    #expect(stage.say(stage.open(["tags"]), "LOGIN x") == ["@idle=60 OK LOGIN"])
    #expect(stage.say(stage.open(["tags", "rooms"]), "LOGIN y") == ["@idle=60 OK LOGIN", "TOPIC neha welcome"])
  }

  @Test func `rooms are listed with members and topic, most members first`() {
    let stage = Stage()
    let neha = person("neha", stage, in: "#empty", "#build")
    _ = person("akash", stage, in: "#build")
    stage.say(neha, "SAY #empty x", "PART #empty", "TOPIC #build what we build")
    #expect(
      stage.say(neha, "@label=1 ROOMS") == [
        "@label=1 BATCH +0 rooms", "@batch=0 ROOM #lobby 2 ", "@batch=0 ROOM #build 2 what we build",
        "@batch=0 ROOM #empty 0 ", "BATCH -0",
      ])
  }

  @Test func `a room without messages is removed with its last member`() {
    let stage = Stage()
    let neha = person("neha", stage, in: "#Quiet", "#Loud")
    stage.say(neha, "SAY #loud x", "PART #quiet", "PART #loud")
    #expect(stage.say(neha, "ROOMS").untagged == ["BATCH +0 rooms", "ROOM #lobby 1 ", "ROOM #Loud 0 ", "BATCH -0"])
    #expect(stage.say(neha, "JOIN #quiet") == ["@room=#quiet OK JOIN"])
    #expect(stage.say(neha, "JOIN #loud") == ["@room=#Loud OK JOIN"])
  }

  @Test func `a pending message keeps its room`() {
    let stage = Stage()
    let neha = person("neha", stage, in: "#build")
    stage.storage = .waits
    stage.say(neha, "SAY #build x")
    stage.leave(neha, .lost)
    let akash = person("akash", stage)
    #expect(stage.say(akash, "ROOMS").count == 3)
    stage.answerStored()
    #expect(stage.say(akash, "ROOMS").untagged[2] == "ROOM #build 0 ")
  }

  @Test func `a session is in at most a hundred rooms`() {
    let stage = Stage()
    let neha = person("neha", stage)
    for number in 0..<100 { stage.say(neha, "JOIN #\(number)") }
    #expect(stage.say(neha, "JOIN #100").first?.hasPrefix("ERR too-many-rooms JOIN") == true)
    #expect(stage.say(neha, "JOIN #99") == ["@room=#99 OK JOIN"])
    stage.say(neha, "PART #0")
    #expect(stage.say(neha, "JOIN #100") == ["@room=#100 OK JOIN"])
  }

  @Test(.computing) func `there are at most ten thousand rooms, and a list of them has an end`() {
    let stage = Stage()
    var people: [SessionID] = []
    for number in 0..<9_999 {
      if number % 100 == 0 { people.append(person("p\(number / 100)", stage)) }
      if let last = people.last { stage.say(last, "JOIN #\(number)-\(String(repeating: "x", count: 50))") }
    }
    let neha = person("neha", stage)
    #expect(stage.say(neha, "JOIN #another").first?.hasPrefix("ERR too-many-rooms JOIN") == true)
    let list = stage.say(neha, "ROOMS")
    #expect(list.first == "@more BATCH +0 rooms")
    #expect((2000..<5000).contains(list.count))
    stage.leave(people[0])
    stage.forget()
    #expect(stage.say(neha, "JOIN #another") == ["@room=#another OK JOIN"])
  }
}
