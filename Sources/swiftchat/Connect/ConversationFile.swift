import ChatModel
import ChatUI
import CommandSupport
import Dispatch
import Synchronization

/// One running client's stored conversations with one server, in its own file that only the user can read.
///
/// A new client takes over the contents of exited clients, and deletes their files after saving. If another client has
/// the same conversations open, the new client also starts with the state of that client, without its typed text.
final class ConversationFile: Sendable {
  typealias Contents = ConversationSlot.Contents

  /// The initial contents.
  let contents: Contents
  /// Warnings for the user: files that could not be read, and their new names.
  let warnings: [String]

  private let slot: ConversationSlot?
  /// The error of each save if there is no slot.
  private let obstacle: Failure
  private let folder: String
  private let name: String
  /// Encoding and writing run on this queue, so that they do not delay key presses.
  private let queue = DispatchQueue(label: "conversations")
  private let state: Mutex<State>

  private struct State {
    var written: Contents?
    /// The contents to write next; they replace contents that were not written yet.
    var waiting: Contents?
    var completions: [@Sendable (Failure?) -> Void] = []
    var failure: Failure?
    /// Slots whose contents were merged into `contents`.
    var absorbed: [ConversationSlot] = []
  }

  /// - Parameter folder: the folder of all conversations, which must exist.
  init(folder: String, endpoint: Endpoint) {
    let name = Self.fileName(endpoint)
    (self.folder, self.name) = (folder, name)
    var found = Search(folder: folder, name: name)
    found.run()
    slot = found.own
    obstacle = found.obstacle ?? Failure("\(ConversationSlot.numbers.count) other clients have this server open")
    warnings = found.warnings
    contents = found.merged
    state = Mutex(State(written: found.absorbed.isEmpty ? found.ownContents : nil, absorbed: found.absorbed))
  }

  /// Whether there is a file to save to.
  var isWritable: Bool { slot != nil }

  // MARK: Writing

  /// Writes the contents asynchronously if they differ from the file. The file is replaced atomically.
  /// - Parameter completion: called when these or newer contents are on disk, or could not be written.
  func save(_ contents: Contents, then completion: @escaping @Sendable (Failure?) -> Void = { _ in }) {
    let isFirst = state.withLock { state in
      state.completions.append(completion)
      defer { state.waiting = contents }
      return state.waiting == nil
    }
    if isFirst { queue.async { self.writeWaiting() } }
  }

  /// Returns when all contents are written.
  /// - Returns: the failure of the last write; nil if it succeeded.
  @discardableResult
  func finish() -> Failure? { queue.sync { state.withLock { $0.failure } } }

  private func writeWaiting() {
    let (contents, completions, written) = state.withLock { state in
      defer { (state.waiting, state.completions) = (nil, []) }
      return (state.waiting, state.completions, state.written)
    }
    guard let contents else { return }
    var failure: Failure?
    if contents != written {
      do {
        guard let slot else { throw obstacle }
        try slot.write(contents)
        let absorbed = state.withLock { state in
          state.written = contents
          defer { state.absorbed = [] }
          return state.absorbed
        }
        for other in absorbed { other.remove() }
      } catch {
        failure = error as? Failure
      }
    }
    state.withLock { [failure] in $0.failure = failure }
    for completion in completions { completion(failure) }
  }

  // MARK: Unsent messages of exited clients

  /// Unsent messages of exited clients. No other client can take them while this value exists.
  struct Leftover: Sendable {
    let sends: [RememberedSend]
    fileprivate let rest: [(slot: ConversationSlot, contents: Contents)]
  }

  /// Looks for messages that were left unsent by a client that has exited since.
  /// - Parameters:
  ///   - token: this client's token. Of another member's messages, only those that were never transmitted can be sent.
  ///   - found: called if there are any.
  func lookForUnsent(token: String?, _ found: @escaping @Sendable (Leftover) -> Void) {
    guard let own = slot?.number else { return }
    queue.async { [folder, name] in
      var sends: [RememberedSend] = []
      var rest: [(slot: ConversationSlot, contents: Contents)] = []
      for number in ConversationSlot.numbers where number != own {
        guard ConversationSlot.time(of: ConversationSlot.path(number, of: name, in: folder)) != nil,
          let slot = try? ConversationSlot.acquire(number, of: name, in: folder), var contents = try? slot.contents()
        else { continue }
        let taken = contents.memory.unconfirmed.filter { contents.token == token || !$0.wasTransmitted }
        guard !taken.isEmpty else { continue }
        contents.memory.unconfirmed.removeAll(where: taken.contains)
        sends += taken
        rest.append((slot, contents))
      }
      if !sends.isEmpty { found(Leftover(sends: sends, rest: rest)) }
    }
  }

  /// Removes the messages from their original files after they are saved here. Call this after `save`.
  func settle(_ leftover: Leftover) {
    queue.async {
      guard self.state.withLock({ $0.failure == nil }) else { return }
      for (slot, contents) in leftover.rest { try? slot.write(contents) }
    }
  }

  // MARK: Names

  /// `HOST_PORT`, with characters escaped that are special in a path. For several hosts, the name of the first and a hash
  /// of them all.
  static func fileName(_ endpoint: Endpoint) -> String {
    let hash = endpoint.hasSeveralHosts ? "+" + String(fnv1a(endpoint.description), radix: 16) : ""
    return fileName(endpoint.first) + hash
  }

  /// 64-bit FNV-1a.
  private static func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  }

  private static func fileName(_ host: HostPort) -> String {
    var name = ""
    for byte in host.host.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
        UInt8(ascii: "-"):
        name.unicodeScalars.append(Unicode.Scalar(byte))
      default: name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    // A file name has at most 255 bytes. The hash keeps the names of two long hosts distinct.
    if name.utf8.count > 200 { name = name.prefix(180) + "~" + String(fnv1a(name), radix: 16) }
    return "\(name)_\(host.port)"
  }
}
