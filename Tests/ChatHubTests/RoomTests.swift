import ChatHub
import ChatProtocol
import TestSupport
import Testing

@Suite struct RoomTests {
  private static let context = ["tags", "presence", "rooms"]

  private func person(_ name: String, _ harness: HubHarness, in rooms: String...) -> SessionID {
    let id = harness.connect(Self.context)
    harness.send(as: id, "LOGIN \(name)")
    for room in rooms { harness.send(as: id, "JOIN \(room)") }
    harness.discardOutput()
    return id
  }

  @Test func `a room exists when the first user joins it`() {
    let harness = HubHarness()
    let neha = person("neha", harness)
    let akash = person("akash", harness)
    #expect(harness.send(as: neha, "@label=1 JOIN #Build") == ["@label=1;room=#Build OK JOIN"])
    #expect(harness.send(as: akash, "JOIN #build") == ["@room=#Build OK JOIN"])
    #expect(harness.takeOutput(of: neha) == ["@room=#Build JOINED akash"])
    #expect(harness.send(as: akash, "JOIN #BUILD") == ["@room=#Build OK JOIN"])
    #expect(harness.takeOutput(of: neha) == [])
    #expect(
      harness.send(as: neha, "WHO #build") == [
        "BATCH +0 who #Build", "@batch=0 USER neha", "@batch=0 USER akash", "BATCH -0",
      ])
    #expect(harness.rooms(of: neha) == ["#lobby", "#Build"])
  }

  @Test func `a message in a room is sent only to its members`() {
    let harness = HubHarness()
    let neha = person("neha", harness, in: "#build")
    let akash = person("akash", harness, in: "#build")
    let mira = person("mira", harness)
    let plain = harness.logIn("plain")
    harness.discardOutput()
    #expect(
      harness.send(as: neha, "@label=1 SAY #BUILD  two  spaces") == [
        "@\(HubHarness.place(1));room=#build MSG neha  two  spaces",
        "@label=1;\(HubHarness.place(1));room=#build OK SAY",
      ])
    #expect(harness.takeOutput(of: akash) == ["@\(HubHarness.place(1));room=#build MSG neha  two  spaces"])
    #expect(harness.takeOutput(of: mira) == [])
    #expect(harness.takeOutput(of: plain) == [])
    #expect(harness.send(as: neha, "SAY #lobby all").last == "@\(HubHarness.place(1, id: 2)) OK SAY")
    #expect(harness.takeOutput(of: plain) == ["MSG neha all"])
    #expect(harness.send(as: neha, "SAY @plain psst") == ["@\(HubHarness.place(1, id: 3)) OK SAY"])
    #expect(harness.takeOutput(of: plain) == ["DM neha psst"])
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
    let harness = HubHarness()
    _ = person("mira", harness, in: "#other")
    let neha = person("neha", harness, in: "#build")
    let answer = harness.send(as: neha, line)
    #expect(answer.count == 1)
    #expect(answer.first?.hasPrefix(error + " ") == true)
  }

  @Test func `a session that parts a room is sent nothing more of it`() {
    let harness = HubHarness()
    let neha = person("neha", harness, in: "#build")
    let akash = person("akash", harness, in: "#build")
    harness.discardOutput()
    #expect(harness.send(as: neha, "@label=1 PART #build") == ["@label=1;room=#build OK PART"])
    #expect(harness.takeOutput(of: akash) == ["@room=#build LEFT neha parted"])
    harness.send(as: akash, "SAY #build hi")
    #expect(harness.takeOutput(of: neha) == [])
    #expect(harness.send(as: neha, "SAY #build hi").first?.hasPrefix("ERR not-in-room") == true)
    #expect(harness.send(as: akash, "WHO #build").untagged.filter { $0.hasPrefix("USER") } == ["USER akash"])
  }

  @Test func `a part is announced only to sessions with presence`() {
    let harness = HubHarness()
    let neha = person("neha", harness, in: "#build")
    let akash = harness.connect(["tags", "rooms"])
    harness.send(as: akash, "LOGIN akash", "JOIN #build")
    harness.discardOutput()
    harness.send(as: neha, "PART #build")
    #expect(harness.takeOutput(of: akash) == [])
    harness.send(as: neha, "QUIT")
    #expect(harness.takeOutput(of: akash) == ["INFO neha disconnected"])
  }

  @Test func `a disconnect is announced once`() {
    let harness = HubHarness()
    let neha = person("neha", harness, in: "#a", "#b")
    let akash = person("akash", harness, in: "#a", "#b")
    harness.discardOutput()
    harness.send(as: neha, "QUIT")
    #expect(harness.takeOutput(of: akash) == ["LEFT neha quit"])
    #expect(harness.send(as: akash, "WHO #a").untagged == ["BATCH +0 who #a", "USER akash", "BATCH -0"])
  }

  @Test func `a user is in a room while any of their terminals is`() {
    let harness = HubHarness()
    let akash = person("akash", harness, in: "#build")
    let (neha, token) = harness.logInTagged("neha")
    let (neha2, _) = harness.logInTagged("neha", token: token)
    harness.send(as: neha, "JOIN #build")
    #expect(harness.takeOutput(of: akash) == ["@room=#build JOINED neha"])
    #expect(harness.takeOutput(of: neha2) == [])
    #expect(harness.send(as: neha2, "JOIN #build") == ["@room=#build OK JOIN", "SYNC #build e 0"])
    #expect(harness.takeOutput(of: akash) == [])
    #expect(harness.takeOutput(of: neha) == [])
    harness.send(as: neha, "PART #build")
    #expect(harness.takeOutput(of: akash) == [])
    harness.disconnect(neha2)
    #expect(harness.takeOutput(of: akash) == ["@room=#build LEFT neha parted"])
    harness.disconnect(neha)
    #expect(harness.takeOutput(of: akash) == ["LEFT neha closed"])
  }

  @Test func `a topic is a message, and applies until the next one`() {
    let harness = HubHarness()
    let neha = person("neha", harness, in: "#build")
    let akash = person("akash", harness, in: "#build")
    #expect(
      harness.send(as: neha, "@label=1 TOPIC #build  what  we  build") == [
        "@\(HubHarness.place(1));room=#build TOPIC neha  what  we  build",
        "@label=1;\(HubHarness.place(1));room=#build OK TOPIC",
      ])
    #expect(harness.takeOutput(of: akash) == ["@\(HubHarness.place(1));room=#build TOPIC neha  what  we  build"])
    let mira = person("mira", harness)
    #expect(
      harness.send(as: mira, "JOIN #build") == ["@room=#build OK JOIN", "@room=#build TOPIC neha  what  we  build"])
    harness.restart()
    let zara = person("zara", harness)
    #expect(harness.send(as: zara, "JOIN #build").last == "@room=#build TOPIC neha  what  we  build")
    #expect(harness.send(as: zara, "TOPIC #build").untagged == ["TOPIC zara ", "OK TOPIC"])
    #expect(harness.send(as: person("x", harness), "JOIN #build") == ["@room=#build OK JOIN"])
    harness.restart()
    #expect(harness.send(as: person("x", harness), "JOIN #build") == ["@room=#build OK JOIN"])
  }

  @Test func `the lobby's topic is not sent to sessions without rooms`() {
    let harness = HubHarness()
    let plain = harness.logIn("plain")
    let (reader, _) = harness.logInTagged("reader", ["tags", "history"])
    let neha = person("neha", harness)
    harness.discardOutput()
    harness.send(as: neha, "SAY #lobby one", "TOPIC #lobby welcome", "SAY #lobby two")
    #expect(harness.takeOutput(of: plain) == ["MSG neha one", "MSG neha two"])
    #expect(harness.takeOutput(of: reader).untagged == ["MSG neha one", "MSG neha two"])
    #expect(
      harness.send(as: reader, "HISTORY #lobby LATEST * 10").untagged == [
        "BATCH +0 history #lobby", "MSG neha one", "MSG neha two", "BATCH -0",
      ])
    #expect(harness.send(as: harness.connect(["tags"]), "LOGIN x") == ["@idle=60 OK LOGIN"])
    #expect(
      harness.send(as: harness.connect(["tags", "rooms"]), "LOGIN y") == ["@idle=60 OK LOGIN", "TOPIC neha welcome"])
  }

  @Test func `rooms are listed with members and topic, most members first`() {
    let harness = HubHarness()
    let neha = person("neha", harness, in: "#empty", "#build")
    _ = person("akash", harness, in: "#build")
    harness.send(as: neha, "SAY #empty x", "PART #empty", "TOPIC #build what we build")
    #expect(
      harness.send(as: neha, "@label=1 ROOMS") == [
        "@label=1 BATCH +0 rooms", "@batch=0 ROOM #lobby 2 ", "@batch=0 ROOM #build 2 what we build",
        "@batch=0 ROOM #empty 0 ", "BATCH -0",
      ])
  }

  @Test func `a room without messages is removed with its last member`() {
    let harness = HubHarness()
    let neha = person("neha", harness, in: "#Quiet", "#Loud")
    harness.send(as: neha, "SAY #loud x", "PART #quiet", "PART #loud")
    #expect(
      harness.send(as: neha, "ROOMS").untagged == ["BATCH +0 rooms", "ROOM #lobby 1 ", "ROOM #Loud 0 ", "BATCH -0"])
    #expect(harness.send(as: neha, "JOIN #quiet") == ["@room=#quiet OK JOIN"])
    #expect(harness.send(as: neha, "JOIN #loud") == ["@room=#Loud OK JOIN"])
  }

  @Test func `a pending message keeps its room`() {
    let harness = HubHarness()
    let neha = person("neha", harness, in: "#build")
    harness.storage = .waits
    harness.send(as: neha, "SAY #build x")
    harness.disconnect(neha, .lost)
    let akash = person("akash", harness)
    #expect(harness.send(as: akash, "ROOMS").count == 3)
    harness.answerStore()
    #expect(harness.send(as: akash, "ROOMS").untagged[2] == "ROOM #build 0 ")
  }

  @Test func `a session is in at most a hundred rooms`() {
    let harness = HubHarness()
    let neha = person("neha", harness)
    for number in 0..<100 { harness.send(as: neha, "JOIN #\(number)") }
    #expect(harness.send(as: neha, "JOIN #100").first?.hasPrefix("ERR too-many-rooms JOIN") == true)
    #expect(harness.send(as: neha, "JOIN #99") == ["@room=#99 OK JOIN"])
    harness.send(as: neha, "PART #0")
    #expect(harness.send(as: neha, "JOIN #100") == ["@room=#100 OK JOIN"])
  }

  @Test(.computing) func `there are at most ten thousand rooms, and a list of them has an end`() {
    let harness = HubHarness()
    var people: [SessionID] = []
    for number in 0..<9_999 {
      if number % 100 == 0 { people.append(person("p\(number / 100)", harness)) }
      if let last = people.last { harness.send(as: last, "JOIN #\(number)-\(String(repeating: "x", count: 50))") }
    }
    let neha = person("neha", harness)
    #expect(harness.send(as: neha, "JOIN #another").first?.hasPrefix("ERR too-many-rooms JOIN") == true)
    let list = harness.send(as: neha, "ROOMS")
    #expect(list.first == "@more BATCH +0 rooms")
    #expect((2000..<5000).contains(list.count))
    harness.disconnect(people[0])
    harness.discardOutput()
    #expect(harness.send(as: neha, "JOIN #another") == ["@room=#another OK JOIN"])
  }
}
