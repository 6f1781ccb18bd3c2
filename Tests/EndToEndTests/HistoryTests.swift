import Foundation
import TestSupport
import Testing

/// Data that survives a restart, requested over the connection and on the command line.
@Suite(.interacting, .serialized)
struct HistoryTests {
  @Test func `messages from before a restart can be read and searched`() async throws {
    try await Workspace.use { workspace in
      let data = workspace.data.appendingPathComponent("log").path
      var server = try await ServerProcess.start(in: workspace, options: ["--data", data])
      var neha = try await NetcatClient.logIn("neha", in: workspace, port: server.port)
      try await neha.send(line: "@label=a MSG the disk is full again")
      try await neha.waitFor("OK MSG")
      try await neha.send(line: "JOIN #swift")
      try await neha.waitFor("SYNC #swift ")
      try await neha.send(line: "TOPIC #swift all about it")
      try await neha.send(line: "SAY #swift no space left on device")
      try await neha.waitFor("OK SAY")
      #expect(try await server.terminate() == .exited(0))
      neha.closeInput()
      try await neha.end()

      server = try await ServerProcess.start(in: workspace, options: ["--data", data])
      neha = try await NetcatClient.logIn("neha", in: workspace, port: server.port)
      try await neha.send(line: "HISTORY #lobby LATEST * 10")
      try await neha.waitFor("MSG neha the disk is full again\n")
      // She is not in the room, so the request is refused.
      try await neha.send(line: "HISTORY #swift LATEST * 10")
      try await neha.waitFor("ERR not-in-room HISTORY")
      try await neha.send(line: "JOIN #swift")
      try await neha.waitFor("TOPIC neha all about it")
      try await neha.send(line: "SEARCH * 10 \"space left\" from:neha")
      try await neha.waitFor("MSG neha no space left on device")
      // The sequence numbers continue.
      try await neha.send(line: "@cid=1 SAY #swift once")
      try await neha.waitFor("seq=3")
      try await server.terminate()
    }
  }

  @Test func `two servers never write to the same log`() async throws {
    try await Workspace.use { workspace in
      let data = workspace.data.appendingPathComponent("log").path
      let server = try await ServerProcess.start(in: workspace, options: ["--data", data])
      let second = try workspace.launch(try Binary.path(), ["serve", "--port", "0", "--data", data])
      let status = try await second.end()
      #expect(status == .exited(1))
      let errors = String(decoding: second.errors, as: UTF8.self)
      #expect(errors.contains("another server"), "\(errors)")
      #expect(errors.contains(data), "\(errors)")
      #expect(errors.split(separator: "\n").count == 1, "\(errors)")
      try await server.terminate(SIGKILL)
      // The lock ended with its process.
      try await ServerProcess.start(in: workspace, options: ["--data", data]).terminate()
    }
  }

  @Test func `without a place for its messages the server does not start`() async throws {
    try await Workspace.use { workspace in
      let file = workspace.data.appendingPathComponent("file")
      try Data("no folder".utf8).write(to: file)
      let child = try workspace.launch(try Binary.path(), ["serve", "--port", "0", "--data", file.path])
      let status = try await child.end()
      #expect(status == .exited(78))
      let errors = String(decoding: child.errors, as: UTF8.self)
      #expect(errors.contains(file.path) && errors.split(separator: "\n").count == 1, "\(errors)")
      #expect(child.output.isEmpty)
    }
  }

  @Test func `each port has its own log in the user's state folder, readable only by the user`() async throws {
    try await Workspace.use { workspace in
      let port = try ReservedPort()
      let server = try await ServerProcess.start(in: workspace, port: port.number)
      let folder = workspace.state.appendingPathComponent("swiftchat/port-\(port.number)")
      let file = folder.appendingPathComponent("log.sqlite").path
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      #expect((attributes[.posixPermissions] as? Int) == 0o600)
      try await server.terminate()
    }
  }

  @Test func `an ephemeral server writes no messages`() async throws {
    try await Workspace.use { workspace in
      let port = try ReservedPort()
      let server = try await ServerProcess.start(in: workspace, port: port.number, options: ["--ephemeral"])
      let neha = try await NetcatClient.logIn("neha", in: workspace, port: server.port)
      try await neha.send(line: "MSG hello")
      try await neha.waitFor("OK MSG")
      try await neha.send(line: "HISTORY #lobby LATEST * 5")
      try await neha.waitFor("BATCH -")
      let folder = "swiftchat/port-\(port.number)"
      let written = Set(try FileManager.default.subpathsOfDirectory(atPath: workspace.state.path))
      #expect(
        written == [
          "swiftchat", folder, "\(folder)/server.key", "\(folder)/server.crt", "\(folder)/control.sock",
        ], "the server keeps its key when it loses its messages")
      try await server.terminate()
    }
  }

  @Test func `the log can be read while the server runs`() async throws {
    try await Workspace.use { workspace in
      let data = workspace.data.appendingPathComponent("log").path
      let server = try await ServerProcess.start(in: workspace, options: ["--data", data])
      let neha = try await NetcatClient.logIn("neha", in: workspace, port: server.port)
      for number in 1...20 {
        try await neha.send(line: "@label=\(number) MSG number \(number)")
        try await neha.waitFor("label=\(number);")
      }
      func log(_ arguments: String...) async throws -> (ExitStatus?, String, String) {
        let child = try workspace.launch(try Binary.path(), ["log"] + arguments + ["--data", data])
        let status = try await child.end()
        return (status, String(decoding: child.output, as: UTF8.self), String(decoding: child.errors, as: UTF8.self))
      }
      let verified = try await log("verify")
      #expect(verified.0 == .exited(0), "\(verified)")
      let exported = try await log("export")
      #expect(exported.1.split(separator: "\n").count == 20, "\(exported)")
      let pruned = try await log("prune", "--keep", "5")
      #expect(pruned.0 == .exited(0), "\(pruned)")
      #expect(try await log("verify").0 == .exited(0))
      #expect(try await log("export").1.split(separator: "\n").count == 5)
      // The server continues.
      try await neha.send(line: "@label=last MSG after all")
      try await neha.waitFor("seq=21")
      try await server.terminate()
    }
  }
}
