import ChatClient
import ChatProtocol

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the client keeps between two runs, in `$XDG_STATE_HOME/swiftchat` (`~/.local/state/swiftchat`). A chat works
/// without it: where it cannot be read or written, nothing is remembered.
struct UserFiles: Sendable {
  /// Nil where there is no home.
  private let folder: String?

  init(folder: String? = StateFolder.path) { self.folder = folder }

  // MARK: The name

  var rememberedName: Nickname? {
    guard let path = path("name"), let data = try? Data(contentsOf: URL(filePath: path)), data.count <= 1024 else {
      return nil
    }
    let text = String(decoding: data, as: UTF8.self)
    return Nickname(text.prefix { $0 != "\n" })
  }

  func remember(name: Nickname) {
    guard let path = path("name"), makeFolder() else { return }
    try? Data((name.text + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
  }

  // MARK: Who we are, and whom we know

  /// Nil where nothing can be kept.
  var identity: IdentityFile? { keptFolder.map { IdentityFile(folder: $0) } }

  /// Nil where nothing can be kept.
  var knownHosts: KnownHosts? { keptFolder.map { KnownHosts(folder: $0) } }

  private var keptFolder: String? { makeFolder() ? folder : nil }

  // MARK: Conversations

  /// What was kept of the conversations with a server; nil where nothing can be kept.
  func conversations(with endpoint: Endpoint) -> ConversationFile? {
    guard let folder = path("conversations"), make(folder) else { return nil }
    return ConversationFile(folder: folder, endpoint: endpoint)
  }

  // MARK: The log

  private static let maximumLogBytes = 1 << 20

  /// Opens the file for what would otherwise be printed over the screen; begun anew when it has grown large.
  /// - Returns: an open descriptor, the caller's to close.
  func openLog() -> Int32? {
    guard let path = path("client.log"), makeFolder() else { return nil }
    var status = stat()
    let isLarge = stat(path, &status) == 0 && Int(status.st_size) > Self.maximumLogBytes
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (isLarge ? O_TRUNC : 0), 0o600)
    return descriptor >= 0 ? descriptor : nil
  }

  private func path(_ name: String) -> String? { folder.map { "\($0)/\(name)" } }

  private func makeFolder() -> Bool {
    guard let folder else { return false }
    return make(folder)
  }

  private func make(_ folder: String) -> Bool {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      return true
    } catch {
      return false
    }
  }
}
