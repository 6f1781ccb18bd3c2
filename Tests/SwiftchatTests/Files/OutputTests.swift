import ChatProtocol
import Foundation
import Platform
import TestSupport
import Testing

@testable import CommandSupport
@testable import swiftchat

/// Detection of output that cannot be written.
@Suite
struct OutputTests {
  private func opened<Result>(_ path: String, _ flags: Int32, _ body: (Int32) throws -> Result) throws -> Result {
    let descriptor = open(path, flags, 0o600)
    try #require(descriptor >= 0, "\(path)")
    defer { close(descriptor) }
    return try body(descriptor)
  }

  @Test
  func `a closed output is reported before the command starts`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("file", "x".utf8)
    #if os(Linux)
      try opened("/dev/full", O_WRONLY) {
        #expect(StandardOutput.problem(with: $0) == String(cString: strerror(ENOSPC)))
      }
      // A file in memory, whose file system reports no sizes.
      typealias Create = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32
      // The headers hide it from Swift.
      let create = try #require(dlsym(nil, "memfd_create").map { unsafeBitCast($0, to: Create.self) })
      let memory = create("output", 0)
      try #require(memory >= 0)
      #expect(StandardOutput.problem(with: memory) == nil)
      close(memory)
    #endif
    try opened("/dev/null", O_WRONLY) { #expect(StandardOutput.problem(with: $0) == nil) }
    try opened(folder.path + "/file", O_WRONLY | O_APPEND) { #expect(StandardOutput.problem(with: $0) == nil) }
    try opened(folder.path + "/file", O_RDONLY) { #expect(StandardOutput.problem(with: $0) != nil) }
    #expect(StandardOutput.problem(with: -1) != nil)
    #expect(try folder.read("file") == Array("x".utf8))
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let writing = ends[1]
    #expect(StandardOutput.problem(with: writing) == nil)
    close(ends[0])
    // A program that another thread is starting may have a copy of the reading end for a moment.
    let problem = try await Patience.answer { StandardOutput.problem(with: writing) }
    #expect(problem != nil)
    close(writing)
  }

  @Test
  func `a closed output is reported while the command writes, also to a non-blocking stream`() async throws {
    #if os(Linux)
      try opened("/dev/full", O_WRONLY) { descriptor in
        _ = #expect(throws: WriteError(number: ENOSPC)) { try writeAll("x".utf8, to: descriptor) }
      }
    #endif
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (reading, writing) = (ends[0], ends[1])
    try #require(fcntl(writing, F_SETFL, O_NONBLOCK) == 0)
    let text = String(repeating: "0123456789", count: 100_000)
    #expect(throws: WriteError(number: EAGAIN)) { try writeAll(text.utf8, to: writing, waits: false) }
    let reader = Thread {
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      while read(reading, &bytes, bytes.count) > 0 {}
      close(reading)
    }
    reader.start()
    try writeAll(text.utf8, to: writing)
    close(writing)
  }
}
