import Foundation
import Platform
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  private func withDirectory(_ body: (String) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("swiftchat-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: directory) }
    try body(directory.path)
  }

  private func content(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func `a file is created once and not replaced by another creation`() throws {
    try withDirectory { directory in
      let file = AtomicFile("\(directory)/key")
      #expect(try file.create(Array("one".utf8)))
      #expect(try !file.create(Array("other".utf8)))
      #expect(try content(file.path) == "one")
      var status = stat()
      #expect(stat(file.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
      try file.replace(Array("two".utf8))
      #expect(try content(file.path) == "two")
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["key"])
    }
  }

  @Test func `a failure leaves the old file and no temporary file`() throws {
    try withDirectory { directory in
      // A directory cannot be replaced by a file.
      try FileManager.default.createDirectory(atPath: "\(directory)/key", withIntermediateDirectories: false)
      let file = AtomicFile("\(directory)/key")
      #expect(throws: WriteError(number: EISDIR)) { try file.replace([1]) }
      #expect(try !file.create([1]))
      #expect(throws: WriteError(number: ENOENT)) { try AtomicFile("\(directory)/absent/key").replace([1]) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["key"])
    }
  }

  @Test func `a temporary file of a crashed process is ignored`() throws {
    try withDirectory { directory in
      let file = AtomicFile("\(directory)/key")
      try Data("draft".utf8).write(to: URL(fileURLWithPath: "\(file.path).\(getpid()).new"))
      try file.replace(Array("whole".utf8))
      #expect(try content(file.path) == "whole")
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["key"])
    }
  }
}
