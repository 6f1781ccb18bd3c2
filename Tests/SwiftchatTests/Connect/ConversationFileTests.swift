import ChatModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import swiftchat

/// The saved state of conversations.
@Suite
struct ConversationFileTests {
  private let folder: TemporaryFolder
  private let home: Endpoint

  init() throws {
    folder = try TemporaryFolder()
    home = try Endpoint("192.0.2.7")
  }

  private func open() -> ConversationFile { ConversationFile(folder: folder.path, endpoint: home) }

  /// Saved state with a draft in the lobby and an unsent message.
  private func contents(
    draft: String = "", unsent: [String] = [], wasTransmitted: Bool = false, token: String? = "t"
  ) throws -> ConversationFile.Contents {
    let sends = unsent.map { text in
      """
      {"id":\(text.hashValue.magnitude),"target":"#lobby","text":"\(text)","time":1,"wasTransmitted":\(wasTransmitted)}
      """
    }
    let text = """
      {"version":1,"memory":{"current":0,"unconfirmed":[\(sends.joined(separator: ","))],"tabs":[
        {"target":"#lobby","isWhole":false,"messages":[],"draft":"\(draft)","history":[]}]}}
      """
    var contents = try JSONDecoder().decode(ConversationFile.Contents.self, from: Data(text.utf8))
    contents.token = token
    return contents
  }

  private func leave(_ contents: ConversationFile.Contents) {
    let file = open()
    file.save(contents)
    #expect(file.finish() == nil)
  }

  @Test(arguments: ["{", "{\"version\":7}", "\u{ff}"])
  func `a conversation file is loaded again, and set aside if it cannot be parsed`(text: String) throws {
    let typed = try contents(draft: "half")
    leave(typed)
    #expect(try folder.mode("192.0.2.7_4000.json") == 0o600)
    #expect(open().contents == typed)
    for aside in ["192.0.2.7_4000.json.bad", "192.0.2.7_4000.json.bad2"] {
      let bytes = text == "\u{ff}" ? [0xff] : Array(text.utf8)
      try folder.write("192.0.2.7_4000.json", bytes)
      let file = open()
      #expect(file.contents == ConversationFile.Contents())
      #expect(file.warnings.count == 1)
      #expect(file.warnings.first?.contains(aside) == true)
      #expect(try folder.read(aside) == bytes)
      file.save(typed)
      #expect(file.finish() == nil)
    }
    #expect(open().contents == typed)
  }

  @Test(arguments: [true, false])
  func `the file of two clients at the same time is complete after both have ended`(firstEndsFirst: Bool) throws {
    var first: ConversationFile? = open()
    first?.save(try contents(draft: "the first one's", unsent: ["one"]))
    first?.finish()
    var second: ConversationFile? = open()
    // Messages of a running client are not sent by another one.
    #expect(second?.contents.memory.unconfirmed.isEmpty == true)
    #expect(second?.contents.memory.tabs.map(\.draft) == [""])
    #expect(second?.contents.token == "t")
    second?.save(try contents(draft: "the second one's", unsent: ["two"]))
    #expect(second?.finish() == nil)
    if firstEndsFirst { first = nil }
    second = nil
    first = nil
    let third = open()
    let memory = third.contents.memory
    #expect(Set(memory.unconfirmed.map(\.text)) == ["one", "two"])
    let typed = memory.tabs.flatMap { [$0.draft] + $0.history }
    #expect(typed.contains("the first one's"))
    #expect(typed.contains("the second one's"))
    #expect(try folder.files.contains("192.0.2.7_4000.2.json"), "the original file stays until the text is saved")
    third.save(third.contents)
    #expect(third.finish() == nil)
    #expect(try folder.files.filter { $0.hasSuffix(".json") } == ["192.0.2.7_4000.json"])
  }

  @Test(arguments: [true, false])
  func `the newest file has the list of ignored people`(isRunningOneNewer: Bool) throws {
    func save(_ file: ConversationFile?, ignoring names: [String]) throws {
      var contents = try contents()
      contents.memory.ignored = names
      file?.save(contents)
      #expect(file?.finish() == nil)
    }
    let first = open()
    try save(first, ignoring: ["mallory"])
    var second: ConversationFile? = open()
    try save(second, ignoring: [])
    second = nil
    let day = Date(timeIntervalSinceNow: isRunningOneNewer ? -86_400 : 86_400)
    try FileManager.default.setAttributes(
      [.modificationDate: day], ofItemAtPath: folder.file("192.0.2.7_4000.2.json"))
    // The second client runs again, while the first one is still running.
    let third = open()
    #expect(third.contents.memory.ignored == (isRunningOneNewer ? ["mallory"] : []))
    withExtendedLifetime(first) {}
  }

