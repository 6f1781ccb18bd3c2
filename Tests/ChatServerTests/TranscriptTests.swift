import Foundation
import TestSupport
import Testing

@testable import ChatServer

/// The plain dialect is frozen, byte for byte. Transcripts are never changed, only added.
@Suite struct TranscriptTests {
  private static let files: [URL] = {
    guard let folder = Bundle.module.url(forResource: "Transcripts", withExtension: nil) else { return [] }
    let found = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return (found ?? []).filter { $0.pathExtension == "txt" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
  }()

  @Test(arguments: Self.files.map(\.lastPathComponent))
  func `the server answers as in the transcript`(file: String) async throws {
    let url = try #require(Self.files.first { $0.lastPathComponent == file })
    try await TranscriptPlayer.play(WireTranscript(url: url))
  }

  @Test(arguments: Self.files.map(\.lastPathComponent))
  func `the server answers the same with a log on a slow disk`(file: String) async throws {
    let url = try #require(Self.files.first { $0.lastPathComponent == file })
    for seed in SeededGenerator.seeds(3) {
      let delays = SeededGenerator(seed: seed)
      try await TranscriptPlayer.play(
        WireTranscript(url: url), .onDisk(ControlledLog(delays: delays)), note: "\(delays)")
    }
  }

  @Test func `there are transcripts, and each names its case`() throws {
    #expect(Self.files.count >= 25)
    for file in Self.files {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.hasPrefix("# "), "\(file.lastPathComponent)")
      #expect(try !WireTranscript(url: file).steps.isEmpty, "\(file.lastPathComponent)")
    }
  }
}
