import ChatProtocol
import DequeModule

/// Learned habits of a server without tags, and the lines remembered to learn from.
struct ServerHabits: Sendable {
  private static let mostRemembered = 64
  private static let mostBytes = 512

  /// The server's format of messages if it is not `MSG name text`.
  var form: EchoForm?
  /// Whether the server announces arrivals and departures in its own words.
  private(set) var announcesArrivals = false
  private(set) var announcesDepartures = false
  /// The server's own lines, newest last.
  private var words: Deque<String> = []
  /// Words that appear in the position of a name but are not names.
  private var impossible: Deque<String> = []
  /// Former users: their messages may be reported after their departure.
  private var former: Deque<Nickname> = []
  /// Errors that answered an unsupported request.
  private var refusals: Deque<String> = []

  // MARK: People

  mutating func noteWords(_ text: String) {
    Self.append(String(decoding: text.utf8.prefix(Self.mostBytes), as: UTF8.self), to: &words)
  }

  mutating func noteArrival(of name: Nickname) -> Bool {
    let isAnnounced = takeWords(about: name)
    if isAnnounced { announcesArrivals = true }
    former.removeAll { $0 == name }
    impossible.removeAll { $0 == name.text.withoutNumbers }
    return isAnnounced || announcesArrivals
  }

  mutating func noteDeparture(of name: Nickname) -> Bool {
    let isAnnounced = takeWords(about: name)
    if isAnnounced { announcesDepartures = true }
    noteFormer(name)
    return isAnnounced || announcesDepartures
  }

  /// The server sends `INFO name disconnected`.
  mutating func noteAnnouncedDeparture(of name: Nickname) {
    announcesDepartures = true
    noteFormer(name)
  }

  func isFormer(_ name: Nickname) -> Bool { former.contains(name) }

  private mutating func noteFormer(_ name: Nickname) {
    former.removeAll { $0 == name }
    Self.append(name, to: &former)
  }

  /// Whether the server's lines mention the name. Each mention counts once.
  private mutating func takeWords(about name: Nickname) -> Bool {
    let count = words.count
    words.removeAll { $0.mentions(name) }
    return words.count < count
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
