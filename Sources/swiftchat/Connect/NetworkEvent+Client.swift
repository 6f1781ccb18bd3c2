import ChatClient
import ChatProtocol
import ChatUI

extension NetworkEvent {
  /// What the client's session says, in the screen's terms.
  init(_ event: ClientEvent, at endpoint: Endpoint) {
    switch event {
    case .connecting(let endpoint, _): self = .connecting(place: endpoint.description)
    case .online(let name, let dialect):
      self = .online(name, place: endpoint.description, isPlain: dialect.isEmpty)
    case .offline(let outage):
      self = .offline(
        reason: outage.reason, retryIn: outage.retryIn, isNobodyThere: outage.isRefused && outage.isFirst)
    case .lag(let lag, let wasAsked): self = .lag(lag, wasAsked: wasAsked)
    case .message(let post):
      switch post.conversation {
      case .room:
        self = .roomMessage(
          author: post.author, text: post.text, time: post.time, answering: post.answersSend)
      case .person(let name):
        self = .directMessage(
          author: post.author, with: name, text: post.text, time: post.time, answering: post.answersSend)
      }
    case .sendConfirmed(let id, let time): self = .confirmed(id, at: time)
    case .sendFailed(let id, let reason): self = .failed(id, reason: reason)
    case .roster(let people): self = .roster(people)
    case .joined(let name): self = .joined(name)
    case .left(let name, let reason): self = .left(name, reason: reason)
    case .away(let name, let text): self = .away(name, text: text)
    case .back(let name): self = .back(name)
    case .notice(let text): self = .notice(text)
    case .messageOfTheDay(let text): self = .messageOfTheDay(text)
    case .nameRefused(let name, let refusal, let suggestion):
      let reason = refusal == .taken ? "taken; choose another name" : "not allowed here; choose another name"
      self = .nameRefused(name, reason: reason, suggestion: suggestion ?? name)
    case .serverError(let text): self = .alert(text)
    }
  }
}
