import ChatClient
import ChatProtocol
import ChatUI

extension NetworkEvent {
  /// Converts an event of the client session for the interface; nil if there is nothing to show.
  init?(_ event: ClientEvent, at endpoint: Endpoint) {
    switch event {
    case .connecting(let endpoint, _): self = .connecting(place: endpoint.description)
    case .online(let name, let dialect, let standing):
      self = .online(name, place: endpoint.description, isPlain: dialect.isEmpty, standing: standing)
    case .pinned: return nil
    case .distrusted(let endpoint, let known, let seen, let wasMet):
      self = .distrusted(place: endpoint.description, known: known, seen: seen, wasMet: wasMet)
    case .administered(let request, let answer): self = .administered(request, answer)
    case .removed(let target, let sequence, let name): self = .removed(target, sequence, by: name)
    case .offline(let outage):
      self = .offline(
        reason: outage.reason, retryIn: outage.retryIn, isNobodyThere: outage.isRefused && outage.isFirst)
    case .lag(let lag, let wasAsked): self = .lag(lag, wasAsked: wasAsked)
    case .message(let post): self = .said(Said(post), answering: post.answersSend)
    case .sending(let id): self = .sending(id)
    case .addressed(let id, let epoch): self = .addressed(id, epoch)
    case .sendConfirmed(let id, let sequence, let time): self = .confirmed(id, sequence: sequence, at: time)
    case .sendFailed(let id, let reason): self = .failed(id, reason: reason)
    case .token: return nil
    case .synced(let target, let epoch, let head, let mark): self = .synced(target, epoch, head: head, mark: mark)
    case .continued(let target, let epoch): self = .continued(target, epoch)
    case .reset(let target): self = .reset(target)
    case .older(let target, let posts, let hasMore): self = .older(target, posts.map(Said.init), hasMore: hasMore)
    case .marked(let target, let sequence): self = .marked(target, sequence)
    case .roomJoined(let room): self = .roomJoined(room)
    case .roomLeft(let room, let reason): self = .roomLeft(room, reason: reason)
    case .topic(let room, let text): self = .topic(room, text)
    case .rooms(let rooms): self = .rooms(rooms)
    case .roomsFailed(let reason): self = .roomsFailed(reason: reason)
    case .found(let number, let posts, let hasMore, let stop):
      self = .found(number, posts.map(Said.init), hasMore: hasMore, stoppedBefore: stop)
    case .searchFailed(let number, let reason): self = .searchFailed(number, reason: reason)
    case .roster(let room, let people): self = .roster(room, people)
    case .joined(let name, let room): self = .joined(name, room)
    case .guest(let name): self = .guest(name)
    case .otherPerson(let name): self = .otherPerson(name)
    case .noticed(let name): self = .noticed(name)
    case .left(let name, let room, let reason): self = .left(name, room, reason: reason)
    case .away(let name, let text): self = .away(name, text: text)
    case .back(let name): self = .back(name)
    case .notice(let text): self = .notice(text)
    case .messageOfTheDay(let text): self = .messageOfTheDay(text)
    case .nameRefused(let name, let refusal, let suggestion):
      self = .nameRefused(name, reason: refusal.sentence(about: name), suggestion: suggestion ?? name)
    case .serverError(let text): self = .alert(text)
    }
  }
}

extension Said {
  init(_ post: Post) {
    self.init(
      target: post.conversation, kind: post.kind, author: post.author, text: post.text, time: post.time,
      sequence: post.sequence, id: post.id, isBacklog: post.isBacklog)
  }
}
