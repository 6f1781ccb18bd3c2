import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatHub

/// Names that resemble text of the program or another name.
@Suite struct NameTests {
  @Test(arguments: ["!!", "--", "-->", "<--", "***", "→", "\u{2500}\u{2500}", "·", "@", "\u{1f98a}", "()", "·!·"])
  func `a name without a letter or digit is refused`(name: String) {
    let harness = HubHarness.withPin()
    #expect(harness.send(as: harness.connect(), "LOGIN \(name)") == ["ERR invalid-username"])
    #expect(harness.requestLogin(name, TestKey(1)).1.isRefused("invalid-username", "LOGIN"))
  }

  @Test(arguments: ["-neha-", "n", "7", "नेहा", "太郎", "!1", "c\u{1f98a}", "ខ្មែរ", "မန္တလေး", "1\u{20e3}"])
  func `a letter or digit of any script makes a name`(name: String) {
    #expect(HubHarness().send(as: HubHarness().connect(), "LOGIN \(name)").isEmpty)
    let harness = HubHarness()
    #expect(harness.send(as: harness.connect(), "LOGIN \(name)") == ["OK"])
  }

  @Test(arguments: ["bob\u{378}", "bob\u{fffe}", "bob\u{e000}", "bob\u{16fe4}", "bo\u{17d2}b"])
  func `a new name that nobody can see whole is refused with the reason`(name: String) {
    let harness = HubHarness.withPin()
    #expect(harness.send(as: harness.connect(), "LOGIN \(name)") == ["ERR invalid-username"])
    let refusal = "ERR invalid-username LOGIN \(ErrorCode.shapelessName)"
    #expect(harness.send(as: harness.connect(["tags"]), "LOGIN \(name)") == [refusal])
    #expect(harness.requestLogin(name, TestKey(1)).1.isRefused("invalid-username", "LOGIN"))
  }

  private static let former = ["--", "bob\u{2d7f}"]

  @Test(arguments: former)
  func `a name that is owned from earlier stays with its owner`(name: String) {
    let account = Account(
      member: MemberID(5), name: Nickname(testing: name),
      keys: [AccountKey(key: TestKey(1).key, added: HubHarness.noon)], created: HubHarness.noon)
    var settings = HubSettings()
    settings.pin = .test
    let harness = HubHarness(settings, registry: RegistryState(accounts: [account]))
    #expect(harness.requestLogin(name, TestKey(1)).1.untagged.first == "OK LOGIN")
  }

  @Test(arguments: former)
  func `a name that a guest had earlier stays with the token that was given under it`(name: String) {
    let harness = HubHarness()
    let token = harness.hub.admission.seal.close(
      Token(member: MemberID(5), name: Nickname(testing: name), login: LoginID(6)))
    func logIn(_ name: String) -> [String] {
      harness.send(as: harness.connect(HubHarness.allCapabilities), "@token=\(token) LOGIN \(name)")
    }
    #expect(logIn("other\u{2d7f}").isRefused("invalid-username", "LOGIN"))
    let (guest, answer) = harness.resume(token)
    #expect(answer.untagged.first == "OK RESUME")
    harness.disconnect(guest)
    #expect(logIn(name).untagged.first == "OK LOGIN")
  }

  @Test(arguments: ["host", "Server", "EVERYONE"])
  func `reserved words of the server are refused as names`(name: String) {
    let harness = HubHarness()
    #expect(harness.send(as: harness.connect(), "LOGIN \(name)") == ["ERR username-reserved"])
    #expect(
      harness.send(as: harness.connect(["tags"]), "LOGIN \(name)")
        == ["ERR username-reserved LOGIN The server keeps this name for itself; choose another."])
  }

  @Test(arguments: ["#l\u{43e}bby", "#t\u{435}am", "#\u{442}eam"])
  func `a room name that is confusable with another is refused`(room: String) {
    let harness = HubHarness.withPin()
    let (neha, _) = harness.logInTagged("neha")
    harness.send(as: neha, "JOIN #team")
    let isOther = room == "#\u{442}eam"
    let answer = harness.send(as: neha, "JOIN \(room)")
    #expect(answer.isRefused("room-confusable", "JOIN") == !isOther, "\(answer)")
    let owner = harness.logInOwner("owner", TestKey(1))
    #expect(harness.send(as: owner, "CREATE \(room)").isRefused("room-confusable", "CREATE") == !isOther)
  }

  @Test(arguments: ["#\u{1f3fb}", "#\u{1f3fd}\u{1f3ff}"])
  func `a new room needs a name that can be seen, and an older room keeps its name`(name: String) throws {
    let harness = HubHarness.withPin()
    let (neha, token) = harness.logInTagged("neha")
    let owner = harness.logInOwner("owner", TestKey(1))
    harness.discardOutput()
    #expect(harness.send(as: neha, "JOIN \(name)").isRefused("invalid-room", "JOIN"))
    #expect(harness.send(as: owner, "CREATE \(name)").isRefused("invalid-room", "CREATE"))
    #expect(harness.send(as: neha, "JOIN #\u{1f44d}\u{1f3fb}").untagged.first == "OK JOIN")
    let (back, _) = harness.resume(token, "\(name) e 0")
    #expect(harness.rooms(of: back) == ["#lobby"])
    let room = try #require(RoomName(name))
    _ = harness.log.append(
      NewMessage(conversation: .room(room), author: Nickname(testing: "zoe"), member: MemberID(5), text: "hi"))
    harness.restart()
    let (mira, _) = harness.logInTagged("mira")
    #expect(harness.send(as: mira, "JOIN \(name)").untagged.first == "OK JOIN")
    #expect(harness.send(as: mira, "HISTORY \(name) LATEST * 5").untagged.contains("MSG zoe hi"))
  }

  @Test(arguments: ["#team\u{fffe}", "#team\u{378}", "#team\u{16fe4}", "#\u{e000}"])
  func `a new room has no invisible or unknown character in its name`(name: String) {
    let harness = HubHarness.withPin()
    let (neha, _) = harness.logInTagged("neha")
    let owner = harness.logInOwner("owner", TestKey(1))
    #expect(harness.send(as: neha, "JOIN \(name)").isRefused("invalid-room", "JOIN"))
    #expect(harness.send(as: owner, "CREATE \(name)").isRefused("invalid-room", "CREATE"))
  }

  @Test func `the name of a removed room is free for a confusable one`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    harness.send(as: neha, "JOIN #team", "PART #team")
    #expect(harness.send(as: neha, "JOIN #t\u{435}am").untagged.first == "OK JOIN")
    #expect(harness.send(as: neha, "JOIN #team").isRefused("room-confusable", "JOIN"))
  }
}
