import Foundation
import TestSupport
import Testing

/// A server whose messages are in PostgreSQL.
@Suite(.interacting, .serialized)
struct StoreTests {
  private func check(_ store: String, in workspace: Workspace) async throws -> (status: ExitStatus?, errors: String) {
    let child = try workspace.launch(
      try Binary.path(), ["serve", "--check-config", "--port", "0"], environment: ["SWIFTCHAT_STORE": store])
    let status = try await child.end()
    return (status, String(decoding: child.errors, as: UTF8.self))
  }

  @Test func `messages survive a restart, and the password is never shown`() async throws {
    let database = try await onOwnThread { try PostgresServer.shared.get().database() }
    try database.run(
      """
      DO $$ BEGIN CREATE ROLE guarded LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
      ALTER ROLE guarded PASSWORD 'right'; CREATE SCHEMA swiftchat AUTHORIZATION guarded
      """)
    try await Workspace.use { workspace in
      let environment = ["SWIFTCHAT_STORE": database.url(as: "guarded:right")]
      #expect(try await check(database.url(as: "guarded:right"), in: workspace).status == .exited(0))
      for number in 1...2 {
        let server = try await ServerProcess.start(in: workspace, environment: environment)
        let neha = try await NetcatClient.logIn("neha", in: workspace, port: server.port)
        try await neha.send(line: "@label=a MSG number \(number)")
        try await neha.waitFor("OK MSG")
        try await neha.send(line: "HISTORY #lobby LATEST * 10")
        for earlier in 1...number { try await neha.waitFor("MSG neha number \(earlier)\n") }
        #expect(try await server.terminate() == .exited(0))
        #expect(server.errors.contains("log.place=\(database.url(as: "guarded"))"), "\(server.errors)")
        #expect(!(server.errors + server.output).contains("right"), "\(server.errors)")
      }
      let wrong = try await check(database.url(as: "guarded:wrong"), in: workspace)
      #expect(wrong.status == .exited(78))
      #expect(wrong.errors.contains("the database refuses the user"), "\(wrong.errors)")
      #expect(!wrong.errors.contains(":wrong") && wrong.errors.filter { $0 == "\n" }.count == 1, "\(wrong.errors)")
    }
  }

  @Test func `a server waits for a database that is not there, and keeps messages while it is away`() async throws {
    let postgres = try await onOwnThread { try PostgresServer() }
    let database = try await onOwnThread { try postgres.database() }
    try await onOwnThread { try postgres.kill() }
    try await Workspace.use { workspace in
      let port = try ReservedPort()
      let unreachable = try await check(database.url(), in: workspace)
      #expect(unreachable.status == .exited(1), "\(unreachable.errors)")
      async let starting = ServerProcess.start(
        in: workspace, port: port.number, environment: ["SWIFTCHAT_STORE": database.url()])
      // Its port is closed meanwhile.
      let early = try NetcatClient.connect(in: workspace, port: port.number)
      #expect(try await early.end() == .exited(1))
      try await onOwnThread { try postgres.start() }
      let server = try await starting
      let neha = try await NetcatClient.logIn("neha", in: workspace, port: server.port)
      try await neha.send(line: "@label=a MSG before")
      try await neha.waitFor("@label=a;")
      try await onOwnThread { try postgres.kill() }
      try await neha.send(line: "@label=b MSG during")
      try await server.waitFor("storing messages fails")
      try await onOwnThread { try postgres.start() }
      try await neha.waitFor("@label=b;")
      try await neha.send(line: "@label=c MSG after")
      try await neha.waitFor("@label=c;")
      try await server.waitFor("storing messages works again")
      try await server.terminate()
      #expect(
        try database.run("SELECT convert_from(text, 'UTF8'), sequence FROM swiftchat.messages ORDER BY id")
          == "before|1\nduring|2\nafter|3")
    }
  }

  @Test func `a log in files is copied to a database and exported from there`() async throws {
    let database = try await onOwnThread { try PostgresServer.shared.get().database() }
    try await Workspace.use { workspace in
      let data = workspace.data.appendingPathComponent("log").path
      func run(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> (
        ExitStatus?, String, String
      ) {
        let child = try workspace.launch(try Binary.path(), arguments, environment: environment)
        child.closeInput()
        let status = try await child.end()
        return (
          status, String(decoding: child.output, as: UTF8.self), String(decoding: child.errors, as: UTF8.self)
        )
      }
      var server = try await ServerProcess.start(in: workspace, options: ["--data", data])
      let neha = try await NetcatClient.logIn("neha", in: workspace, port: server.port)
      for number in 1...3 {
        try await neha.send(line: "@label=\(number) MSG number \(number)")
        try await neha.waitFor("@label=\(number);")
      }
      let early = try await run(["log", "import", "--data", data, "--store", database.url()])
      #expect(early.0 == .exited(1) && early.2.contains("another server"), "\(early)")
      try await server.terminate()
      let done = try await run(["log", "import", "--data", data, "--store", database.url()])
      #expect(done.0 == .exited(0), "\(done)")
      #expect(done.1.hasPrefix("\(database.url()): 3 messages in 1 conversation, compared (checksum "), "\(done)")
      let files = try await run(["log", "export", "--data", data])
      let exported = try await run(["log", "export"], ["SWIFTCHAT_STORE": database.url()])
      #expect(exported.0 == .exited(0) && exported.1 == files.1 && exported.1.contains("number 3"), "\(exported)")
      let room = try await run(["log", "export", "--store", database.url(), "--room", "#LOBBY"])
      #expect(room.1 == files.1, "\(room)")
      let verify = try await run(["log", "verify"], ["SWIFTCHAT_STORE": database.url()])
      #expect(verify.0 == .exited(1) && verify.2.contains("works on files"), "\(verify)")
      server = try await ServerProcess.start(in: workspace, environment: ["SWIFTCHAT_STORE": database.url()])
      let again = try await NetcatClient.logIn("mira", in: workspace, port: server.port)
      try await again.send(line: "HISTORY #lobby LATEST * 10")
      try await again.waitFor("MSG neha number 3\n")
      try await again.send(line: "@label=x MSG number 4")
      try await again.waitFor("seq=4;")
      try await server.terminate()
    }
  }

  @Test func `an address on the command line that is wrong is not shown`() async throws {
    try await Workspace.use { workspace in
      for arguments in [["--store", "mysql://u:secret@h/d"], ["--store", "postgresql://u:secret@h/d", "--ephemeral"]] {
        let child = try workspace.launch(try Binary.path(), ["serve"] + arguments)
        #expect(try await child.end() == .exited(64))
        let errors = String(decoding: child.errors, as: UTF8.self)
        #expect(errors.contains("--store") && !errors.contains("secret"), "\(errors)")
      }
    }
  }
}
