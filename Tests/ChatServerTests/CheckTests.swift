import Foundation
import Logging
import TestSupport
import Testing

@testable import ChatServer

/// `serve --check` checks what a start needs and creates nothing.
@Suite struct CheckTests {
  private func problem(_ settings: ServerSettings) async throws -> ServerCheckError? {
    do {
      try await ChatServer.check(settings, logger: .silent)
      return nil
    } catch let error as ServerCheckError {
      return error
    }
  }

  private func settings(in directory: String) -> ServerSettings {
    // The log must be closed when a shutdown returns.
    var settings = ServerSettings.patient()
    settings.log = .directory(directory)
    settings.tls.directory = directory
    settings.controlDirectory = directory
    return settings
  }

  @Test func `a valid setup is accepted and stays unchanged`() async throws {
    let folder = try TemporaryFolder()
    #expect(try await problem(settings(in: folder.path)) == nil)
    #expect(try await problem(settings(in: folder.path + "/a/b/")) == nil)
    #expect(try folder.files == [])
    let server = try await ChatServer.start(settings(in: folder.path), logger: .silent)
    var same = settings(in: folder.path)
    // The server's own port is not an error, and another server's is.
    same.port = server.port
    #expect(try await problem(same) == nil)
    var other = settings(in: folder.path + "/other")
    other.port = server.port
    let error = try await problem(other)
    #expect(error?.description.contains("another program uses this port") == true)
    #expect(error?.isConfiguration == false)
    await server.shutDown()
    #expect(try await problem(settings(in: folder.path)) == nil)
  }

  @Test func `every obstacle to a start is named`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("file", "x".utf8)
    var cases: [(ServerSettings, String)] = [
      (settings(in: folder.path + "/file"), "it is not a directory"),
      (settings(in: folder.path + "/file/below"), "not a directory"),
    ]
    if geteuid() != 0 {
      try folder.makeFolder("closed")
      try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path + "/closed")
      cases.append((settings(in: folder.path + "/closed"), "no permission"))
      cases.append((settings(in: folder.path + "/closed/below"), "no permission"))
    }
    try folder.makeFolder("rubbish")
    try folder.write("rubbish/log.sqlite", String(repeating: "rubbish ", count: 1000).utf8)
    cases.append((settings(in: folder.path + "/rubbish"), "log.sqlite"))
    try folder.makeFolder("key")
    try folder.write("key/server.key", "rubbish".utf8)
    cases.append((settings(in: folder.path + "/key"), "it holds no key that the server made"))
    var given = settings(in: folder.path)
    given.tls.files = TLSSettings.Files(certificate: folder.path + "/file", key: folder.path + "/file")
    cases.append((given, "it holds no certificate in PEM"))
    var metrics = settings(in: folder.path)
    // 192.0.2.0/24 is for documentation: no machine has such an address.
    metrics.metrics = MetricsSettings(address: MetricsAddress(host: "192.0.2.7", port: 0), version: "0")
    cases.append((metrics, "choose another with --metrics"))
    for (settings, words) in cases {
      let error = try await problem(settings)
      #expect(error?.description.contains(words) == true, "\(words): \(String(describing: error))")
    }
    var address = settings(in: folder.path)
    address.addresses = [.host("no-such-host.invalid")]
    let unknown = try await problem(address)?.description ?? ""
    // Slow name servers are another error.
    #expect(
      unknown.contains("there is no host of this name") || unknown.contains("cannot be looked up at the moment"),
      "\(unknown)")
  }

  /// A full disk may be behind it, and goes away without a change of the settings.
  @Test func `a log that cannot be opened for an unknown reason is no mistake in the settings`() async throws {
    let folder = try TemporaryFolder()
    let settings = settings(in: folder.path)
    try await ChatServer.start(settings, logger: .silent).shutDown()
    try? folder.remove("log.sqlite-wal")
    try folder.makeFolder("log.sqlite-wal")
    let error = try await problem(settings)
    #expect(error?.description.contains("log.sqlite") == true)
    #expect(error?.isConfiguration == false)
  }

  @Test func `an address that this machine lacks is checked at each start`() async throws {
    var settings = ServerSettings.local()
    settings.addresses = [.host("203.0.113.7")]
    let error = await #expect(throws: ListenError.self) { _ = try await ChatServer.start(settings) }
    let start = try #require(error)
    #expect(await ChatServer.isConfiguration(start, settings))
    #expect(try await problem(settings)?.isConfiguration == true)
  }
}

@Suite struct PEMTextTests {
  @Test func `byte order marks and line endings are ignored`() throws {
    let text = "# mine\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    for changed in [
      text, "\u{feff}" + text, text.replacing("\n", with: "\r\n"), text.replacing("\n", with: "\r"),
      text.replacing("-----BEGIN", with: " \t-----BEGIN").replacing("E-----\n", with: "E----- \n"),
    ] {
      let pem = try PEMText(Array(changed.utf8))
      #expect(String(decoding: pem.bytes, as: UTF8.self) == text)
      #expect(pem.certificates == 1)
    }
  }

  @Test func `a hidden start line of a PEM block is reported`() {
    let block = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    for (text, words) in [
      (block + "\u{a0}" + block, "line 4: there is the invisible character U+00A0"),
      (block + "\u{feff}" + block, "line 4: there is the invisible character U+FEFF"),
      (block + "x" + block, "line 4: it neither begins nor ends a block"), ("a\n\u{0}", "line 2: there is a zero byte"),
    ] {
      let flaw = #expect(throws: PEMText.PEMFlaw.self) { try PEMText(Array(text.utf8)) }
      #expect(flaw?.reason.hasPrefix(words) == true, "\(String(describing: flaw))")
    }
    let der = #expect(throws: PEMText.PEMFlaw.self) { try PEMText([0x30, 0x82, 0x01, 0xff, 0xfe, 0x00]) }
    #expect(der?.reason.contains("DER") == true)
  }
}
