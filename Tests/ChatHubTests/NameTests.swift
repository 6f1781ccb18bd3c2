import ChatHub
import ChatProtocol
import ChatRecords
import Testing

/// Names that resemble text of the program or another name.
@Suite struct NameTests {
  @Test(arguments: ["!!", "--", "-->", "<--", "***", "→", "\u{2500}\u{2500}", "·", "@", "\u{1f98a}", "()", "·!·"])
  func `a name without a letter or digit is refused`(name: String) {
    let stage = Stage.provable()
    #expect(stage.say(stage.open(), "LOGIN \(name)") == ["ERR invalid-username"])
    #expect(stage.come(name, Identity(1)).1.isRefused("invalid-username", "LOGIN"))
  }

  @Test(arguments: ["-neha-", "n", "7", "नेहा", "太郎", "!1", "c\u{1f98a}"])
  func `a letter or digit of any script makes a name`(name: String) {
    #expect(Stage().say(Stage().open(), "LOGIN \(name)").isEmpty)
    let stage = Stage()
    #expect(stage.say(stage.open(), "LOGIN \(name)") == ["OK"])
  }

  @Test func `a name that is owned from earlier stays with its owner`() throws {
    let name = try #require(Nickname("--"))
    let account = Account(
      member: MemberID(5), name: name, keys: [AccountKey(key: Identity(1).key, added: Stage.noon)], created: Stage.noon)
    var settings = HubSettings()
    settings.pin = .test
    let stage = Stage(settings, registry: RegistryState(accounts: [account]))
    #expect(stage.come("--", Identity(1)).1.untagged.first == "OK LOGIN")
  }

  @Test(arguments: ["host", "Server", "EVERYONE"])
  func `reserved words of the server are refused as names`(name: String) {
    let stage = Stage()
    #expect(stage.say(stage.open(), "LOGIN \(name)") == ["ERR username-reserved"])
    #expect(
      stage.say(stage.open(["tags"]), "LOGIN \(name)")
        == ["ERR username-reserved LOGIN The server keeps this name for itself; choose another."])
  }

  @Test(arguments: ["#l\u{43e}bby", "#t\u{435}am", "#\u{442}eam"])
  func `a room name that is confusable with another is refused`(room: String) {
    let stage = Stage.provable()
    let (neha, _) = stage.arrive("neha")
    stage.say(neha, "JOIN #team")
    let isOther = room == "#\u{442}eam"
    let answer = stage.say(neha, "JOIN \(room)")
    #expect(answer.isRefused("room-confusable", "JOIN") == !isOther, "\(answer)")
    let owner = stage.settle("owner", Identity(1))
    #expect(stage.say(owner, "CREATE \(room)").isRefused("room-confusable", "CREATE") == !isOther)
  }

  @Test func `the name of a removed room is free for a confusable one`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    stage.say(neha, "JOIN #team", "PART #team")
    #expect(stage.say(neha, "JOIN #t\u{435}am").untagged.first == "OK JOIN")
    #expect(stage.say(neha, "JOIN #team").isRefused("room-confusable", "JOIN"))
  }
}
