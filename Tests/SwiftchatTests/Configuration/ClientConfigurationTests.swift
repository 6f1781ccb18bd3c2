import ChatModel
import ChatProtocol
import ChatUI
import TerminalTypes
import TestSupport
import Testing

@testable import swiftchat

/// The client's settings.
@Suite
struct ClientConfigurationTests {
  private let pin = Pin.example.text

  private func file(_ toml: String) throws -> ClientConfiguration {
    try ClientConfiguration(toml: toml, file: "c.toml")
  }

  private func complaint(about toml: String) -> String? {
    do {
      _ = try file(toml)
      return nil
    } catch { return "\(error)" }
  }

  @Test
  func `every setting reaches the program`() throws {
    let read = try file(
      """
      name = "zoe"
      layout = "classic"
      time-format = "12h"
      theme = "light"
      sidebar = false
      presence = false
      bell = false
      mouse = true
      popup = false
      hyperlinks = false
      paste-lines = 9
      open-links-with = ["firefox", "--new-tab"]
      server = "work"
      connect = ["work", "192.0.2.9:4711"]
      [notify]
      terminal = "osc9"
      command = ["notify-send"]
      rooms = "all"
      direct = "mentions"
      words = ["deploy"]
      [tabs]
      "#dev".notify = "none"
      "@bot".notify = "all"
      [servers.work]
      address = "chat.example.org:4711"
      pin = "\(pin)"
      name = "zoe_w"
      autojoin = ["#dev", "#ops"]
      [servers.home]
      address = "192.0.2.7"
      """)
    #expect(read[ClientSetting.name] == Nickname(testing: "zoe"))
    #expect(read[ClientSetting.connect] == ["work", "192.0.2.9:4711"])
    #expect(read.theme == .light)
    #expect(read.hyperlinks == .off)
    #expect(try file("hyperlinks = true").hyperlinks == .on)
    #expect(try file("hyperlinks = \"auto\"").hyperlinks == .auto)
    #expect(try ClientConfiguration { ["SWIFTCHAT_CLIENT_HYPERLINKS": "true"][$0] }.hyperlinks == .on)
    #expect(read.notificationSequence == .osc9)
    #expect(read[ClientSetting.notifyCommand] == ["notify-send"])
    #expect(read[ClientSetting.openLinksWith] == ["firefox", "--new-tab"])
    var wanted = Preferences()
    (wanted.layout, wanted.timeFormat) = (.classic, .twelveHours)
    (wanted.showsSidebar, wanted.hidesPresence, wanted.notifications.ringsBell) = (false, true, false)
    (wanted.linesWithoutAsking, wanted.opensLinks, wanted.usesMouse, wanted.showsCandidates) = (9, true, true, false)
    (wanted.notifications.sendsTexts, wanted.notifications.words) = (true, ["deploy"])
    (wanted.notifications.rooms, wanted.notifications.directMessages) = (.all, .mentions)
    wanted.notifications.levels = [Target(testing: "#dev"): .none, Target(testing: "@bot"): .all]
    let work = NamedServer(
      label: "work", link: ShareLink(endpoint: try Endpoint("chat.example.org:4711"), pin: Pin(pin)),
      nickname: Nickname(testing: "zoe_w"), autojoin: ["#dev", "#ops"].map(RoomName.init(testing:)))
    wanted.servers = [work, NamedServer(label: "home", link: try ShareLink("192.0.2.7"))]
    #expect(read.preferences == wanted)
    #expect(ClientConfiguration.defaults.preferences == Preferences())
  }

