import Foundation
import TestSupport
import Testing

/// The server accepts only certificates that swiftchat's own client can use.
@Suite(.interacting, .serialized)
struct CertificateTypeTests {
  /// - Returns: whether OpenSSL could make it.
  private func make(_ options: [String], in workspace: Workspace) async throws -> Bool {
    let folder = workspace.folder.path
    let arguments = [
      "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=x", "-keyout", folder + "/k", "-out", folder + "/c",
    ]
    let child = try workspace.launch(try Tool.path("openssl"), arguments + options)
    return try await Outcome(of: child).status == .exited(0)
  }

  @Test(
    arguments: [
      (["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], nil),
      (["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"], nil),
      (["-newkey", "rsa:2048"], nil),
      (
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
        "no swiftchat client can use a key or certificate of this type"
      ),
      (["-newkey", "ed25519"], "no swiftchat client can use a key or certificate of this type"),
      (["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"], "of a type that cannot be used"),
      (["-newkey", "rsa:2048", "-addext", "keyUsage=critical,keyEncipherment"], "key usage has no digital signatures"),
    ] as [([String], String?)])
  func `an accepted certificate can be used by the client`(options: [String], complaint: String?) async throws {
    try await Workspace.use { workspace in
      guard try await make(options, in: workspace) else { return }
      let folder = workspace.folder.path
      let files = ["--cert", folder + "/c", "--key", folder + "/k", "--data", workspace.data.path]
      guard let complaint else {
        let server = try await ServerProcess.start(in: workspace, options: ["--host", "127.0.0.1"] + files)
        let trust = try workspace.launch(try Binary.path(), ["trust", "--yes", "127.0.0.1:\(server.port)"])
        let outcome = try await Outcome(of: trust)
        #expect(outcome.status == .exited(0), "\(outcome.errors)")
        try await server.terminate()
        return
      }
      for check in [["--check-config"], []] {
        let child = try workspace.launch(try Binary.path(), ["serve", "--port", "0"] + files + check)
        child.closeInput()
        let outcome = try await Outcome(of: child)
        #expect(outcome.status == .exited(78))
        #expect(outcome.errors.contains(complaint), "\(outcome.errors)")
      }
    }
  }
}
