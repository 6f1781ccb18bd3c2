import ChatClient
import TestSupport
import Testing

@testable import swiftchat

@Suite("What is kept of conversations")
struct ConversationFileTests {
  @Test("is there again, and set aside where it cannot be understood", arguments: ["{", "{\"version\":7}", "\u{ff}"])
  func damage(text: String) throws {
    let folder = try TemporaryFolder()
    let home = try Endpoint("192.0.2.7")
    var contents = ConversationFile.Contents()
    contents.token = "secret"
    do {
      let file = ConversationFile(folder: folder.path, endpoint: home)
      file.save(contents)
      file.finish()
      #expect(try folder.mode("192.0.2.7_4000.json") == 0o600)
      let second = ConversationFile(folder: folder.path, endpoint: home)
      #expect(!second.isOwned)
      #expect(second.load() == contents)
    }
    try folder.write("192.0.2.7_4000.json", text == "\u{ff}" ? [0xff] : Array(text.utf8))
    let file = ConversationFile(folder: folder.path, endpoint: home)
    #expect(file.load() == ConversationFile.Contents())
    #expect(try folder.files == ["192.0.2.7_4000.json.bad", "192.0.2.7_4000.lock"])
    file.save(contents)
    file.finish()
    #expect(file.load() == contents)
  }
}
