import Foundation
import TestSupport
import Testing

@testable import ChatServer

/// The server's own key and certificate.
@Suite struct IdentityTests {
  private func load(_ folder: TemporaryFolder, warnings: inout [String]) throws -> ServerIdentity? {
    try ServerIdentity.load(TLSSettings(directory: folder.path)) { warnings.append($0) }
  }

  private func load(_ folder: TemporaryFolder) throws -> ServerIdentity? {
    var warnings: [String] = []
    defer { #expect(warnings == []) }
    return try load(folder, warnings: &warnings)
  }

  @Test func `the identity is created once, readable only by its owner`() throws {
    let folder = try TemporaryFolder()
    let first = try load(folder)
    #expect(try folder.files == ["server.crt", "server.key"])
    for file in try folder.files { #expect(try folder.mode(file) == 0o600) }
    let bytes = try folder.files.map(folder.read)
    #expect(first != nil)
    #expect(try load(folder)?.pin == first?.pin)
    #expect(try folder.files.map(folder.read) == bytes)
  }

  @Test func `a certificate that was removed from the settings is replaced by the key of the shared log`() async throws
  {
    let folder = try TemporaryFolder()
    try folder.write("secret", [UInt8](repeating: 7, count: 32))
    let key = OwnKey()
    let former = try ServerIdentity(certificate: key.makeCertificate(), key: key.pem)
    var settings = TLSSettings()
    settings.storeKey = folder.path + "/secret"
    let log = SharedMemoryStore().node()
    let shared = try await ChatServer.identity(settings, after: former, in: log, logger: .silent)
    #expect(shared != nil && shared?.pin != former.pin)
    let again = try await ChatServer.identity(settings, after: shared, in: log, logger: .silent)
    #expect(again?.pin == shared?.pin)
  }

  @Test func `permissions of other users are removed at the next start`() throws {
    let folder = try TemporaryFolder()
    let first = try load(folder)
    let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o644]
    try FileManager.default.setAttributes(attributes, ofItemAtPath: folder.path + "/server.key")
    #expect(try load(folder)?.pin == first?.pin)
    #expect(try folder.mode("server.key") == 0o600)
  }

  @Test func `the folder of the identity is created with missing parents`() throws {
    let folder = try TemporaryFolder()
    _ = try ServerIdentity.load(TLSSettings(directory: folder.path + "/a/b/")) { Issue.record("\($0)") }
    #expect(try folder.mode("a") == 0o700)
    #expect(try folder.mode("a/b") == 0o700)
    #expect(try folder.mode("a/b/server.key") == 0o600)
  }

  @Test func `a key without a certificate gets another certificate`() throws {
    let folder = try TemporaryFolder()
    let first = try load(folder)
    try folder.remove("server.crt")
    // The temporary file of a crash.
    try folder.write("server.crt.12345", "-----BEGIN CERT".utf8)
    #expect(try load(folder)?.pin == first?.pin)
    #expect(try load(folder)?.pin == first?.pin)
  }

  @Test func `concurrent starts create one key`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    let pins = try await withThrowingTaskGroup { group in
      for _ in 0..<16 {
        group.addTask {
          try await onThread { try ServerIdentity.load(TLSSettings(directory: path)) { Issue.record("\($0)") }?.pin }
        }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(pins.count == 1)
    #expect(try folder.files == ["server.crt", "server.key"])
  }

  enum Damage: CaseIterable, Sendable {
    case emptyKey, rubbishKey, emptyCertificate, rubbishCertificate, otherKey, keyIsGone, keyIsAFolder
  }

  @Test(arguments: Damage.allCases)
  func `an unusable file is named with a remedy and left unchanged`(damage: Damage) throws {
    let folder = try TemporaryFolder()
    _ = try load(folder)
    let (key, certificate) = (folder.path + "/server.key", folder.path + "/server.crt")
    let expected: String
    switch damage {
    case .emptyKey:
      try folder.write("server.key", [])
      expected = "cannot use \(key): it holds no key that the server made; put the right one back, or remove it "
    case .rubbishKey:
      try folder.write("server.key", (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      expected = "cannot use \(key): it holds no key that the server made; put the right one back, or remove it "
    case .emptyCertificate:
      try folder.write("server.crt", [])
      expected = "cannot use \(certificate): it holds no certificate; remove it: "
    case .rubbishCertificate:
      let text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
      try folder.write("server.crt", text.utf8)
      expected = "cannot use \(certificate): it holds no certificate; remove it: "
    case .otherKey:
      let other = try TemporaryFolder()
      _ = try load(other)
      try folder.write("server.key", other.read("server.key"))
      expected = "cannot use \(certificate): it belongs to another key than \(key); remove it: "
    case .keyIsGone:
      try folder.remove("server.key")
      expected = "cannot use \(certificate): the key to it, \(key), is gone; put it back, or remove the certificate: "
    case .keyIsAFolder:
      try folder.remove("server.key")
      try FileManager.default.createDirectory(atPath: key, withIntermediateDirectories: false)
      expected = "cannot read \(key): it is no file; "
    }
    let files = try folder.files
    let error = #expect(throws: IdentityError.self) { _ = try load(folder) }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
    #expect(try folder.files == files)
  }

  @Test func `an identity that cannot be saved is kept in memory, with a warning`() throws {
    let folder = try TemporaryFolder()
    try folder.write("file", [])
    var warnings: [String] = []
    let settings = TLSSettings(directory: folder.path + "/file/below")
    let identity = try ServerIdentity.load(settings) { warnings.append($0) }
    #expect(identity?.isInMemory == true)
    #expect(warnings.count == 1)
    #expect(warnings.first?.hasPrefix("cannot keep the server's key in \(folder.path)/file/below: ") == true)
    // It stays the same until the server stops.
    #expect(try ServerIdentity.load(settings, after: identity) { _ in }?.pin == identity?.pin)
  }

  @Test func `nothing is created without encryption`() throws {
    let folder = try TemporaryFolder()
    #expect(try ServerIdentity.load(TLSSettings(mode: .off, directory: folder.path)) { _ in } == nil)
    #expect(try folder.files == [])
  }

  @Test func `unusable configured files are named with their option`() throws {
    let folder = try TemporaryFolder()
    _ = try load(folder)
    try folder.write("rubbish", "-----BEGIN PRIVATE KEY-----\n".utf8)
    let other = try TemporaryFolder()
    _ = try load(other)
    let (key, certificate) = ("\(folder.path)/server.key", "\(folder.path)/server.crt")
    let rubbish = "\(folder.path)/rubbish"
    let cases = [
      (certificate, "/nowhere", "cannot read the key from /nowhere: there is no such file; choose another with --key"),
      ("/nowhere", key, "cannot read the certificate from /nowhere: there is no such file; choose another with --cert"),
      (certificate, rubbish, "cannot use \(rubbish): it holds no private key in PEM; choose another with --key"),
      (rubbish, key, "cannot use \(rubbish): it holds no certificate in PEM; choose another with --cert"),
      (
        certificate, other.path + "/server.key",
        "cannot use \(certificate): \(other.path)/server.key is not its key; name two that belong together, the server's "
          + "own certificate first in its file"
      ),
    ]
    for (certificate, key, text) in cases {
      let settings = TLSSettings(files: TLSSettings.Files(certificate: certificate, key: key))
      let error = #expect(throws: IdentityError.self) { _ = try ServerIdentity.load(settings) { _ in } }
      #expect(error?.description == text)
    }
  }
}
