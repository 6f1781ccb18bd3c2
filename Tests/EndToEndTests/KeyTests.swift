import Foundation
import TestSupport
import Testing

/// Names that belong to keys.
@Suite(.interacting, .serialized)
struct KeyTests {
  @Test func `the first key owns its name even while the owner is away`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let zoe = try await host.netcat(as: "zoe")
      let neha = try await Person("neha", in: workspace).chat(at: host.place)
      #expect(try await host.answer(to: "LOGIN neha") == "ERR username-reserved\n")
      #expect(try await host.answer(to: "LOGIN NEHA") == "ERR username-reserved\n")
      try await neha.press("C-q")
      #expect(try await neha.exitStatus() == .exited(0))
      try await zoe.waitFor("INFO neha disconnected\n")
      #expect(try await host.answer(to: "LOGIN neha", "LOGIN akash") == "ERR username-reserved\nOK\n")
    }
  }

  @Test func `the first local user is operator and the second is not`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try await Person("neha", in: workspace).chat(at: host.place)
      try await neha.waitFor(text: "neha (op)")
      #expect(try await host.admin("ops") == "neha")
      let akash = try await Person("akash", in: workspace).chat(at: host.place)
      #expect(try await !akash.screen().contains { $0.contains("(op)") })
      try await akash.say("/kick neha")
      try await akash.waitFor(text: "Only operators may do this.")
      #expect(try await host.admin("ops") == "neha")
    }
  }

  @Test func `after the first operator no local user becomes one automatically`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let person = try Person("neha", in: workspace)
      let neha = try await person.chat(at: host.place)
      try await neha.waitFor(text: "neha (op)")
      #expect(try await host.admin("deop", "neha") == "neha is no operator any more")
      #expect(try await host.admin("ops") == "nobody is an operator")
      try await neha.press("C-q")
      #expect(try await neha.exitStatus() == .exited(0))
      try await host.server.terminate()
      // The next local login, also after a restart and after SIGKILL.
      for (name, signal) in [("akash", SIGTERM), ("zoe", SIGKILL), ("mira", SIGTERM)] {
        let host = try await Host.start(in: workspace)
        _ = try await Person(name, in: workspace).chat(at: host.place)
        let again = try await person.chat(at: host.place)
        #expect(try await host.admin("ops") == "nobody is an operator", "\(name)")
        try await again.press("C-q")
        #expect(try await again.exitStatus() == .exited(0))
        try await host.server.terminate(signal)
      }
      let last = try await Host.start(in: workspace)
      let acts = try await last.admin("audit").split(separator: "\n")
      #expect(acts.count == 2, "\(acts)")
      #expect(try await last.admin("op", "akash") == "akash is an operator")
      #expect(try await last.admin("ops") == "akash")
    }
  }

  @Test func `one user in two terminals has one name and both receive messages`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let person = try Person("neha", in: workspace)
      let first = try await person.chat(at: host.place)
      let second = try await person.chat(at: host.place)
      let zoe = try await host.netcat(as: "zoe")
      try await zoe.send(line: "WHO")
      try await zoe.send(line: "PING")
      try await zoe.waitFor(exactly: "OK\nUSER neha\nUSER zoe\nPONG\n")
      try await zoe.send(line: "MSG for both")
      try await first.waitForMessage("for both", from: "zoe")
      try await second.waitForMessage("for both", from: "zoe")
      try await zoe.send(line: "DM neha psst")
      for session in [first, second] {
        try await session.waitFor(text: "2 @~zoe")
        try await session.press("M-2")
        try await session.waitForMessage("psst", from: "zoe")
      }
      try await first.say("from the first")
      try await second.waitForMessage("from the first", from: "neha")
      // After one terminal has quit, the user is still present.
      try await first.press("C-q")
      #expect(try await first.exitStatus() == .exited(0))
      try await zoe.send(line: "WHO")
      try await zoe.send(line: "MSG done")
      try await second.press("M-1")
      try await second.waitForMessage("done", from: "zoe")
      #expect(!String(decoding: zoe.received, as: UTF8.self).contains("disconnected"))
    }
  }

  @Test func `a user with another key is asked for another name`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      _ = try await Person("neha", in: workspace).chat(at: host.place)
      let other = try await Person("mallory", in: workspace).open(host.place, as: "Neha")
      try await other.waitFor("the question for another name") { rows in
        rows.contains { $0.contains("Choose another, or import its key: Neha is owned.") }
          && rows.last?.hasPrefix(" name› Neha2") == true
      }
      try await other.press("Enter")
      try await other.waitFor(text: "as Neha2")
    }
  }

  @Test func `the name moves with the key`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let person = try Person("neha", in: workspace)
      let first = try await person.chat(at: host.place)
      try await first.press("C-q")
      #expect(try await first.exitStatus() == .exited(0))
      let key = try await person.run("identity", "show")
      #expect(key.status == .exited(0))
      let file = workspace.folder.appendingPathComponent("neha.key").path
      #expect(try await person.run("identity", "export", file).status == .exited(0))
      let elsewhere = try Person("elsewhere", in: workspace)
      #expect(try await elsewhere.run("identity", "import", file).output == key.output)
      let second = try await elsewhere.open(host.place, as: "neha")
      try await second.waitFor(text: "as neha")
      try await second.waitFor(text: "neha (op)")
    }
  }

  @Test func `a second key opens the name until it is removed`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try await Person("neha", in: workspace).chat(at: host.place)
      let laptop = try Person("laptop", in: workspace)
      let key = try await laptop.run("identity", "show").output.trimmingCharacters(in: .newlines)
      let link = try await host.link()
      let request = try await laptop.run("identity", "request", "neha", link).output.trimmingCharacters(in: .newlines)
      try await neha.say("/key add \(request) laptop")
      try await neha.waitFor(text: "the name belongs to the key \(key.prefix(10))…,")
      let second = try await laptop.open(host.place, as: "neha")
      try await second.waitFor(text: "as neha")
      try await neha.say("/key remove \(key)")
      try await neha.waitFor(text: "the name does not belong to the key")
      try await second.waitFor("the reason") { rows in rows.contains { $0.contains("key") && $0.contains("removed") } }
      #expect(try await host.answer(to: "LOGIN neha") == "ERR username-reserved\n")
    }
  }
}