  @Test(arguments: [
    ("layuot = \"classic\"", "line 1: unknown key 'layuot'; did you mean layout?"),
    ("\nlayout = \"Classic\"", "line 2: layout is \"Classic\", which is not one of modern, classic"),
    ("name = \"two words\"", "line 1: name is \"two words\", which is not a name: A name has 1 to 32 bytes"),
    ("open-links-with = \"firefox\"", "which is not a list of a program and its arguments"),
    ("open-links-with = []", "which is not a list of"), ("open-links-with = [\"a\\u0000b\"]", "which is not a list of"),
    ("bell = 1", "line 1: bell is 1, which is not true or false"),
    ("hyperlinks = \"yes\"", "line 1: hyperlinks is \"yes\", which is not true, false or \"auto\""),
    ("port = 4000", "line 1: unknown key 'port'; there are name, server, connect, layout, time-format"),
    ("[servers.work]", "line 1: [servers.work] has no address"),
    ("\n[servers]\nwork.name = \"zoe\"", "line 3: [servers.work] has no address"),
    ("[servers.work]\nadress = \"x\"", "unknown key 'servers.work.adress'; did you mean servers.work.address?"),
    ("[servers.work]\nbell = true", "'servers.work.bell'; there are address, pin, name, autojoin"),
    ("[servers.\"a b\"]\naddress = \"x\"", "line 1: \"a b\" in [servers.…] is not a name for a server"),
    ("[servers.-h]", "line 1: \"-h\" in [servers.…] is not a name for a server"),
    ("[servers.work]\naddress = \"x:0\"", "line 2: servers.work.address is \"x:0\", which is not an address: \"0\""),
    ("[tabs.dev]", "line 1: \"dev\" in [tabs.…] is not a conversation"),
    ("tabs.\"#dev\".notify = \"some\"", "line 1: tabs.\"#dev\".notify is \"some\", which is not one of all, mentions"),
    ("notify.words = [\"!\"]", "which is not a list of at most 50 words"),
    ("servers.work = 3", "line 1: servers.work is 3, which is no table [servers.work]"),
    (
      "[servers.work]\naddress = \"x\"\nautojoin = [\"dev\"]",
      "line 3: servers.work.autojoin is [\"dev\"], which is not"
    ),
    (
      "[servers.work]\naddress = \"swiftchat://x/?pin=\(Pin.example)\"\npin = \"B\(Pin.example.text.dropFirst())\"",
      "c.toml, lines 2 and 3: the link and the pin of [servers.work] name different pins"
    ),
    ("connect = []", "line 1: connect is [], which is not a list of 1 to 8 names of servers, or addresses"),
    ("connect = [\"work\", \"a b\"]", "line 1: connect is"),
    ("server = \"a b\"", "line 1: server is \"a b\", which is not an address: \"a b\" is not a host"),
    ("layout = \"modern\"\nlayout = \"classic\"", "line 2: 'layout' is there already, in line 1"),
    ("layout = ", "line 1: "), ("\u{1}", "line 1: "),
  ])
  func `an invalid file is reported with its line`(toml: String, words: String) {
    #expect(complaint(about: toml)?.hasPrefix("c.toml, line") == true)
    #expect(complaint(about: toml)?.contains(words) == true, "\(complaint(about: toml) ?? "accepted")")
  }

