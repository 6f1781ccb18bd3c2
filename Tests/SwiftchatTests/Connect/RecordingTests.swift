import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport
import Foundation
import TerminalTypes
import TestSupport
import Testing

@testable import swiftchat

/// Recordings as files.
struct RecordingTests {
  private static let noon = Timestamp(milliseconds: 1_795_348_860_000)

  private func settings() throws -> Interface.Settings {
    Interface.Settings(
      name: Nickname(testing: "neha"), endpoint: try Endpoint("chat.example.org:4000"), localOffset: { _ in 3600 })
  }

  /// A start and steps with names and texts.
  private func contents() throws -> RecordingFile.Contents {
    let zoe = Nickname(testing: "zoe")
    let message = ChatMessage(
      target: .lobby, author: zoe, text: "neha: see https://example.org/secret42 你好 Ärger", time: Self.noon,
      isOwn: false, sequence: 1)
    let direct = ChatMessage(
      target: .person(zoe), author: zoe, text: "the password is swordfish", time: Self.noon, isOwn: false)
    let capabilities = Capabilities.all
    let server = try Endpoint("chat.example.org:4000")
    let told: [ClientEvent] = [
      .token("a secret token"), .online(Nickname(testing: "neha"), capabilities: capabilities),
      .roster(.lobby, [Person(Nickname(testing: "neha")), Person(zoe, away: "lunch")]), .message(message),
      .message(direct), .sendFailed(SendID(7), reason: "No.", failure: .refused(.userNotFound)),
    ]
    let events: [InterfaceEvent] =
      told.map { .server(server, .client($0)) } + "/dm zoe hello".map { .key(.character($0)) } + [.key(Key(.enter))]
      + "/nothing here".map { .key(.character($0)) }
    return RecordingFile.Contents(
      start: Recording.Start(
        try settings(), size: Screen.Size(rows: 24, columns: 80), now: Self.noon, memory: InterfaceMemory()),
      steps: [Recording.Step(time: Self.noon, events: events)])
  }

  private func rows(_ contents: RecordingFile.Contents) -> [String] {
    var interface = contents.start.interface
    for step in contents.steps { interface.play(step) }
    return interface.render().screen.drawable.rows
  }

  @MainActor private func write(_ contents: RecordingFile.Contents, to path: String) throws {
    let recorder = try Recorder(path, blanking: nil) { Issue.record("\($0)") }
    recorder.record(contents.start)
    for step in contents.steps { recorder.record(step) }
    try recorder.close()
  }

