import Foundation
import TestSupport
import Testing

/// TLS of the server, tested with OpenSSL.
@Suite(.interacting, .serialized)
struct EncryptionTests {
  /// Runs a shell script with `openssl`.
  /// - Returns: its output.
  private func shell(
    _ script: String, in workspace: Workspace, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    _ = try Tool.path("openssl", sourceLocation: sourceLocation)
    let child = try workspace.launch("/bin/sh", ["-c", "cd \(workspace.folder.path) && \(script)"])
    child.closeInput()
    let status = try await child.end()
    #expect(status == .exited(0), "\(script)\n\(child.report)", sourceLocation: sourceLocation)
    return String(decoding: child.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Starts `openssl s_client`, which sends its input and prints the bytes that it receives.
  private func connect(to server: ServerProcess, in workspace: Workspace, _ options: String...) throws -> ChildProcess {
    try workspace.launch(
      try Tool.path("openssl"), ["s_client", "-connect", "127.0.0.1:\(server.port)", "-quiet"] + options)
  }

  private func wait(for text: String, from child: ChildProcess) async throws {
    try await Received.wait(
      toEqual: Array(text.utf8), timeout: Patience.limit, sourceLocation: #_sourceLocation,
      isEnded: { child.isFinished }, bytes: { child.output })
  }

  /// The pin of the certificate as in RFC 7469, but in base64url.
  private static let pinOfCertificate = """
    openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary \
    | openssl base64 | tr '+/' '-_' | tr -d '='
    """

  private func pin(in output: String) throws -> String {
    let line = try #require(output.split(separator: "\n").first { $0.hasPrefix("[+] Others join with: ") })
    let start = try #require(line.range(of: "/?pin=")?.upperBound)
    return String(line[start...].dropLast())
  }

  @Test func `openssl and netcat exchange messages`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace, options: ["--host", "127.0.0.1"])
      let neha = try connect(to: server, in: workspace)
      try await neha.write("LOGIN neha\n".utf8)
      try await wait(for: "OK\n", from: neha)
      let akash = try NetcatClient.connect(in: workspace, port: server.port)
      try await akash.send(line: "LOGIN akash")
      try await akash.send(line: "MSG hello")
      try await akash.waitFor(exactly: "OK\nMSG akash hello\n")
      try await neha.write("QUIT\n".utf8)
      try await wait(for: "OK\nMSG akash hello\n", from: neha)
      #expect(try await neha.end() == .exited(0))
      try await akash.waitFor(exactly: "OK\nMSG akash hello\nINFO neha disconnected\n")
    }
  }

  @Test func `outdated TLS versions are refused`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let old = try connect(to: server, in: workspace, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
      #expect(try await old.end() != .exited(0))
      #expect(String(decoding: old.errors, as: UTF8.self).contains("alert protocol version"), "\(old.report)")
      #expect(old.output == [])
    }
  }

  @Test func `the share line has the pin that openssl computes`() async throws {
    try await Workspace.use { workspace in
      var pins: Set<String> = []
      // The server's key does not depend on the messages and the port.
      for options in [["--ephemeral"], []] {
        let server = try await ServerProcess.start(in: workspace, options: ["--host", "127.0.0.1"] + options)
        try await server.waitFor("\"\n")
        let pin = try pin(in: server.output)
        #expect(
          server.output == """
            [+] Chat server listening on 127.0.0.1:\(server.port)
            [+] Others join with: swiftchat connect "swiftchat://127.0.0.1:\(server.port)/?pin=\(pin)"

            """)
        let seen = try await shell(
          "openssl s_client -connect 127.0.0.1:\(server.port) </dev/null 2>/dev/null | \(Self.pinOfCertificate)",
          in: workspace)
        #expect(seen == pin)
        pins.insert(pin)
        try await server.terminate()
      }
      #expect(pins.count == 1)
      let folder = workspace.state.appendingPathComponent("swiftchat")
      for name in ["server.key", "server.crt"] {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.appendingPathComponent(name).path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
      }
    }
  }

  @Test func `without encryption the share line has no pin`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace, options: ["--host", "127.0.0.1", "--tls", "off"])
      try await server.waitFor("[+] Others join with: swiftchat connect 127.0.0.1:\(server.port)\n")
    }
  }

  @Test func `a renewed certificate is loaded without disconnecting clients`() async throws {
    try await Workspace.use { workspace in
      // First an RSA certificate signed by another key, then a self-signed one with a key on a curve.
      _ = try await shell(
        """
        openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=ca -days 2 2>/dev/null
        openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out leaf.pem -subj /CN=first -days 2 \
        -CA ca.pem -CAkey ca.key 2>/dev/null
        cat leaf.pem ca.pem > cert.pem
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout key2.pem -out cert2.pem \
        -subj /CN=second -days 2 2>/dev/null
        """, in: workspace)
      let folder = workspace.folder.path
      let server = try await ServerProcess.start(
        in: workspace, options: ["--cert", "\(folder)/cert.pem", "--key", "\(folder)/key.pem"])
      let show = "openssl s_client -connect 127.0.0.1:\(server.port) -showcerts </dev/null 2>/dev/null"
      let subjects = "\(show) | grep ' s:' | sed 's/.*CN *= *//' | tr '\\n' ' '"
      #expect(try await shell(subjects, in: workspace) == "first ca")
      let neha = try connect(to: server, in: workspace)
      try await neha.write("LOGIN neha\n".utf8)
      try await wait(for: "OK\n", from: neha)

      _ = try await shell("cp key2.pem key.pem; cp cert2.pem cert.pem", in: workspace)
      server.signal(SIGHUP)
      try await server.waitFor("the server has a new key")
      try await server.waitFor("settings read again")
      #expect(try await shell(subjects, in: workspace) == "second")

      _ = try await shell("openssl pkey -aes128 -passout pass:x -in key2.pem -out key.pem", in: workspace)
      server.signal(SIGHUP)
      try await server.waitFor("settings stay")
      try await server.waitFor("key.pem: the key is encrypted; decrypt it with")
      #expect(try await shell(subjects, in: workspace) == "second")

      try await neha.write("MSG hello\n".utf8)
      try await wait(for: "OK\nMSG neha hello\n", from: neha)
      #expect(try await server.terminate() == .exited(0))
      #expect(try await neha.end() == .exited(0))
    }
  }
}
