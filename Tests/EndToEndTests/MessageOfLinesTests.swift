import Foundation
import TestSupport
import Testing

/// A message of several lines, from the keyboard or a script to the others, the log and netcat.
@Suite(.interacting)
struct MessageOfLinesTests {
  @Test func `a pasted text is one message for terminals, scripts and the log, and lines for netcat`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try Person("neha", in: workspace)
      let screen = try await neha.chat(at: host.place)
      let zoe = try await host.netcat(as: "zoe")
      try await screen.waitFor(text: "zoe joined")
      try await screen.paste("look:\n```\nif ok {\n    go()\n}\n```")
      try await screen.waitFor(text: "    go()")
      try await screen.press("Enter")
      try await screen.waitFor(text: "Send 6 lines as one message?")
      try await screen.press("Enter")
      try await screen.waitFor("a block of code behind a bar") { rows in
        rows.contains { $0.hasSuffix("neha    look:") } && rows.contains { $0.hasSuffix("│ if ok {") }
          && rows.contains { $0.hasSuffix("│     go()") } && rows.contains { $0.hasSuffix("│ }") }
          && !rows.contains { $0.contains("```") }
      }
      try await zoe.waitFor(
        "OK\n" + ["look:", "```", "if ok {", "go()", "}", "```"].map { "MSG neha \($0)\n" }.joined())

      let ci = try workspace.launch(
        try Binary.path(), ["send", "--server", host.place, "--name", "ci", "--key", "build-1"])
      try await ci.write("\nfailed:\n\n  step \\n 3\n\n".utf8)
      ci.closeInput()
      #expect(try await ci.end() == .exited(0), "\(ci.report)")
      try await screen.waitFor("the same lines") { rows in
        rows.contains { $0.hasSuffix("ci      failed:") } && rows.contains { $0.hasSuffix("  step \\n 3") }
      }
      let tail = try await neha.run("tail", "--server", host.place, "--name", "bot", "-n", "1")
      #expect(tail.output.hasSuffix(" #lobby ci: failed: ⏎  ⏎   step \\n 3\n"), "\(tail.output) \(tail.errors)")
      let exported = try await host.run("log", "export").lines.map { line in
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        return try #require(object["text"] as? String)
      }
      #expect(exported == ["look:\n```\nif ok {\n    go()\n}\n```", "failed:\n\n  step \\n 3"])
    }
  }
}
