import ChatProtocol
import DequeModule

/// What has been learned about a server without tags, and what is remembered in order to learn more.
struct ServerHabits: Sendable {
  private static let mostRemembered = 64
  private static let mostBytes = 512

  /// How it writes messages, where that is not `MSG name text`.
  var form: EchoForm?
  /// Whether it says in its own words who comes, and who goes.
  private(set) var announcesArrivals = false
  private(set) var announcesDepartures = false
  /// Lines of its own, the newest last.
  private var words: Deque<String> = []
  /// What stands where a name could, and is none.
  private var impossible: Deque<String> = []
  /// People who were here: what they said may be told after their departure.
  private var former: Deque<Nickname> = []
  /// Errors that answered a request which it does not know.
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

  /// It says `INFO name disconnected`.
  mutating func noteAnnouncedDeparture(of name: Nickname) {
    announcesDepartures = true
    noteFormer(name)
  }

  func isFormer(_ name: Nickname) -> Bool { former.contains(name) }

  private mutating func noteFormer(_ name: Nickname) {
    former.removeAll { $0 == name }
    Self.append(name, to: &former)
  }

  /// Whether there was word of somebody. It counts once.
  private mutating func takeWords(about name: Nickname) -> Bool {
    let count = words.count
    words.removeAll { $0.mentions(name) }
    return words.count < count
  }

  // MARK: What is no name

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

  /// Whether this is how it answers what it does not know.
  func isRefusal(_ reply: ErrorReply) -> Bool {
    reply.knownCode == .unknownCommand || refusals.contains("\(reply.code) \(reply.text)")
  }

  private static func append<Element>(_ element: Element, to elements: inout Deque<Element>) {
    if elements.count >= mostRemembered { elements.removeFirst() }
    elements.append(element)
  }
}
