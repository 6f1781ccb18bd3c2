import ChatHub
import ChatProtocol

/// The requests and their answers. Lines have increasing numbers, and a message's text begins with its number.
struct AnswerLedger {
  private var last: [SessionID: Int] = [:]
  /// Requests that must be answered.
  private var open: [SessionID: Set<Int>] = [:]
  private var asynchronous: Set<Int> = []
  private var speakers: [Int: SessionID] = [:]

  /// - Parameters:
  /// - isAsynchronous: whether the answer may come out of order.
  /// - mustBeAnswered: whether the request needs an answer line.
  mutating func note(_ number: Int, from id: SessionID, isAsynchronous: Bool, mustBeAnswered: Bool) {
    speakers[number] = id
    if isAsynchronous { asynchronous.insert(number) }
    if mustBeAnswered { open[id, default: []].insert(number) }
  }

  mutating func broken(by action: HubAction) -> String? {
    switch action {
    case .send(let id, _, let tags):
      guard let number = tags.label.flatMap({ Int($0) }) else { return nil }
      guard speakers[number] == id else { return "an answer goes to the session of its request" }
      open[id]?.remove(number)
      guard !asynchronous.contains(number) else { return nil }
      return broken(number, id)
    case .post(let message, let author):
      // The author's own copy counts as an answer too.
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

  /// The first unanswered request, checked after all answers.
  var unanswered: String? {
    for (id, numbers) in open where !numbers.isEmpty { return "session \(id) still waits for \(numbers.sorted())" }
    return nil
  }
}
