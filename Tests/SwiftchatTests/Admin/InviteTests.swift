import ArgumentParser
import ChatClient
import ChatProtocol
import Foundation
import Testing

@testable import swiftchat

@Suite("swiftchat invite")
struct InviteTests {
  /// `openssl req -x509`; the pin is what `openssl pkey -pubin -outform der | openssl dgst -sha256` makes of its key.
  private static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBfzCCASWgAwIBAgIUDh86uvIJzfBQ1cwNouIThq1eVzQwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJc3dpZnRjaGF0MCAXDTI2MTEyMzAzMzQyMloYDzIxMjYxMDMw
    MDMzNDIyWjAUMRIwEAYDVQQDDAlzd2lmdGNoYXQwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAAQkuy8kF9R2hJJ/3U167X2Uv+1xoReTOOYsd48jkAXQMNEg2GOe802n
    2AtZ5m7HxUY6lsSCYrPkTfw9oiOP6XPZo1MwUTAdBgNVHQ4EFgQUzgG4YJAKxaN/
    ZKpA1J9/ApPionUwHwYDVR0jBBgwFoAUzgG4YJAKxaN/ZKpA1J9/ApPionUwDwYD
    VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBWgPPMrg7DufZtlX2qQoo2
    qFN8l7Muf3ZlD4GEerXDewIhAKbINu4p5JS/tdng9frWXYSH+27equH/U7iQbDUg
    Q/9J
    -----END CERTIFICATE-----
    """
  private static let pin = "93XxE2cMIrlAhupz2SNY4wMYshUaA9HVcTwJPTImjuQ"

  @Test("reads the pin as others compute it")
  func pin() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sc-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try Pin(ofServerIn: folder.path) == nil)
    let file = folder.appendingPathComponent("server.crt")
    try Self.certificate.write(to: file, atomically: true, encoding: .utf8)
    #expect(try Pin(ofServerIn: folder.path)?.text == Self.pin)
    try "rubbish".write(to: file, atomically: true, encoding: .utf8)
    #expect(throws: Failure.self) { try Pin(ofServerIn: folder.path) }
  }

  @Test("writes a line that can be passed on")
  func line() throws {
    let endpoint = try Endpoint(host: "example.com", port: 4001)
    let pin = try #require(Pin(Self.pin))
    #expect(
      ShareLine(endpoint: endpoint, pin: pin, invitation: "aB-_9").description
        == #"swiftchat connect "swiftchat://example.com:4001/?pin=\#(Self.pin)&invite=aB-_9""#)
    #expect(
      ShareLine(endpoint: try Endpoint(host: "2001:db8::1", port: 4000), invitation: "x").description
        == #"swiftchat connect "swiftchat://[2001:db8::1]:4000/?invite=x""#)
    #expect(
      ShareLine(endpoint: endpoint, pin: pin).description
        == #"swiftchat connect "swiftchat://example.com:4001/?pin=\#(Self.pin)""#)
    #expect(ShareLine(endpoint: endpoint).description == "swiftchat connect example.com:4001")
  }

  @Test(
    "says what cannot be meant",
    arguments: [
      (["--uses", "0"], "--uses is 0"), (["--expires", "soon"], "--expires: soon is no span of time"),
      (["--host", "a b"], "is not a host"), (["--port", "0"], "is not a port"),
    ])
  func misuse(line: [String], words: String) {
    do {
      _ = try Invite.parse(line)
      Issue.record("\(line) was accepted")
    } catch {
      #expect(Invite.fullMessage(for: error).contains(words), "\(Invite.fullMessage(for: error))")
    }
  }
}
