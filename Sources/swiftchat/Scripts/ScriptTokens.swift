import ChatModel
import ChatProtocol
import CommandSupport
import Platform

/// The tokens by which a server recognises a person without an owned name, so that a repeated `send --key` is the same
/// person's. One file for each server and name, in the state folder.
struct ScriptTokens {
  private static let maximumBytes = 1024

  private let file: PrivateFile?
  private let folder: String?
  private let conversations: String?
  private let endpoint: Endpoint
  private let files: UserFiles

  init(_ files: UserFiles, endpoint: Endpoint, name: Nickname) {
    self.files = files
    self.endpoint = endpoint
    folder = files.tokenFolder(of: endpoint)
    conversations = files.conversationFolder
    let hex = name.text.lowercased().utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    file = folder.map { PrivateFile(path: "\($0)/\(hex)", maximumBytes: Self.maximumBytes) }
  }

  /// The token of the last script; nil if there is none.
  var stored: String? {
    let text = (try? file?.read())??.text
    return text.flatMap { $0.split(whereSeparator: \.isWhitespace).first.map(String.init) }
  }

  /// The tokens of the user's clients with a screen, most recent first. They may be logged in.
  var clients: [String] {
    guard let conversations else { return [] }
    let name = ConversationFile.fileName(endpoint)
    let found = ConversationSlot.numbers.compactMap { number -> (time: Double, token: String)? in
      let path = ConversationSlot.path(number, of: name, in: conversations)
      guard let time = ConversationSlot.time(of: path), let token = try? ConversationSlot.contents(at: path)?.token
      else { return nil }
      return (time, token)
    }
    return found.sorted { $0.time > $1.time }.map(\.token)
  }

  /// Stores the token. Failures are ignored: without a token, only the repetition by a guest is not recognised.
  func store(_ token: String) {
    guard let folder, let file else { return }
    guard (try? files.make(folder)) != nil else { return }
    try? file.replace(token + "\n")
  }
}
