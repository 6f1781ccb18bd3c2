import Foundation
import TestSupport
import Testing

/// Users in terminals and netcat, connected to a real server.
@Suite(.interacting, .serialized)
struct ConversationTests {
  @Test func `two terminals and netcat hold a conversation`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let neha = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port, columns: 100)
      let akash = try await TerminalSession.chat(in: workspace, as: "akash", port: server.port)
      try await neha.waitFor(text: "akash joined")
      let zoe = try NetcatClient.connect(in: workspace, port: server.port)
      try await zoe.send(line: "LOGIN zoe")
      try await zoe.waitFor(exactly: "OK\n")
      try await neha.waitFor(text: "zoe joined")
      // The sidebar is updated live: three users by name.
      try await neha.waitFor("three people in the list") { rows in
        rows[1].hasSuffix("3 in #lobby") && rows[2].hasSuffix("● ~akash") && rows[3].hasSuffix("● neha      you, op")
          && rows[4].hasSuffix("● ~zoe")
      }

      try await neha.say("good morning, 你好 👍")
      try await akash.waitForMessage("good morning, 你好 👍", from: "neha")
      try await neha.waitForMessage("good morning, 你好 👍", from: "neha")
      try await zoe.waitFor(exactly: "OK\nMSG neha good morning, 你好 👍\n")

      try await zoe.send(line: "MSG   hello   from netcat ")
      try await neha.waitForMessage("hello from netcat", from: "zoe")
      try await zoe.send(line: "DM neha only for you")
      try await neha.waitFor(text: "2 @~zoe•1")
      try await neha.press("M-2")
      try await neha.waitForMessage("only for you", from: "zoe")
      try await neha.say("thank you")
      try await neha.waitForMessage("thank you", from: "neha")
      try await zoe.waitFor(
        exactly: "OK\nMSG neha good morning, 你好 👍\nMSG zoe hello from netcat\nDM neha thank you\n")
      // The private messages reached no other user.
      try await akash.say("are we complete?")
      let rows = try await akash.waitForMessage("are we complete?", from: "akash")
      #expect(!rows.contains { $0.contains("only for you") || $0.contains("thank you") })

      try await zoe.terminate()
      try await akash.waitFor(text: "zoe left")
      try await akash.waitFor("two people in the list") { $0[0].hasSuffix("2 ☺") }
    }
  }

  @Test func `tabs are opened, switched and closed`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let neha = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
      let akash = try await TerminalSession.chat(in: workspace, as: "akash", port: server.port)
      try await neha.waitFor(text: "akash joined")
      try await neha.say("/dm akash psst")
      try await neha.waitFor(text: "2 @~akash")
      try await neha.waitForMessage("psst", from: "neha")
      try await akash.waitFor(text: "2 @neha•1")
      // A draft stays with its tab.
      try await neha.type("half a tho")
      try await neha.press("M-1")
      try await neha.waitFor("the lobby with an empty input") {
        $0.last?.hasSuffix("›") == true && $0.contains { $0.contains("akash joined") }
      }
      try await neha.press("C-n")
      try await neha.waitFor("the draft") { $0.last?.hasSuffix("› half a tho") == true }
      try await neha.type("ught")
      try await neha.press("Enter")
      try await akash.press("M-a")
      try await akash.waitForMessage("half a thought", from: "neha")
      try await akash.press("C-p")
      try await akash.waitFor(text: "as akash")
      // Enter on a name in the sidebar also opens a tab.
      try await akash.press("M-2")
      try await akash.say("/close")
      try await akash.waitFor("one tab") { !$0[0].contains("@neha") }
      try await akash.press("F6", "Down", "Enter")
      try await akash.waitFor(text: "2 @neha")
    }
  }

  @Test func `the screen survives resizes during a flood`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let neha = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
      let flood = try RawClient.connect(port: server.port)
      try await flood.send("LOGIN flood\n")
      try await flood.waitFor("OK\n")
      let sizes = [(40, 10), (20, 5), (100, 30), (7, 2), (61, 12), (1, 1), (120, 40), (80, 24)]
      for (round, size) in sizes.enumerated() {
        let lines = (0..<300).map { "MSG line \(round).\($0) with 你好 and e\u{301} and \($0 % 7)\n" }
        try await flood.send(lines.joined())
        try await neha.resize(columns: size.0, rows: size.1)
      }
      try await flood.send("MSG that was all\n")
      // Until the last size is drawn, the terminal shows the screen of the previous one.
      let rows = try await neha.waitFor("the whole screen at its last size") { rows in
        rows.count == 24 && rows[0].hasPrefix(" 1 #lobby") && rows[23] == " #lobby›"
          && rows.author(of: "that was all") == "~flood"
      }
      #expect(rows.allSatisfy { !$0.contains("\u{fffd}") })
      try await neha.say("still here")
      try await neha.waitForMessage("still here", from: "neha")
    }
  }

  @Test func `new messages do not move a scrolled transcript`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let neha = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
      let zoe = try RawClient.connect(port: server.port)
      try await zoe.send("LOGIN zoe\n" + (1...60).map { "MSG number \($0)\n" }.joined())
      try await neha.waitForMessage("number 60", from: "zoe")
      try await neha.press("PPage")
      let before = try await neha.waitFor("the page above") {
        $0.contains { $0.hasSuffix("number 30") }
      }
      try await zoe.send("MSG one more\nMSG and another\n")
      let after = try await neha.waitFor("the sign that there is more") {
        $0.contains { $0.contains("below") } && $0 != before
      }
      #expect(Array(after[1..<22]) == Array(before[1..<22]))
      try await neha.press("M-End")
      try await neha.waitForMessage("and another", from: "zoe")
    }
  }

  @Test func `a paste is not sent until Enter is pressed`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let neha = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
      let zoe = try NetcatClient.connect(in: workspace, port: server.port)
      try await zoe.send(line: "LOGIN zoe")
      try await zoe.waitFor(exactly: "OK\n")
      try await neha.waitFor(text: "zoe joined")
      try await neha.paste("first\nsecond\n")
      try await neha.waitFor("both lines in the input") {
        $0.contains(" #lobby› first") && $0.contains("         second")
      }
      try await zoe.send(line: "PING")
      try await zoe.waitFor(exactly: "OK\nPONG\n")
      try await neha.press("Enter")
      try await zoe.waitFor(exactly: "OK\nPONG\nMSG neha first\nMSG neha second\n")
    }
  }
}
