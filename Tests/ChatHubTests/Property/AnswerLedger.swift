import ChatHub
import ChatProtocol

/// Which request was answered when. Every line is sent under a number that grows, and a message's text begins with it.
struct AnswerLedger {
  private var last: [SessionID: Int] = [:]
  /// Those that must be answered.
  private var open: [SessionID: Set<Int>] = [:]
  private var asynchronous: Set<Int> = []
  private var speakers: [Int: SessionID] = [:]

  /// - Parameters:
  ///   - isAsynchronous: its answer may come whenever it likes.
  ///   - mustBeAnswered: with a line of its own.
  mutating func note(_ number: Int, from id: SessionID, isAsynchronous: Bool, mustBeAnswered: Bool) {
    speakers[number] = id
    if isAsynchronous { asynchronous.insert(number) }
    if mustBeAnswered { open[id, default: []].insert(number) }
  }

  mutating func broken(by action: HubAction) -> String? {
    switch action {
    case .send(let id, _, let tags):
      guard let number = tags.label.flatMap({ Int($0) }) else { return nil }
      guard speakers[number] == id else { return "an answer goes to who asked" }
      open[id]?.remove(number)
      guard !asynchronous.contains(number) else { return nil }
      return broken(number, id)
    case .post(let message, let author):
      // What its author sees of it is an answer, too.
      guard let number = Int(message.text.prefix { $0 != " " }), let id = speakers[number] else { return nil }
      guard author == id else { return "a message is posted for the session that sent it" }
      return broken(number, id)
    case .close(let id, _):
      open[id] = nil
      return nil
    default: return nil
    }
  }

  private mutating func broken(_ number: Int, _ id: SessionID) -> String? {
    defer { last[id] = number }
    return number >= last[id] ?? 0 ? nil : "answers come in the order of the requests"
  }

  /// When everything has been answered.
  var unanswered: String? {
    for (id, numbers) in open where !numbers.isEmpty { return "session \(id) still waits for \(numbers.sorted())" }
    return nil
  }
}
