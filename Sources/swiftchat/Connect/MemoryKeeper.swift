import ChatClient
import ChatProtocol
import ChatUI

/// What is kept of the conversations with one server, between the interface, the client's session and the file.
@MainActor
final class MemoryKeeper {
  let endpoint: Endpoint
  /// By which the server knows us again.
  var token: String?
  /// As it was when we came: safe to show, and without what another client is about to send.
  let memory: InterfaceMemory
  /// Nil where nothing can be kept.
  private let file: ConversationFile?

  init(of endpoint: Endpoint, files: UserFiles) {
    self.endpoint = endpoint
    file = files.conversations(with: endpoint)
    let contents = file?.load() ?? ConversationFile.Contents()
    token = contents.token
    var memory = contents.memory
    if file?.isOwned != true { memory.unconfirmed = [] }
    self.memory = memory.checked
  }

  /// The same for the session: the screen has got so far, and these messages wait.
  var clientMemory: ClientMemory {
    let unconfirmed = memory.unconfirmed.compactMap { sent in
      Target(sent.target).map {
        ClientMemory.Unconfirmed(
          id: SendID(sent.id), target: $0, text: sent.text, wasTransmitted: sent.wasTransmitted)
      }
    }
    return ClientMemory(token: token, cursors: memory.cursors, unconfirmed: unconfirmed)
  }

  func keep(_ memory: InterfaceMemory) {
    file?.save(ConversationFile.Contents(token: token, memory: memory))
  }

  /// Returns when all is written.
  func finish() { file?.finish() }
}
