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
    #expect(
      harness.takeCommands() == [.rememberName(Nickname(testing: "kim")), .client(.useName(Nickname(testing: "kim")))])
    harness.enter("/exit")
    #expect(harness.takeCommands() == [.quit])
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
