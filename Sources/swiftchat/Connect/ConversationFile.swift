import ChatClient
import ChatUI
import Dispatch
import Synchronization

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

/// What the client keeps of its conversations with one server, in a file that nobody else can read. One client at a time
/// owns it: a second one reads what is there, and writes nothing. Where it cannot be read or written, the chat goes on
/// without it.
final class ConversationFile: Sendable {
  struct Contents: Codable, Equatable, Sendable {
    var version = 1
    /// By which the server knows us again. A secret.
    var token: String?
    var memory = InterfaceMemory()
  }

  /// Whether what is written here is ours to write, and what waits to be sent ours to send.
  let isOwned: Bool
  private let file: PrivateFile
  private let lock: Int32
  /// Encoding and writing happen here, so that they hold up no key.
  private let queue = DispatchQueue(label: "conversations")
  private let written = Mutex<Contents?>(nil)

  private static let version = 1
  /// Four times what the interface asks to have kept: quotes and escapes need room, too.
  private static let maximumBytes = 16 << 20

  /// - Parameter folder: that of all conversations, which exists.
  init(folder: String, endpoint: Endpoint) {
    let name = Self.fileName(endpoint)
    file = PrivateFile(path: "\(folder)/\(name).json", maximumBytes: Self.maximumBytes)
    lock = open("\(folder)/\(name).lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    isOwned = lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0
  }

  deinit {
    // The lock goes with its descriptor.
    if lock >= 0 { close(lock) }
  }

  // MARK: Reading

  /// What was kept; nothing where there is no file. One that cannot be understood is set aside.
  func load() -> Contents {
    do {
      guard let text = try file.read()?.text else { return Contents() }
      let contents = try JSONDecoder().decode(Contents.self, from: Data(text.utf8))
      guard contents.version == Self.version else { throw Failure("\(file.path) is of another version") }
      written.withLock { $0 = contents }
      return contents
    } catch {
      if isOwned { rename(file.path, file.path + ".bad") }
      return Contents()
    }
  }

  // MARK: Writing

  /// Writes it soon, where it is not what stands there; the file is always either the old one or the new one.
  func save(_ contents: Contents) {
    guard isOwned else { return }
    queue.async { self.write(contents) }
  }

  /// Returns when all is written.
  func finish() { queue.sync {} }

  private func write(_ contents: Contents) {
    guard written.withLock({ $0 != contents }) else { return }
    guard let data = try? JSONEncoder().encode(contents), data.count <= Self.maximumBytes else { return }
    do {
      try file.replace(String(decoding: data, as: UTF8.self))
      written.withLock { $0 = contents }
    } catch {
      // The chat goes on without it.
    }
  }

  // MARK: Names

  /// `HOST_PORT`, where the host has nothing that means something in a path.
  static func fileName(_ endpoint: Endpoint) -> String {
    var name = ""
    for byte in endpoint.host.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
        UInt8(ascii: "-"):
        name.unicodeScalars.append(Unicode.Scalar(byte))
      default: name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    // A file's name has at most 255 bytes; two long hosts shall not share one. FNV-1a.
    if name.utf8.count > 200 {
      let hash = name.utf8.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
      name = name.prefix(180) + "~" + String(hash, radix: 16)
    }
    return "\(name)_\(endpoint.port)"
  }
}
