import ChatProtocol
import Testing

@testable import ChatUI

@Suite("Completion")
struct CompletionTests {
  private var stage: Stage = {
    var stage = Stage.online(80, 10, with: ["akash", "Anna", "zoe", "anton"])
    stage.say("Anna", "hi")
    stage.say("zoe", "hi")
    stage.say("gone", "hi")
    return stage
  }()

  private func after(_ text: String, _ keys: String...) -> String {
    var stage = stage
    stage.type(text)
    for key in keys { stage.press(key) }
    return stage.input
  }

  @Test("names, who spoke last first")
  func names() {
    #expect(after("z", "Tab") == "zoe: ")
    #expect(after("a", "Tab") == "Anna: ")
    #expect(after("a", "Tab", "Tab") == "akash: ")
    #expect(after("a", "Tab", "Tab", "Tab") == "anton: ")
    #expect(after("a", "Tab", "Tab", "Tab", "Tab") == "Anna: ")
    #expect(after("a", "Shift+Tab") == "anton: ")
    #expect(after("a", "Tab", "Shift+Tab", "Shift+Tab") == "akash: ")
    #expect(after("", "Tab") == "zoe: ")
    #expect(after("AN", "Tab") == "Anna: ")
  }

  @Test("not oneself, nobody who is gone, nothing else")
  func nobody() {
    #expect(after("ne", "Tab") == "ne")
    #expect(after("gon", "Tab") == "gon")
    #expect(after("q", "Tab", "Shift+Tab") == "q")
  }

  @Test("with what belongs behind a name there")
  func places() {
    #expect(after("hi z", "Tab") == "hi zoe ")
    #expect(after("@z", "Tab") == "@zoe: ")
    #expect(after("hi @z", "Tab") == "hi @zoe ")
    #expect(after("z you", "Ctrl+A", "→", "Tab") == "zoe: you")
    var stage = stage
    stage.paste("hi\nz")
    stage.press("Tab")
    #expect(stage.input == "hi\nzoe: ")
  }

  @Test("begins anew after any other key")
  func renewed() {
    #expect(after("a", "Tab", "Backspace", "Backspace", "Tab") == "Anna: ")
    #expect(after("a", "Tab", "z", "Tab") == "Anna: zoe ")
  }

  @Test("commands, and the names behind them")
  func commands() {
    #expect(after("/d", "Tab") == "/dm ")
    #expect(after("/D", "Tab") == "/dm ")
    #expect(after("/c", "Tab") == "/create ")
    #expect(after("/c", "Tab", "Tab") == "/connect ")
    #expect(after("/c", "Shift+Tab") == "/clear ")
    #expect(after("/", "Tab") == "/dm ")
    #expect(after("/dm a", "Tab") == "/dm Anna ")
    #expect(after("/d", "Tab", "Tab") == "/dm zoe ")
    #expect(after("/dm zoe tell a", "Tab") == "/dm zoe tell Anna ")
    #expect(after("/x", "Tab") == "/x")
    #expect(after("//d", "Tab") == "//d")
  }
}
