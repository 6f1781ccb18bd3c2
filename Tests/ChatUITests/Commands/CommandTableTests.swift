import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The table of slash commands.
@Suite
struct CommandTableTests {
  @Test
  func `gives no name twice`() {
    let names = SlashCommand.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
    for name in names { #expect(name == name.folded() && !name.contains { $0.isWhitespace || $0 == "/" }, "\(name)") }
  }

  @Test
  func `finds a command by name and by alias, in any case`() {
    for command in SlashCommand.all {
      for word in [command.name] + command.aliases {
        #expect(SlashCommand.named(word)?.name == command.name)
        #expect(SlashCommand.named(word.uppercased())?.name == command.name)
      }
      #expect(SlashCommand.named("/\(command.name)") == nil)
    }
  }

  @Test
  func `has an alias for a few words that other programs use`() {
    var stage = Stage.online(80, 24, with: ["zoe"])
    stage.enter("/msg zoe psst")
    #expect(stage.takeSends().map(\.text) == ["psst"])
    stage.enter("/leave #swift")
    #expect(stage.takeCommands() == [.client(.part(RoomName(testing: "#swift")))])
    stage.enter("/nick kim")
    #expect(
      stage.takeCommands() == [.rememberName(Nickname(testing: "kim")), .client(.useName(Nickname(testing: "kim")))])
    stage.enter("/exit")
    #expect(stage.takeCommands() == [.quit])
  }

  @Test(arguments: SlashCommand.all.map(\.name))
  func `quotes the parameters of a command in the error about them`(name: String) throws {
    let command = try #require(SlashCommand.named(name))
    guard command.parameters.first.map({ $0 != "[" }) == true else { return }
    var stage = Stage.online(100, 24)
    stage.enter("/\(name)")
    #expect(stage.takeCommands() == [])
    #expect(stage.pane.last?.contains("write it as: \(command.usage)") == true)
  }

  @Test
  func `shows each command with its parameters and its effect in help`() {
    let rows = HelpPage.rows(width: 120).map(\.text)
    for command in SlashCommand.all {
      #expect(rows.contains { $0.hasPrefix(" /\(command.name) \(command.parameters)") }, "\(command.name)")
      #expect(rows.contains { $0.hasSuffix(" \(command.help)") }, "\(command.name)")
    }
  }

  @Test
  func `prevents commands that need a connection or a room from running without one`() {
    for command in SlashCommand.all {
      switch command.scope {
      case .anywhere: continue
      case .online(let otherwise):
        var stage = Stage(120, 24)
        stage.enter("/\(command.name)")
        #expect(stage.takeCommands() == [] && stage.pane.last?.hasSuffix("!! │ \(otherwise)") == true)
      case .room(let otherwise):
        var stage = Stage.online(120, 24, with: ["zoe"])
        stage.enter("/dm zoe")
        stage.enter("/\(command.name) 5")
        #expect(stage.takeCommands() == [] && stage.pane.last?.hasSuffix("!! │ \(otherwise)") == true)
      }
    }
  }
}
