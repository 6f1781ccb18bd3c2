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
  private let path: String
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
    path = "\(folder)/\(name).json"
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
    guard let data = read() else { return Contents() }
    if let contents = try? JSONDecoder().decode(Contents.self, from: data), contents.version == Self.version {
      written.withLock { $0 = contents }
      return contents
    }
    if isOwned { rename(path, path + ".bad") }
    return Contents()
  }

  private func read() -> Data? {
    // Anything but a file might never end, or never begin.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var data = Data()
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while data.count <= Self.maximumBytes {
      let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      data.append(contentsOf: chunk[..<count])
    }
    return data
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
    let temporary = path + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return }
    // Without fsync a power failure may leave a file without contents under the new name.
    let isWhole = fchmod(descriptor, 0o600) == 0 && write(data, to: descriptor) && fsync(descriptor) == 0
    close(descriptor)
    guard isWhole, rename(temporary, path) == 0 else {
      unlink(temporary)
      return
    }
    written.withLock { $0 = contents }
  }

  private func write(_ data: Data, to descriptor: Int32) -> Bool {
    var rest = data[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
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

// Within the class `read` and `write` are its own.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
