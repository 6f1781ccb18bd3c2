#if os(Linux)
  import ChatLog
  import Foundation
  import TestSupport
  import Testing

  /// The behaviour of client and server when they cannot write their files. A limit on the file size replaces a full
  /// disk: it needs no privileges and affects only one process.
  @Suite(.serialized, .interacting)
  struct FullDiskTests {
    private func limitFiles(of session: TerminalSession, to bytes: String, in workspace: Workspace) async throws {
      try await limitFiles(of: session.processID, to: bytes, in: workspace)
    }

    private func limitFiles(of process: pid_t, to bytes: String, in workspace: Workspace) async throws {
      let child = try workspace.launch(try Tool.path("prlimit"), ["--pid", "\(process)", "--fsize=\(bytes):"])
      #expect(try await child.end() == .exited(0), "\(child.report)")
    }

    private func conversations(_ workspace: Workspace) -> URL {
      workspace.state.appendingPathComponent("swiftchat/conversations", isDirectory: true)
    }

    private func waitUntilKept(_ text: String, port: Int, in workspace: Workspace) async throws {
      let file = conversations(workspace).appendingPathComponent("localhost_\(port).json")
      let isKept = try await Patience.answer { () -> Bool? in
        (try? String(contentsOf: file, encoding: .utf8))?.contains(text) == true ? true : nil
      }
      try #require(isKept == true)
    }

    private func files(_ workspace: Workspace) throws -> Set<String> {
      Set(try FileManager.default.contentsOfDirectory(atPath: conversations(workspace).path))
    }

    @Test func `a disk that fills up causes no loss`() async throws {
      try await Workspace.use { workspace in
        let server = try await ServerProcess.start(in: workspace)
        let first = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
        try await first.type("kept before")
        try await waitUntilKept("kept before", port: server.port, in: workspace)
        let before = try files(workspace)
        try await limitFiles(of: first, to: "0", in: workspace)
        try await first.type(" and after")
        try await first.waitFor(text: "typed text cannot be saved")
        try await first.waitFor("the reason, and what is not saved") { rows in
          rows.words.contains("File too large") && rows.contains { $0.contains(" not saved · ") }
            && rows.last?.hasSuffix("› kept before and after") == true
        }
        // The earlier file is complete, without a partial one next to it. Each new attempt to save has one for a moment.
        try await waitUntilKept("kept before", port: server.port, in: workspace)
        let isAlone = try await Patience.answer { try files(workspace) == before ? true : nil }
        #expect(isAlone == true)
        try await first.press("C-q")
        try await first.waitFor("the question") { rows in
          let screen = rows.words
          return screen.contains("#lobby has a draft") && screen.contains("y: leave, and lose it")
        }
        try await first.press("Escape")
        try await first.waitFor("no question") { !$0.contains { $0.contains("y: leave") } }
        // The disk has space again.
        try await limitFiles(of: first, to: "unlimited", in: workspace)
        try await first.waitFor(text: "typed text is saved again")
        try await first.waitFor("nothing that is not saved") { !$0.contains { $0.contains(" not saved · ") } }
        try await first.press("C-q")
        #expect(try await first.exitStatus() == .exited(0))
        let second = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
        try await second.waitFor("the draft") { $0.last?.hasSuffix("› kept before and after") == true }
      }
    }

    @Test func `unsaved text is printed when the user cannot be asked`() async throws {
      try await Workspace.use { workspace in
        let reserved = try ReservedPort()
        let server = try await ServerProcess.start(in: workspace, port: reserved.number)
        let client = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
        try await limitFiles(of: client, to: "0", in: workspace)
        try await server.terminate(SIGKILL)
        try await client.waitFor(text: "offline, again in")
        try await client.say("nobody has this yet")
        // Lines that arrive at once would be a paste.
        try await client.waitFor(text: "--:--")
        try await client.type("nor this")
        try await client.waitFor("the message and the draft") { rows in
          rows.last?.hasSuffix("› nor this") == true && rows.contains { $0.contains("--:--") }
            && rows.contains { $0.contains(" not saved · ") }
        }
        client.signal(SIGTERM)
        #expect(try await client.exitStatus() == .exited(1))
        let rows = try await client.screen()
        #expect(rows.contains { $0.hasPrefix("swiftchat: typed text could not be saved: ") }, "\(rows)")
        #expect(rows.contains("#lobby: nobody has this yet") && rows.contains("#lobby: nor this"), "\(rows)")
        withExtendedLifetime(reserved) {}
      }
    }

    @Test func `a full disk at the start is reported and the chat works`() async throws {
      try await Workspace.use { workspace in
        let server = try await ServerProcess.start(in: workspace)
        let connect = "'\(try Binary.path())' connect localhost:\(server.port) --name neha"
        let client = try await TerminalSession.start(
          in: workspace, command: "/bin/sh", arguments: ["-c", "ulimit -S -f 0; exec \(connect)"])
        try await client.waitFor("that nothing can be kept") { rows in
          let screen = rows.words
          return screen.contains("your name cannot be remembered: ")
            && screen.contains("Your name will not be your own: ")
            && screen.contains("typed text cannot be saved: ") && screen.contains(" as neha")
        }
        try await client.say("hello all the same")
        try await client.waitForMessage("hello all the same", from: "neha")
        try await client.type("a draft")
        try await client.press("C-q")
        try await client.waitFor(text: "y: leave, and lose it")
        // Escape directly before another key would be read as Alt.
        try await client.press("Escape")
        try await client.waitFor("no question") { !$0.contains { $0.contains("y: leave") } }
        try await client.press("C-c")
        try await client.waitFor("an empty input") { $0.last?.hasSuffix("›") == true }
        try await client.press("C-q")
        // Nothing is lost, so the client does not ask before it quits.
        #expect(try await client.exitStatus() == .exited(0))
      }
    }

    // MARK: Server

    /// Stores one message in a new log, and stops the server.
    private func makeLog(_ options: [String], in workspace: Workspace) async throws {
      let server = try await ServerProcess.start(in: workspace, options: options)
      let neha = try await NetcatClient.logIn("neha", in: workspace, port: server.port)
      try await neha.send(line: "@label=a MSG before")
      try await neha.waitFor("OK MSG")
      #expect(try await server.terminate() == .exited(0))
    }

    @Test func `a server that starts on a full disk shows messages, and stores them when there is room`() async throws {
      try await Workspace.use { workspace in
        let path = workspace.data.appendingPathComponent("log").path
        let options = ["--data", path]
        try await makeLog(options, in: workspace)
        // With this limit, unlike on a full disk, files cannot even be overwritten. SQLite does not write the index of
        // the write-ahead log while somebody else uses it.
        let reader = try LogArchive(directory: path)
        let script = try workspace.serveScript("ulimit -S -f 0; exec '\(try Binary.path())' serve \"$@\"")
        let server = try await ServerProcess.start(in: workspace, options: options, executable: script)
        try await server.waitFor("there is no room on the disk")
        let akash = try await NetcatClient.logIn("akash", in: workspace, port: server.port)
        try await akash.send(line: "HISTORY #lobby LATEST * 10")
        try await akash.waitFor("MSG neha before\n")
        try await akash.send(line: "MSG refused")
        try await akash.waitFor("ERR storage-unavailable")
        try await limitFiles(of: server.processID, to: "unlimited", in: workspace)
        try await akash.send(line: "@label=b MSG after")
        try await akash.waitFor("OK MSG")
        #expect(try await server.terminate() == .exited(0))
        #expect(try await LogLine.export(options, in: workspace).map(\.text) == ["before", "after"])
        withExtendedLifetime(reader) {}
      }
    }

    /// The database ends beyond the limit, and the write-ahead log before it.
    @Test func `a start without room for a checkpoint is no failure to store messages`() async throws {
      try await Workspace.use { workspace in
        let options = ["--data", workspace.data.appendingPathComponent("log").path]
        let first = try await ServerProcess.start(in: workspace, options: options)
        let neha = try await NetcatClient.logIn("neha", in: workspace, port: first.port)
        // No words, for a small index: 1 MB of messages.
        let line = "MSG " + String(repeating: ".", count: 3500) + "\n"
        try await neha.send(Array((String(repeating: line, count: 300) + "@label=a MSG last\n").utf8))
        try await neha.waitFor("label=a;")
        #expect(try await first.terminate() == .exited(0))
        let second = try await ServerProcess.start(in: workspace, options: options)
        let akash = try await NetcatClient.logIn("akash", in: workspace, port: second.port)
        try await akash.send(line: "@label=a MSG late")
        try await akash.waitFor("OK MSG")
        // The message is still in the write-ahead log alone.
        try await second.terminate(SIGKILL)
        let script = try workspace.serveScript("ulimit -S -f 1000; exec '\(try Binary.path())' serve \"$@\"")
        let third = try await ServerProcess.start(in: workspace, options: options, executable: script)
        let zoe = try await NetcatClient.logIn("zoe", in: workspace, port: third.port)
        try await zoe.send(line: "@label=a MSG after")
        try await zoe.waitFor("OK MSG")
        #expect(!third.errors.contains("storing messages fails"), "\(third.errors)")
        try await limitFiles(of: third.processID, to: "unlimited", in: workspace)
        #expect(try await third.terminate() == .exited(0))
        #expect(try await LogLine.export(options, in: workspace).map(\.text).suffix(3) == ["last", "late", "after"])
      }
    }

    /// After exit status 78, the service manager would not try again.
    @Test(arguments: ["", "--check-config"])
    func `a log that cannot be opened on a full disk is no mistake in the settings`(option: String) async throws {
      try await Workspace.use { workspace in
        let path = workspace.data.appendingPathComponent("log").path
        try await makeLog(["--data", path], in: workspace)
        let command = "exec '\(try Binary.path())' serve --port 0 --data '\(path)' \(option)"
        let child = try workspace.launch("/bin/sh", ["-c", "ulimit -S -f 0; \(command)"])
        let outcome = try await Outcome(of: child)
        #expect(outcome.status == .exited(1), "\(child.report)")
        #expect(outcome.errors.contains("there is no room on the disk"), "\(child.report)")
      }
    }

    /// SIGXFSZ would end the process silently when the main thread writes.
    @Test func `a write beyond the file size limit is an error and not a signal`() async throws {
      try await Workspace.use { workspace in
        for command in ["identity show", "trust 127.0.0.1 \(String(repeating: "A", count: 43))"] {
          let child = try workspace.launch(
            "/bin/sh", ["-c", "ulimit -f 0; exec '\(try Binary.path())' \(command)"])
          let outcome = try await Outcome(of: child)
          #expect(outcome.status == .exited(1), "\(child.report)")
          #expect(outcome.output == "", "\(child.report)")
          #expect(outcome.errors.hasPrefix("Error: \(workspace.state.path)/swiftchat/"), "\(child.report)")
          #expect(outcome.errors.hasSuffix(": File too large\n"), "\(child.report)")
        }
        let folder = workspace.state.appendingPathComponent("swiftchat").path
        let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasSuffix(".lock") }
        #expect(left == [])
      }
    }

    @Test func `a folder without write permission causes no loss`() async throws {
      try await Workspace.use { workspace in
        let executable = try await NormalUser.binary(in: workspace)
        let server = try await ServerProcess.start(in: workspace, executable: executable)
        let client = try await TerminalSession.start(
          in: workspace, command: executable, arguments: ["connect", "localhost:\(server.port)", "--name", "neha"])
        try await client.waitFor(text: "as neha")
        try await client.type("kept before")
        try await waitUntilKept("kept before", port: server.port, in: workspace)
        let folder = conversations(workspace).path
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
        try await client.type(" and after")
        try await client.waitFor("the reason") { rows in
          rows.words.contains("Permission denied") && rows.contains { $0.contains(" not saved · ") }
        }
        try await client.press("C-q")
        try await client.waitFor(text: "y: leave, and lose it")
        try await client.press("Escape")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
        try await client.waitFor(text: "typed text is saved again")
        try await client.press("C-q")
        #expect(try await client.exitStatus() == .exited(0))
        try await waitUntilKept("kept before and after", port: server.port, in: workspace)
      }
    }
  }
#endif
import TestSupport
