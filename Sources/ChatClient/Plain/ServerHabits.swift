import ChatProtocol
import DequeModule

/// Learned habits of a server without tags, and the lines remembered to learn from.
struct ServerHabits: Sendable {
  private static let mostRemembered = 64
  private static let mostBytes = 512

  /// The server's format of messages if it is not `MSG name text`.
  var form: EchoForm?
  /// The server's own lines, newest last.
  private(set) var words: Deque<String> = []
  /// Lines that announced a user before they were reported.
  private var earlyWords: Deque<String> = []
  /// Words that appear in the position of a name but are not names.
  private var impossible: Deque<String> = []
  /// Former users: their messages may be reported after their departure.
  private var former: Deque<Nickname> = []
  /// Errors that answered an unsupported request.
  private var refusals: Deque<String> = []

  // MARK: People

  /// The server's own line is reported.
  mutating func noteWords(_ text: String) {
    let text = Self.shortened(text)
    if let index = earlyWords.firstIndex(of: text) {
      earlyWords.remove(at: index)
    } else {
      Self.append(text, to: &words)
    }
  }

  /// Forgets lines that have turned out not to be the server's own.
  mutating func forgetWords(_ others: Set<String>) { words.removeAll { others.contains($0) } }

  /// - Returns: whether the server has announced the arrival in its own words (`isAnnounced`).
  mutating func noteArrival(of name: Nickname, waiting: [String]) -> Bool {
    former.removeAll { $0 == name }
    impossible.removeAll { $0 == name.text.withoutNumbers }
    return isAnnounced(name, waiting: waiting)
  }

  func isFormer(_ name: Nickname) -> Bool { former.contains(name) }

  mutating func noteFormer(_ name: Nickname) {
    former.removeAll { $0 == name }
    Self.append(name, to: &former)
  }

  /// Whether the server's lines mention a user who came or went. Each mention counts once.
  /// - Parameter waiting: the server's own lines that are not reported yet.
  mutating func isAnnounced(_ name: Nickname, waiting: [String]) -> Bool {
    let count = words.count
    words.removeAll { $0.mentions(name) }
    let early = waiting.filter { $0.mentions(name) }.map(Self.shortened)
    for text in early where !earlyWords.contains(text) { Self.append(text, to: &earlyWords) }
    return words.count < count || !early.isEmpty
  }

  private static func shortened(_ text: String) -> String {
    String(decoding: text.utf8.prefix(mostBytes), as: UTF8.self)
  }

  // MARK: Impossible names

  mutating func noteImpossible(_ word: Substring) {
    let form = word.withoutNumbers
    if !impossible.contains(form) { Self.append(form, to: &impossible) }
  }

  func isImpossible(_ word: Substring) -> Bool { impossible.contains(word.withoutNumbers) }

  // MARK: Errors

  mutating func noteRefusal(_ reply: ErrorReply) {
    let words = "\(reply.code) \(reply.text)"
    if !refusals.contains(words) { Self.append(words, to: &refusals) }
  }

  /// Whether the error is the server's answer to unsupported commands.
  func isRefusal(_ reply: ErrorReply) -> Bool {
    reply.knownCode == .unknownCommand || refusals.contains("\(reply.code) \(reply.text)")
  }

  private static func append<Element>(_ element: Element, to elements: inout Deque<Element>) {
    if elements.count >= mostRemembered { elements.removeFirst() }
    elements.append(element)
  }
}
