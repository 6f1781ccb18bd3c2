import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct CompletionTests {
  private var harness: InterfaceHarness = {
    var harness = InterfaceHarness.online(80, 10, with: ["akash", "Anna", "zoe", "anton"])
    harness.receiveMessage(from: "Anna", "hi")
    harness.receiveMessage(from: "zoe", "hi")
    harness.receiveMessage(from: "gone", "hi")
    return harness
  }()

  private func after(_ text: String, _ keys: String...) -> String {
    var harness = harness
    harness.type(text)
    for key in keys { harness.press(key) }
    return harness.input
  }

  @Test
  func `completion of names, latest speaker first`() {
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

  @Test
  func `completion omits oneself and users who have left`() {
    #expect(after("ne", "Tab") == "ne")
    #expect(after("gon", "Tab") == "gon")
    #expect(after("q", "Tab", "Shift+Tab") == "q")
  }

  @Test
  func `completion adds the punctuation that follows a name`() {
    #expect(after("hi z", "Tab") == "hi zoe ")
    #expect(after("@z", "Tab") == "@zoe: ")
    #expect(after("hi @z", "Tab") == "hi @zoe ")
    #expect(after("z you", "Ctrl+A", "→", "Tab") == "zoe: you")
    var harness = harness
    harness.paste("hi\nz")
    harness.press("Tab")
    #expect(harness.input == "hi\nzoe: ")
  }

  private func after(_ text: String, among names: [String], _ keys: String...) -> String {
    var harness = InterfaceHarness.online(80, 10, with: names)
    harness.type(text)
    for key in keys { harness.press(key) }
    return harness.input
  }

  @Test(arguments: [
    ("(tar", "taro", "(taro "), ("hi (tar", "taro", "hi (taro "), ("\"@tar", "taro", "\"@taro "),
    ("a/ta", "taro", "a/taro "),
    ("bot", "[bot]", "[bot]: "), ("[bo", "[bot]", "[bot]: "), ("(bot", "[bot]", "([bot] "),
    ("doe", "j.doe", "j.doe: "),
    ("@bot", "[bot]", "@[bot]: "), ("jo", "José", "José: "), ("JOSÉ", "José", "José: "),
    ("jose\u{301}", "José", "José: "),
    ("ｚｏ", "zoe", "zoe: "), ("zo", "Ｚｏｅ", "Ｚｏｅ: "), ("strass", "Straße", "Straße: "), ("민", "민수", "민수: "),
    ("미", "민수", "민수: "),
    ("太", "太郎", "太郎: "), ("おはよう太", "太郎", "おはよう太郎 "), ("ﾀﾛ", "タロウ", "タロウ: "), ("İp", "ipek", "ipek: "),
    ("สม", "สมชาย", "สมชาย: "),
    // These names do not start with the text.
    ("(", "taro", "("), ("xtar", "taro", "xtar"), ("ot", "[bot]", "ot"), ("oe", "j.doe", "oe"),
    ("tar)", "taro", "tar)"),
  ])
  func `completion of names after or within brackets, in any spelling`(
    typed: String, name: String, completed: String
  ) {
    #expect(after(typed, among: [name], "Tab") == completed)
  }

  @Test
  func `completion prefers names that start with the text to names in which a word does`() {
    let names = ["[bot]", "botany", "j.bot"]
    #expect(after("bot", among: names, "Tab") == "botany: ")
    #expect(
      Set([after("bot", among: names, "Tab", "Tab"), after("bot", among: names, "Tab", "Tab", "Tab")]) == [
        "[bot]: ", "j.bot: ",
      ])
  }

  @Test
  func `completion of rooms, in any spelling`() {
    for (typed, completed) in [
      ("#caf", "#Café "), ("#CAFE\u{301}", "#Café "), ("(#ca", "(#Café "), ("/join caf", "/join #Café "),
      ("/join #ｃａ", "/join #Café "),
    ] {
      var harness = InterfaceHarness.online(80, 10)
      harness.receive(.roomJoined(RoomName(testing: "#Café")))
      harness.press("Alt+1")
      harness.type(typed)
      harness.press("Tab")
      #expect(harness.input == completed, "\(typed)")
    }
  }

  @Test
  func `completion starts again after any other key`() {
    #expect(after("a", "Tab", "Backspace", "Backspace", "Tab") == "Anna: ")
    #expect(after("a", "Tab", "z", "Tab") == "Anna: zoe ")
  }

  @Test
  func `completion of commands and their parameters`() {
    #expect(after("/d", "Tab") == "/dm ")
    #expect(after("/D", "Tab") == "/dm ")
    #expect(after("/c", "Tab") == "/create ")
    #expect(after("/c", "Tab", "Tab") == "/connect ")
    #expect(after("/c", "Shift+Tab") == "/clear ")
    #expect(after("/", "Tab") == "/dm ")
    #expect(after("/dm a", "Tab") == "/dm Anna ")
    #expect(after("/dm", "Tab", "Tab") == "/dm zoe ")
    #expect(after("/dm zoe tell a", "Tab") == "/dm zoe tell Anna ")
    #expect(after("/x", "Tab") == "/x")
    #expect(after("//d", "Tab") == "//d")
  }
}