  @Test
  func `variables of the environment override the file, and unknown ones are refused`() throws {
    let environment = try ClientConfiguration { ["SWIFTCHAT_CLIENT_LAYOUT": "classic"][$0] }
    let merged = environment.over(try file("layout = \"modern\"\nbell = false")).over(.defaults)
    #expect(merged[ClientSetting.layout] == .classic)
    #expect(merged.origin(of: ClientSetting.layout) == .environment(variable: "SWIFTCHAT_CLIENT_LAYOUT"))
    #expect(merged.origin(of: ClientSetting.bell) == .file(line: 2))
    #expect(merged.origin(of: ClientSetting.theme) == .standard)
    #expect(merged.origin(of: ClientSetting.name) == nil)
    try ClientConfiguration.checkVariables(["SWIFTCHAT_PORT", "SWIFTCHAT_CLIENT_CONFIG", "SWIFTCHAT_CLIENT_BELL"])
    // The server and the client each ignore the other's variables.
    try ServerConfiguration.checkVariables(["SWIFTCHAT_CLIENT_LAYUOT"])
    let error = #expect(throws: ConfigurationError.self) {
      try ClientConfiguration.checkVariables(["SWIFTCHAT_CLIENT_LAYUOT"])
    }
    #expect(error?.description.contains("did you mean SWIFTCHAT_CLIENT_LAYOUT?") == true)
  }

  @Test
  func `a listing names every setting with its value and origin, and is a settings file`() throws {
    let read = try file(
      "# c\nname = \"zoe\"\nopen-links-with = ['a\"b\\c', \"\u{202e}\\t\"]\n[servers.home]\naddress = \"192.0.2.7\""
    ).over(.defaults)
    let listing = ConfigurationListing(configuration: read).description
    for setting in ClientSetting.all where setting.table == nil {
      #expect(
        listing.split(separator: "\n").contains { line in
          line.hasPrefix("\(setting.name) = ") || line == "# \(setting.name) is not set"
        }, "\(setting.name)")
    }
    #expect(listing.contains("name = \"zoe\"  # line 2\n"))
    #expect(listing.contains("layout = \"modern\"  # default\n"))
    #expect(listing.contains(#"open-links-with = ["a\"b\\c", "\u202e\t"]  # line 3"#), "\(listing)")
    #expect(
      listing.contains("\n[servers.home]\naddress = \"192.0.2.7:4000\"  # line 5\n# pin is not set\n"), "\(listing)")
    #expect(try file(listing) == read)
  }

  @Test(arguments: ["", "a", "a b", "\"", "\\", "\n\r\t\u{0}\u{7f}", "ä→👍\u{200b}\u{e000}\u{10ffff}", "'''\"\"\""])
  func `any text survives being written`(text: String) throws {
    let document = try TOMLDocument("\(TOMLText.key(text)) = \(TOMLText.string(text))")
    #expect(document.entries.map(\.path) == [[text]])
    #expect(document.entries.map(\.value) == [.string(text)])
  }

  @Test
  func `the stamp of a file changes with its content`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/c.toml"
    let missing = FileStamp(of: path)
    #expect(!missing.exists && missing == FileStamp(of: path) && missing != FileStamp(of: nil))
    try "layout = \"modern\"\n".write(toFile: path, atomically: true, encoding: .utf8)
    let first = FileStamp(of: path)
    #expect(first.exists && first == FileStamp(of: path))
    // Editors replace the file by another one of the same name.
    try "layout = \"classi\"\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(FileStamp(of: path) != first)
  }

  @Test
  func `colours are numbers, the closest one to #rrggbb, or the terminal's own`() throws {
    let read = try file(
      "[colors]\nown = 117\nalert = \"#ff8787\"\ngood = \"default\"\nnames = [1, \"#FFFFFF\", \"default\"]")
    var wanted = ColorOverrides()
    (wanted.own, wanted.alert, wanted.good) = (.index(117), .index(210), .standard)
    wanted.names = [.index(1), .index(231), .standard]
    #expect(read.colors == wanted)
    #expect(ClientConfiguration.defaults.colors == ColorOverrides())
    let listing = ConfigurationListing(configuration: read.over(.defaults)).description
    #expect(try file(listing).colors == wanted, "\(listing)")
    let environment = try ClientConfiguration {
      ["SWIFTCHAT_CLIENT_COLORS_OWN": "42", "SWIFTCHAT_CLIENT_COLORS_NAMES": "1, #000000,default"][$0]
    }
    #expect(environment.colors.own == .index(42))
    #expect(environment.colors.names == [.index(1), .index(16), .standard])
    for wrong in [
      "own = 256", "own = -1", "own = \"blue\"", "own = \"#ff\"", "own = \"#gggggg\"", "own = \"#+fffff\"", "own = [1]",
      "own = 1.0", "names = []", "names = 3", "names = [\(Array(repeating: "1", count: 13).joined(separator: ","))]",
      "names = [1, 256]", "other = 1",
    ] {
      #expect(complaint(about: "[colors]\n\(wrong)")?.hasPrefix("c.toml, line 2: ") == true, "\(wrong)")
    }
  }

  @Test
  func `colours that are hard to read on the background of the theme are warned of`() throws {
    func warnings(_ toml: String) throws -> [String] {
      ClientSetting.colorWarnings(in: try file(toml).over(.defaults)).map { "\($0.line ?? 0): \($0.text)" }
    }
    let colors = "\n[colors]\nown = 18\nnames = [226, 1]\ngood = \"default\"\n"
    #expect(
      try warnings("theme = \"dark\"" + colors) == [
        "3: colors.own is 18, whose contrast to a dark background is 1.3: below 4.5 it is hard to read"
      ])
    #expect(
      try warnings("theme = \"light\"" + colors) == [
        "4: colors.names is 226, whose contrast to a light background is 1.0: below 4.5 it is hard to read"
      ])
    #expect(try warnings("theme = \"auto\"" + colors).count == 2)
    #expect(try warnings("").isEmpty)
  }

  @Test
  func `keys change one by one and by preset`() throws {
    let read = try file("[keys]\npaste = [\"Ctrl+N\", \"F9\"]\nquit = []")
    #expect(read.keyMap == KeyMap(changes: [.yank: [.control("n"), Key(.function(9))], .quit: []]))
    #expect(read.preferences.keyMap == read.keyMap)
    let emacs = try file("keys.preset = \"emacs\"\nkeys.search = \"Alt+S\"")
    #expect(emacs.keyMap == KeyMap(preset: .emacs, changes: [.searchPane: [.alt("s")]]))
    let listing = ConfigurationListing(configuration: emacs.over(.defaults)).description
    #expect(listing.contains("page-down = [\"PgDn\", \"Ctrl+V\"]  # preset emacs\n"), "\(listing)")
    #expect(listing.contains("search = \"Alt+S\"  # line 2\n"))
    #expect(try file(listing).keyMap == emacs.keyMap)
    let environment = try ClientConfiguration { ["SWIFTCHAT_CLIENT_KEYS_NEXT_MENTION": "Alt+,,F9"][$0] }
    #expect(environment.keyMap.keys(for: .nextMention) == [.alt(","), Key(.function(9))])
  }

  @Test(arguments: [
    (
      "[keys]\npaste = \"Ctrl+N\"\n\nnext-tab = [\"F9\", \"ctrl-n\"]",
      "c.toml, lines 2 and 4: Ctrl+N is both keys.next-tab and keys.paste"
    ),
    (
      "[keys]\npaste = \"Ctrl+I\"",
      "line 2: keys.paste is \"Ctrl+I\", but \"Ctrl+I\" cannot be bound: terminals send Tab"
    ),
    ("[keys]\npaste = [\"F9\", \"n\"]", "but \"n\" cannot be bound: is a character that is typed"),
    ("[keys]\npaste = [1]", "which is not a key or a list of keys"), ("[keys]\npaste = 1", "is 1, which is not a key"),
    ("[keys]\npasta = \"F9\"", "unknown key 'keys.pasta'; did you mean keys.paste?"),
    ("[keys]\npreset = \"vi\"", "which is not one of standard, weechat, irssi, emacs"),
    ("[keys]\n\nsend = []", "c.toml, line 3: no key sends a message"),
    ("[keys]\nquit = \"Enter\"", "c.toml: no key sends a message"),
  ])
  func `invalid keys are refused`(toml: String, words: String) {
    #expect(complaint(about: toml)?.contains(words) == true, "\(complaint(about: toml) ?? "accepted")")
  }
}
