import ChatClient
import ChatUI
import Dispatch
import Synchronization

/// What one running client keeps of its conversations with one server, in a file of its own that nobody else can read.
///
/// A client begins with what those that have ended left behind, and their files go when it is saved here. Where another
/// client has the same conversations open, it begins with what is shown there, without what is being typed there.
final class ConversationFile: Sendable {
  typealias Contents = ConversationSlot.Contents

  /// What to begin with.
  let contents: Contents
  /// For the person: what could not be read, and where it is now.
  let warnings: [String]

  private let slot: ConversationSlot?
  /// Why nothing can be saved.
  private let obstacle: Failure
  private let folder: String
  private let name: String
  /// Encoding and writing happen here, so that they hold up no key.
  private let queue = DispatchQueue(label: "conversations")
  private let state: Mutex<State>

  private struct State {
    var written: Contents?
    /// What is to be written next; what was to be written before it need not be.
    var waiting: Contents?
    var completions: [@Sendable (Failure?) -> Void] = []
    var failure: Failure?
    /// Their contents are a part of `contents`.
    var absorbed: [ConversationSlot] = []
  }

  /// - Parameter folder: that of all conversations, which exists.
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

  /// Writes it soon, where it is not what stands there; the file is always either the old one or the new one.
  /// - Parameter completion: called when it, or something newer, is on the disk, or could not be written.
  func save(_ contents: Contents, then completion: @escaping @Sendable (Failure?) -> Void = { _ in }) {
    let isFirst = state.withLock { state in
      state.completions.append(completion)
      defer { state.waiting = contents }
      return state.waiting == nil
    }
    if isFirst { queue.async { self.writeWaiting() } }
  }

  /// Returns when all is written.
  /// - Returns: why not, where it could not be.
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

  // MARK: What others left

  /// Messages of a client that has ended, which nobody else takes while this is kept.
  struct Leftover: Sendable {
    let sends: [RememberedSend]
    fileprivate let rest: [(slot: ConversationSlot, contents: Contents)]
  }

  /// Looks for messages that a client which has ended since could not send.
  /// - Parameters:
  ///   - token: ours. Of another person only what was never on the wire can be sent.
  ///   - found: called where there are any.
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

  /// Takes the messages out of the file that they were found in, once they are saved here. To be called behind `save`.
  func settle(_ leftover: Leftover) {
    queue.async {
      guard self.state.withLock({ $0.failure == nil }) else { return }
      for (slot, contents) in leftover.rest { try? slot.write(contents) }
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
