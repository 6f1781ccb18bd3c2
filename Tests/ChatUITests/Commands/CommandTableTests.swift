import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The table of slash commands.
@Suite
struct CommandTableTests {
  @Test
  func `the command table gives no name twice`() {
    let names = SlashCommand.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
    for name in names { #expect(name == name.folded() && !name.contains { $0.isWhitespace || $0 == "/" }, "\(name)") }
  }

  @Test
  func `the command table finds a command by name and by alias, in any case`() {
    for command in SlashCommand.all {
      for word in [command.name] + command.aliases {
        #expect(SlashCommand.named(word)?.name == command.name)
        #expect(SlashCommand.named(word.uppercased())?.name == command.name)
      }
      #expect(SlashCommand.named("/\(command.name)") == nil)
    }
  }

  @Test
  func `the command table has an alias for a few words that other programs use`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.enter("/msg zoe psst")
    #expect(harness.takeSends().map(\.text) == ["psst"])
    harness.enter("/leave #swift")
    #expect(harness.takeCommands() == [.client(.part(RoomName(testing: "#swift")))])
    harness.enter("/nick kim")
    #expect(harness.takeCommands() == [.client(.useName(Nickname(testing: "kim")))])
    harness.enter("/exit")
    #expect(harness.takeCommands() == [.quit])
  }

  @Test(arguments: [
    ("msg", "dm"), ("query", "dm"), ("q", "dm"), ("m", "dm"), ("j", "join"), ("leave", "part"), ("names", "who"),
    ("n", "who"), ("wi", "whois"), ("nick", "name"), ("list", "rooms"), ("t", "topic"), ("exit", "quit"),
    ("bye", "quit"), ("signoff", "quit"), ("wc", "close"), ("win", "tab"), ("window", "tab"), ("buffer", "tab"),
    ("c", "clear"), ("lastlog", "search"), ("ig", "ignore"), ("server", "connect"),
  ])
  func `the command table knows the words of WeeChat and irssi`(word: String, name: String) {
    #expect(SlashCommand.named(word)?.name == name)
  }

  @Test
  func `the command /tab goes to a tab by number and by name`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.receive(.roomJoined(RoomName(testing: "#dev")))
    harness.receiveDirectMessage(from: "zoe", "psst")
    for (text, target) in [("2", "#dev"), ("zoe", "@zoe"), ("1", "#lobby"), ("dev", "#dev"), ("@zoe", "@zoe")] {
      harness.enter("/win \(text)")
      #expect(harness.interface.tabs.current.target.text == target, "\(text)")
    }
    for text in ["0", "9", "-1", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "nobody"] {
      harness.enter("/tab \(text)")
      #expect(harness.pane.last?.contains("there is no tab \(text)") == true, "\(text)")
    }
  }

  @Test
  func `the command /whois tells what is known about a person`() {
    var harness = InterfaceHarness.online(140, 24, with: ["zoe"])
    let dev = RoomName(testing: "#dev")
    harness.receive(
      .guest(Nickname(testing: "zoe")), .away(Nickname(testing: "zoe"), text: "lunch"), .roomJoined(dev),
      .roster(dev, [Person(Nickname(testing: "zoe"))]))
    harness.enter("/whois @Zoe")
    #expect(harness.pane.last?.contains("~zoe is away: lunch; a guest: nobody owns the name; also in #dev") == true)
    harness.enter("/wi nobody")
    #expect(harness.pane.last?.contains("nobody is not here") == true)
  }

  @Test(arguments: SlashCommand.all.map(\.name))
  func `the command table quotes the parameters of a command in the error about them`(name: String) throws {
    let command = try #require(SlashCommand.named(name))
    guard command.parameters.first.map({ $0 != "[" }) == true else { return }
    var harness = InterfaceHarness.online(100, 24)
    harness.enter("/\(name)")
    #expect(harness.takeCommands() == [])
    #expect(harness.pane.last?.contains("write it as: \(command.usage)") == true)
  }

  @Test
  func `the command table shows each command with its parameters and its effect in help`() {
    let rows = HelpPage.rows(width: 120).map(\.text)
    for command in SlashCommand.all {
      #expect(rows.contains { $0.hasPrefix(" /\(command.name) \(command.parameters)") }, "\(command.name)")
      #expect(rows.contains { $0.hasSuffix(" \(command.help)") }, "\(command.name)")
    }
  }

  @Test
  func `the command table prevents commands that need a connection or a room from running without one`() {
    for command in SlashCommand.all {
      switch command.scope {
      case .anywhere: continue
      case .online(let otherwise):
        var harness = InterfaceHarness(120, 24)
        harness.enter("/\(command.name)")
        #expect(harness.takeCommands() == [] && harness.pane.last?.hasSuffix("!!   \(otherwise)") == true)
      case .room(let otherwise):
        var harness = InterfaceHarness.online(120, 24, with: ["zoe"])
        harness.enter("/dm zoe")
        harness.enter("/\(command.name) 5")
        #expect(harness.takeCommands() == [] && harness.pane.last?.hasSuffix("!!   \(otherwise)") == true)
      }
    }
  }
}
