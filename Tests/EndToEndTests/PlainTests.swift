import Foundation
import TestSupport
import Testing

/// `swiftchat connect --plain` through pipes and in a terminal.
@Suite(.interacting) struct PlainTests {
  @Test func `lines from a pipe are sent, confirmed and printed, and the end of the input ends the client`()
    async throws
  {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let file = workspace.home.appendingPathComponent("lines.jsonl").path
      let child = try workspace.launch(
        try Binary.path(), ["connect", "--plain", host.place, "--name", "neha", "--record", file])
      try await child.write("hello\n/join #dev\n/me waves 你好\nthe last".utf8)
      child.closeInput()
      #expect(try await child.end() == .exited(0), "\(child.report)")
      let lines = String(decoding: child.output, as: UTF8.self).split(separator: "\n").map { $0.dropFirst(21) }
      for line in ["#lobby neha: hello", "#dev * neha waves 你好", "#dev neha: the last"] {
        #expect(lines.contains(Substring(line)), "\(child.report)")
      }
      #expect(!child.output.contains(0x1b))
      let replay = try workspace.launch(try Binary.path(), ["connect", "--replay", file])
      #expect(try await replay.end() == .exited(0), "\(replay.report)")
      #expect(replay.output == child.output, "\(replay.report)")
    }
  }

  @Test func `a terminal type that cannot move the cursor gets lines, also without a terminal`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let child = try workspace.launch(
        try Binary.path(), ["connect", host.place, "--name", "neha"], environment: ["TERM": "dumb"])
      try await child.write("hello\n".utf8)
      child.closeInput()
      #expect(try await child.end() == .exited(0), "\(child.report)")
      #expect(String(decoding: child.output, as: UTF8.self).contains(" #lobby neha: hello\n"), "\(child.report)")
    }
  }

  @Test func `lines that an earlier run kept for a server are waited for where a line opens it`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let port = try ReservedPort()
      let neha = try Person("neha", in: workspace)
      let other = "127.0.0.1:\(port.number)"
      let session = try await neha.open(other, options: ["--plain"])
      try await session.waitFor(text: "#lobby !! ")
      try await session.type("kept\n")
      try await session.waitFor(text: "not connected: the line is sent when the connection is back")
      try await session.press("C-c")
      #expect(try await session.exitStatus() == .exited(0))
      let listener = try await ServerProcess.start(in: workspace, port: port.number, options: ["--host", "127.0.0.1"])
      let child = try neha.launch("connect", "--plain", host.place, "--name", "neha")
      try await child.write("/connect \(other)\n".utf8)
      child.closeInput()
      #expect(try await child.end() == .exited(0), "\(child.report)")
      #expect(String(decoding: child.output, as: UTF8.self).contains("#lobby neha: kept\n"), "\(child.report)")
      _ = try await listener.terminate()
    }
  }

  @Test func `the end of the input does not wait for a server that a line closes`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      // It never answers.
      let silent = try Listener()
      var runs = 0
      // The next event of the first server, which tells its lag, would also end the client. It comes every 15 seconds, and
      // may come just then by chance: therefore there may be another run.
      let endedWithoutIt = try await Patience.answer { () async throws -> Bool? in
        runs += 1
        let neha = try Person("neha\(runs)", in: workspace)
        let file = workspace.home.appendingPathComponent("\(neha.name).jsonl")
        let child = try neha.launch("connect", "--plain", host.place, "--name", neha.name, "--record", file.path)
        func waitFor(_ text: String) async throws {
          let isPrinted = try await Patience.answer {
            String(decoding: child.output, as: UTF8.self).contains(text) ? true : nil
          }
          try #require(isPrinted == true, "\(child.report)")
        }
        try await child.write("hello\n".utf8)
        try await waitFor("\(neha.name): hello\n")
        try await child.write("/connect 127.0.0.1:\(silent.port)\nkept\n".utf8)
        try await waitFor("not connected: the line is sent when the connection is back\n")
        try await child.write("/disconnect\n".utf8)
        child.closeInput()
        #expect(try await child.end() == .exited(0), "\(child.report)")
        #expect(
          String(decoding: child.output, as: UTF8.self).contains("is closed: 1 message is not sent"), "\(child.report)")
        let steps = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let closed = try #require(steps.lastIndex { $0.contains("{\"closed\"") })
        return steps[closed...].contains { $0.contains("{\"lag\"") } ? nil : true
      }
      #expect(endedWithoutIt == true)
    }
  }

  @Test func `lines after one that closes a server go to the server that stays`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      // It never answers.
      let silent = try Listener()
      let neha = try Person("neha", in: workspace)
      let child = try neha.launch("connect", "--plain", host.place, "--name", "neha")
      try await child.write("/connect 127.0.0.1:\(silent.port)\n/disconnect\nhello\n/disconnect\n".utf8)
      child.closeInput()
      #expect(try await child.end() == .exited(65), "\(child.report)")
      let output = String(decoding: child.output, as: UTF8.self)
      #expect(output.contains("#lobby neha: hello\n"), "\(child.report)")
      #expect(output.contains(" is the only server"), "\(child.report)")
    }
  }

  @Test func `a line without a connection is kept and sent by the next run`() async throws {
    try await Workspace.use { workspace in
      let port = try ReservedPort()
      let neha = try Person("neha", in: workspace)
      let place = "127.0.0.1:\(port.number)"
      let session = try await neha.open(place, options: ["--plain"])
      try await session.waitFor(text: "#lobby !! ")
      try await session.type("kept\n")
      try await session.waitFor(text: "not connected: the line is sent when the connection is back")
      try await session.press("C-c")
      try await session.waitFor(text: "1 line not confirmed: kept")
      #expect(try await session.exitStatus() == .exited(0))
      _ = try await Host.start(in: workspace, port: port.number)
      let child = try neha.launch("connect", "--plain", place, "--name", "neha")
      child.closeInput()
      #expect(try await child.end() == .exited(0), "\(child.report)")
      #expect(String(decoding: child.output, as: UTF8.self).contains(" #lobby neha: kept\n"), "\(child.report)")
    }
  }

  @Test func `the first failure is the exit code`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try Person("neha", in: workspace)
      for (line, status) in [("/dm nobody psst", 67), ("/unknown", 65), ("/dm", 65)] as [(String, Int32)] {
        let child = try neha.launch("connect", "--plain", host.place, "--name", "neha")
        try await child.write("\(line)\n".utf8)
        child.closeInput()
        #expect(try await child.end() == .exited(status), "\(child.report)")
      }
    }
  }

  @Test func `a connection never takes the place of a closed standard input or output`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      for (redirection, status) in [("<&-", 0), (">&- </dev/null", 1), (">/dev/full </dev/null", 1)]
        as [(String, Int32)]
      {
        let child = try workspace.launch(
          "/bin/sh", ["-c", "exec \"$0\" connect --plain \(host.place) --name neha \(redirection)", try Binary.path()])
        #expect(try await child.end() == .exited(status), "\(child.report)")
        guard status > 0 else { continue }
        let errors = String(decoding: child.errors, as: UTF8.self)
        #expect(errors.hasPrefix("Error: cannot write to standard output: "), "\(child.report)")
      }
    }
  }

  /// Sends numbered lines to the lobby, in all more than a pipe holds, and waits until the last one is stored.
  private func fill(_ child: ChildProcess, on host: Host) async throws {
    let zoe = try await host.netcat(as: "zoe")
    let text = String(repeating: "x", count: 1000)
    for number in 1...Self.filling { try await child.write("\(number) \(text)\n".utf8) }
    child.closeInput()
    try await zoe.waitFor("MSG neha \(Self.filling) \(text)\n")
  }

  private static let filling = 200

  @Test func `a slow reader of the output gets every line`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      // The reader sleeps for longer than a client that is ended by a signal waits.
      let script = """
        { "$0" connect --plain \(host.place) --name neha; echo "status $?" >&2; } |
        { until test -e go; do sleep 0.05; done; sleep 5; cat; }
        """
      let child = try workspace.launch("/bin/sh", ["-c", script, try Binary.path()])
      try await fill(child, on: host)
      try "".write(to: workspace.home.appendingPathComponent("go"), atomically: true, encoding: .utf8)
      #expect(try await child.end() == .exited(0), "\(child.report)")
      #expect(String(decoding: child.errors, as: UTF8.self).contains("status 0\n"), "\(child.report)")
      let lines = String(decoding: child.output, as: UTF8.self).split(separator: "\n")
      #expect(lines.count { $0.contains("#lobby neha: ") } == Self.filling, "\(child.report)")
    }
  }

  @Test func `a signal ends a client whose output is not read, as a failure`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      // The client itself holds the end of the pipe from which nothing is read.
      let script = "mkfifo out && exec 9<>out && exec \"$0\" connect --plain \(host.place) --name neha >out"
      let child = try workspace.launch("/bin/sh", ["-c", script, try Binary.path()])
      try await fill(child, on: host)
      child.signal(SIGTERM)
      #expect(try await child.end() == .exited(1), "\(child.report)")
      let errors = String(decoding: child.errors, as: UTF8.self)
      #expect(errors.contains("Error: standard output was not read to its end\n"), "\(child.report)")
    }
  }

  @Test func `in a terminal lines appear as they come, and Ctrl+D leaves`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let session = try await TerminalSession.start(
        in: workspace, arguments: ["connect", host.place, "--name", "neha"], environment: ["TERM": "dumb"])
      try await session.waitFor(text: "#lobby -- connected to ")
      try await session.type("hello\n")
      try await session.waitFor(text: "#lobby neha: hello")
      try await session.type("half")
      let zoe = try await host.netcat(as: "zoe")
      try await zoe.send(line: "MSG hi")
      try await session.waitFor(text: "#lobby ~zoe: hi")
      try await session.type(" a line\n")
      try await session.waitFor(text: "#lobby neha: half a line")
      let snapshot = try await session.snapshot()
      #expect(!snapshot.alternateOn)
      try await session.press("C-d")
      #expect(try await session.exitStatus() == .exited(0))
    }
  }
}