  @Test(arguments: ["t", "other", nil])
  func `text of a client that ended is sent by a running one`(token: String?) throws {
    var first: ConversationFile? = open()
    first?.save(try contents(draft: "a draft", unsent: ["unsent"]))
    first?.finish()
    let second = open()
    let found = Mutex<[ConversationFile.Leftover]>([])
    second.lookForUnsent(token: token) { leftover in found.withLock { $0.append(leftover) } }
    second.finish()
    #expect(found.withLock { $0.isEmpty }, "the file of a running client is not taken over")
    first = nil
    second.lookForUnsent(token: token) { leftover in found.withLock { $0.append(leftover) } }
    second.finish()
    let leftover = try #require(found.withLock { $0.popLast() })
    #expect(leftover.sends.map(\.text) == ["unsent"])
    second.save(second.contents)
    second.settle(leftover)
    #expect(second.finish() == nil)
    let text = String(decoding: try folder.read("192.0.2.7_4000.json"), as: UTF8.self)
    #expect(!text.contains("unsent\""))
    #expect(text.contains("a draft"))
  }

  @Test
  func `text that may have been sent under another name is not sent again`() throws {
    leave(try contents(unsent: ["sent?"], wasTransmitted: true))
    try FileManager.default.moveItem(
      atPath: folder.file("192.0.2.7_4000.json"), toPath: folder.file("192.0.2.7_4000.2.json"))
    let own = open()
    own.lookForUnsent(token: "other") { _ in Issue.record("a message that may have been sent is a draft") }
    own.finish()
  }

  @Test
  func `the conversation file reports a failure to save, and tries again`() throws {
    let file = open()
    let obstacle = "192.0.2.7_4000.json.\(getpid()).new"
    try folder.makeFolder(obstacle)
    try folder.write("\(obstacle)/x", [])
    let failures = Mutex<[String?]>([])
    let typed = try contents(draft: "half")
    file.save(typed) { failure in failures.withLock { $0.append(failure?.description) } }
    #expect(file.finish()?.description.contains("192.0.2.7_4000.json cannot be written") == true)
    #expect(failures.withLock { $0.count } == 1)
    #expect(failures.withLock { $0.first } != .some(nil))
    try folder.remove(obstacle)
    file.save(typed)
    #expect(file.finish() == nil)
    #expect(open().contents.token == "t")
  }

  @Test
  func `a list of hosts has a file of its own, whose name is short`() throws {
    func name(_ text: String) throws -> String { ConversationFile.fileName(try Endpoint(text)) }
    #expect(try name("192.0.2.7") == "192.0.2.7_4000", "as always")
    let list = try name("192.0.2.7,192.0.2.8")
    #expect(list.hasPrefix("192.0.2.7_4000+"))
    #expect(try name("192.0.2.7:4000, 192.0.2.8") == list)
    let long = (1...16).map { String(repeating: "x", count: 250) + "\($0)" }.joined(separator: ",")
    let names = try Set([list, name("192.0.2.7,192.0.2.9"), name("192.0.2.8,192.0.2.7"), name(long), name("192.0.2.7")])
    #expect(names.count == 5)
    #expect(names.allSatisfy { $0.utf8.count < 240 && !$0.contains("/") })
  }

  @Test
  func `the conversation file has a limited number of clients`() throws {
    let files = (1...16).map { _ in open() }
    #expect(files.count { $0.isWritable } == 16)
    let one = open()
    #expect(!one.isWritable)
    one.save(try contents(draft: "half"))
    #expect(one.finish() != nil)
    withExtendedLifetime(files) {}
  }

  @Test
  func `the conversation file writes the last of many saves`() throws {
    let file = open()
    let done = Mutex(0)
    for number in 1...200 {
      file.save(try contents(draft: "\(number)")) { failure in done.withLock { $0 += failure == nil ? 1 : 0 } }
    }
    #expect(file.finish() == nil)
    // A save that is still queued was covered by the last `finish`.
    #expect(done.withLock { $0 } == 200)
    #expect(open().contents.memory.tabs.map(\.draft) == [""], "the file of a running client is not taken over")
    let text = String(decoding: try folder.read("192.0.2.7_4000.json"), as: UTF8.self)
    #expect(text.contains("\"200\""))
  }
}