  @MainActor @Test func `a file is private, new, without the token, and plays to the same screen`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/session.jsonl"
    let contents = try contents()
    try write(contents, to: path)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(!(try String(contentsOfFile: path, encoding: .utf8)).contains("secret token"))
    #expect(rows(try RecordingFile.read(path)) == rows(contents))
    #expect(throws: Failure.self) { try write(contents, to: path) }
  }

  @MainActor @Test func `a foreign, damaged or other file is refused in one line`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/session.jsonl"
    try write(try contents(), to: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n").map(String.init)
    try #require(lines.count == 2)
    for (damaged, reason) in [
      ("", "is no recording of swiftchat"), ("hello\n", "is no recording of swiftchat"),
      ("{}\n", "is no recording of swiftchat"),
      (String(repeating: "[", count: 100_000), "is no recording of swiftchat"),
      (lines[0].replacing("\"swiftchatRecording\":1", with: "\"swiftchatRecording\":2") + "\n", "of version 2"),
      ("{\"swiftchatRecording\":1}\n", "line 1 is damaged"), (lines[0] + "\n{\"time\":1}\n", "line 2 is damaged"),
      (lines[0] + "\n" + lines[1].replacing("\"zoe\"", with: "\"z\\u0007e\"") + "\n", "line 2 is damaged"),
    ] {
      try damaged.write(toFile: path, atomically: true, encoding: .utf8)
      let failure = #expect(throws: Failure.self) { try RecordingFile.read(path) }
      #expect(failure?.description.contains(reason) == true, "\(failure?.description ?? "")")
      #expect(failure?.description.contains("\n") == false)
    }
    // The last line was not written to the end.
    try (lines[0] + "\n" + lines[1].prefix(50)).write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try RecordingFile.read(path).steps.isEmpty)
    #expect(throws: Failure.self) { try RecordingFile.read(folder.path) }
    #expect(throws: Failure.self) { try RecordingFile.read(folder.path + "/none") }
  }

  /// The last lines are written while the client ends.
  @MainActor @Test(.enabled(if: access("/dev/full", W_OK) == 0))
  func `a full disk is reported when the file is closed`()
    async throws
  {
    let contents = try contents()
    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    let recorder = Recorder("/dev/full", descriptor: descriptor, blanking: nil) { Issue.record("\($0)") }
    recorder.record(contents.start)
    let failure = #expect(throws: Failure.self) { try recorder.close() }
    #expect(
      failure?.description.hasPrefix("the recording /dev/full ends early: it cannot be written: No space") == true)
  }

  @MainActor @Test(.enabled(if: access("/dev/full", W_OK) == 0)) func `a full disk is reported at once, and once`()
    async throws
  {
    let contents = try contents()
    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    let (failures, told) = AsyncStream.makeStream(of: Failure.self)
    let recorder = Recorder("/dev/full", descriptor: descriptor, blanking: nil) { told.yield($0) }
    recorder.record(contents.start)
    for step in contents.steps { recorder.record(step) }
    var iterator = failures.makeAsyncIterator()
    let first = await iterator.next()
    recorder.record(contents.start)
    let last = #expect(throws: Failure.self) { try recorder.close() }
    #expect(last?.description == first?.description)
    told.finish()
    #expect(await iterator.next() == nil)
  }

  @MainActor @Test func `a recording of printed lines prints the same lines, also blanked`() throws {
    let folder = try TemporaryFolder()
    var contents = try contents()
    var settings = try settings()
    settings.lineStyle = .log
    contents.start = Recording.Start(
      settings, size: Screen.Size(rows: 24, columns: 80), now: Self.noon, memory: InterfaceMemory())
    // There are no keys without a screen.
    contents.steps[0].events.removeAll { if case .key = $0 { true } else { false } }
    contents.steps.append(Recording.Step(time: Self.noon, events: [.line("/dm zoe hello"), .line("bye")]))
    try write(contents, to: folder.file("session.jsonl"))
    let lines = Replay.lines(try RecordingFile.read(folder.file("session.jsonl")))
    #expect(lines.contains { $0.hasSuffix("Z #lobby zoe: neha: see https://example.org/secret42 你好 Ärger") })
    #expect(lines.contains { $0.hasSuffix("Z @zoe -- your lines go here now") })
    let blanked = Replay.lines(try Replay.blanked(contents))
    #expect(blanked.count == lines.count, "\(lines) \(blanked)")
    #expect(blanked.map { $0.prefix(20) } == lines.map { $0.prefix(20) })
    #expect(!blanked.contains { $0.contains("zoe") || $0.contains("Ärger") })
  }

  @MainActor @Test func `a blanked recording has one name for each server`() throws {
    var contents = try contents()
    var preferences = Preferences()
    let servers = ["chat.example.org:4000", "home.example.org:4000"]
    preferences.servers = try servers.map { NamedServer(label: "a", link: ShareLink(endpoint: try Endpoint($0))) }
    contents.steps.append(Recording.Step(time: Self.noon, events: [.preferences(preferences)]))
    let blanked = try Replay.blanked(contents)
    let text = String(decoding: try RecordingFile.line(blanked.steps[1]), as: UTF8.self)
    let start = String(decoding: try RecordingFile.line(blanked.start), as: UTF8.self)
    #expect(start.contains("\"server1.example:4000\""))
    #expect(text.contains("swiftchat://server1.example:4000/"), "\(text)")
    #expect(text.contains("swiftchat://server2.example:4000/"), "\(text)")
  }

  private var recordings: String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Recordings"
  }

  /// If the form of recordings changes, raise `Recording.version`, and run this test with `SWIFTCHAT_WRITE_RECORDING=1`
  /// to write the file again.
  @MainActor @Test func `a recording of an earlier version of the program shows its screen`() throws {
    let path = recordings + "/lobby.jsonl"
    if ProcessInfo.processInfo.environment["SWIFTCHAT_WRITE_RECORDING"] != nil {
      try? FileManager.default.removeItem(atPath: path)
      try write(try contents(), to: path)
    }
    let shown = rows(try RecordingFile.read(path))
    #expect(
      shown.filter { !$0.isEmpty } == [
        " 1 #lobby  2 @zoe",
        "─────────────────────────── Sunday, 22 November 2026 ───────────────────────────",
        "──────────────────────────────────── 1 new ─────────────────────────────────────",
        " 13:01  zoe     the password is swordfish",
        "   ···  neha    hello",
        " zoe is away: lunch · not encrypted · neha · chat.example.org:4000      F1 help",
        " @zoe› /nothing here",
      ])
  }

  /// The settings of a later version are missing in the recordings of earlier ones.
  @MainActor @Test func `settings that a recording does not have are the defaults`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("session.jsonl")
    try write(try contents(), to: path)
    var text = try String(contentsOfFile: path, encoding: .utf8)
    text = text.replacing("\"layout\":\"modern\",", with: "").replacing("\"linesWithoutAsking\":5,", with: "")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(rows(try RecordingFile.read(path)) == rows(try contents()))
  }

  @MainActor @Test func `a blanked recording has no word of the original and the same shape`() throws {
    let contents = try contents()
    let blanked = try Replay.blanked(contents)
    let text = String(
      decoding: try RecordingFile.line(blanked.start) + blanked.steps.flatMap { try RecordingFile.line($0) },
      as: UTF8.self)
    for word in ["neha", "zoe", "secret42", "example.org", "password", "swordfish", "你好", "rger", "lunch", "hello"] {
      #expect(!text.contains(word), "\(word)")
    }
    func shape(_ rows: [String]) -> [String] {
      rows.map { row in String(row.map { $0.isLetter || $0.isNumber ? ($0.cellWidth == 2 ? "W" : "w") : $0 }) }
    }
    var first = contents.start.interface
    var second = blanked.start.interface
    // Up to the command, whose name cannot be recognised key by key.
    for (one, other) in zip(contents.steps, blanked.steps) {
      first.play(Recording.Step(time: one.time, events: Array(one.events.prefix(5))))
      second.play(Recording.Step(time: other.time, events: Array(other.events.prefix(5))))
    }
    // The names of servers have other lengths.
    func texts(_ interface: Interface) -> [String] {
      interface.render().screen.rows.filter { !$0.contains("chat.example") && !$0.contains("server1.example") }
    }
    #expect(shape(texts(first)) == shape(texts(second)))
    #expect(texts(first) != texts(second))
  }
}
