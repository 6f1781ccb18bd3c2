import Foundation
import TestSupport
import Testing

/// The server under a service manager.
@Suite(.interacting, .serialized)
struct SupervisionTests {
  @Test func `the service manager receives the state of the server`() async throws {
    try await Workspace.use { workspace in
      let socket = try NotifySocket(workspace.runtime.appendingPathComponent("notify").path)
      let server = try await ServerProcess.start(in: workspace, environment: ["NOTIFY_SOCKET": socket.name])
      #expect(try await socket.next() == "READY=1")
      let before = try monotonicMicroseconds()
      server.signal(SIGHUP)
      let lines = try await socket.next().split(separator: "\n")
      #expect(lines.first == "RELOADING=1" && lines.count == 2, "\(lines)")
      let time = try #require(lines.last?.split(separator: "=").last.flatMap { Int64($0) })
      // The service manager compares this value with the time of its own signal.
      #expect(lines.last?.hasPrefix("MONOTONIC_USEC=") == true)
      #expect((before...(try monotonicMicroseconds())).contains(time))
      #expect(try await socket.next() == "READY=1")
      server.signal(SIGTERM)
      #expect(try await socket.next() == "STOPPING=1")
      #expect(try await server.end() == .exited(0))
    }
  }

  @Test func `the service manager receives keep-alives`() async throws {
    try await Workspace.use { workspace in
      let socket = try NotifySocket(workspace.runtime.appendingPathComponent("notify").path)
      let server = try await ServerProcess.start(
        in: workspace, environment: ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "2000000"])
      #expect(try await socket.next() == "READY=1")
      for _ in 0..<3 { #expect(try await socket.next() == "WATCHDOG=1") }
      server.signal(SIGHUP)
      #expect(try await socket.nextEvent().hasPrefix("RELOADING=1\n"))
      #expect(try await socket.nextEvent() == "READY=1")
      server.signal(SIGTERM)
      #expect(try await socket.nextEvent() == "STOPPING=1")
      #expect(try await server.end() == .exited(0))
    }
  }

  #if os(Linux)
    @Test func `the notification socket may be abstract`() async throws {
      try await Workspace.use { workspace in
        let socket = try NotifySocket("@\(workspace.folder.lastPathComponent)")
        let server = try await ServerProcess.start(in: workspace, environment: ["NOTIFY_SOCKET": socket.name])
        #expect(try await socket.next() == "READY=1")
        try await server.terminate()
      }
    }
  #endif

  @Test(arguments: ["/nowhere/at/all", "relative", "", "/" + String(repeating: "x", count: 200), "@"])
  func `an unreachable service manager does not stop the server`(name: String) async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace, environment: ["NOTIFY_SOCKET": name])
      let neha = try RawClient.connect(port: server.port)
      try await neha.send("LOGIN neha\n")
      try await neha.waitFor(exactly: "OK\n")
      #expect(try await server.terminate() == .exited(0))
    }
  }

  @Test func `an inherited socket is listened on`() async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let server = try await ServerProcess.start(
        in: workspace, options: ["--host", "192.0.2.1", "--ephemeral"], handed: [listener.descriptor])
      #expect(server.port == listener.port && server.host == "127.0.0.1")
      let neha = try RawClient.connect(port: listener.port)
      try await neha.send("LOGIN neha\nMSG hello\n")
      try await neha.waitFor(exactly: "OK\nMSG neha hello\n")
      #expect(try await server.terminate() == .exited(0))
      // The socket stays open in the service manager: new connections wait for the next server.
      let akash = try RawClient.connect(port: listener.port)
      try await akash.send("LOGIN akash\n")
      let next = try await ServerProcess.start(
        in: workspace, options: ["--ephemeral"], handed: [listener.descriptor])
      try await akash.waitFor(exactly: "OK\n")
      try await next.terminate()
    }
  }

  @Test func `several sockets may be inherited`() async throws {
    try await Workspace.use { workspace in
      let listeners = [try Listener(), try Listener()]
      let server = try await ServerProcess.start(
        in: workspace, options: ["--ephemeral"], handed: listeners.map(\.descriptor))
      for listener in listeners {
        let client = try RawClient.connect(port: listener.port)
        try await client.send("PING\n")
        try await client.waitFor(exactly: "ERR not-logged-in\n")
      }
      try await server.terminate()
    }
  }

  @Test func `messages are stored under the port of the inherited socket`() async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let server = try await ServerProcess.start(in: workspace, handed: [listener.descriptor])
      let log = workspace.state.appendingPathComponent("swiftchat/port-\(listener.port)/log.sqlite")
      #expect(FileManager.default.fileExists(atPath: log.path))
      try await server.terminate()
    }
  }

  @Test func `an inherited descriptor that is not a listener is refused in one line`() async throws {
    try await Workspace.use { workspace in
      let (one, _) = try Descriptor.socketPair()
      let child = try workspace.launch(
        "/bin/sh", ["-c", "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" serve --ephemeral", try Binary.path()], handed: [one])
      #expect(try await child.end() == .exited(1))
      let errors = String(decoding: child.errors, as: UTF8.self)
      #expect(
        errors == "Error: cannot use the inherited socket 3: it is not a listening TCP socket\n", "\(errors)")
    }
  }

  @Test func `sockets for another process are not used`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(
        in: workspace, options: ["--ephemeral"], environment: ["LISTEN_PID": "1", "LISTEN_FDS": "3"])
      try await server.terminate()
    }
  }

  private func monotonicMicroseconds() throws -> Int64 {
    var time = timespec()
    try #require(clock_gettime(CLOCK_MONOTONIC, &time) == 0)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
