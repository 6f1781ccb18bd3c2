import ChatClient
import ChatProtocol
import ChatRecords

/// What one person was told, and what of it is kept beyond the client's end; and whatever of that cannot be.
package struct ToldScreen: Sendable {
  package struct Window: Sendable {
    package var epoch: Epoch?
    /// In the order in which they stand on the screen.
    package var posts: [Post] = []
    package var hasBeginning = false
  }

  package struct Kept: Sendable {
    package init() {}

    package var windows: [Target: Window] = [:]
    package var token: String?
    package var rooms: Set<RoomName> = []
    package var unconfirmed: [ClientMemory.Unconfirmed] = []
  }

  package private(set) var kept = Kept()
  package private(set) var isOnline = false
  /// Taken for somebody else's server, which counts nothing and promises little.
  package private(set) var isPlain = false
  /// Sends that the server has, as far as we were ever told.
  package private(set) var confirmed: Set<String> = []
  package private(set) var failed: [String: String] = [:]
  /// What the server said it took away on our wish.
  package private(set) var takenAway: [Place] = []
  /// What we were told has no text any more.
  private var removed: Set<Place> = []
  package private(set) var violations: [String] = []

  package struct Place: Hashable, Sendable {
    package var target: Target
    package var sequence: Int
  }

  package var windows: [Target: Window] { kept.windows }

  package var memory: ClientMemory {
    var cursors: [Cursor] = []
    for (target, window) in kept.windows {
      guard let epoch = window.epoch else { continue }
      if case .room(let room) = target, room != .lobby, !kept.rooms.contains(room) { continue }
      cursors.append(Cursor(target: target, epoch: epoch, sequence: window.posts.last?.sequence ?? 0))
    }
    cursors.sort { $0.target.text < $1.target.text }
    return ClientMemory(token: kept.token, cursors: cursors, unconfirmed: kept.unconfirmed)
  }

  package mutating func willSay(_ id: SendID, _ text: String, to target: Target) {
    kept.unconfirmed.append(ClientMemory.Unconfirmed(id: id, target: target, text: text, wasTransmitted: false))
  }

  /// The client's process ends, and begins again with what was kept some time ago.
  package mutating func restart(from kept: Kept) {
    self.kept = kept
    isOnline = false
  }

  package mutating func hear(_ event: ClientEvent) {
    switch event {
    case .online(_, let dialect, _):
      isOnline = true
      isPlain = dialect.isEmpty
    case .offline, .connecting: isOnline = false
    case .token(let token): kept.token = token
    case .roomJoined(let room): kept.rooms.insert(room)
    case .roomLeft(let room, _):
      kept.rooms.remove(room)
      kept.windows[.room(room)] = nil
    case .synced(let target, let epoch, _, _):
      let window = kept.windows[target] ?? Window()
      if let earlier = window.epoch, earlier != epoch, !window.posts.isEmpty {
        violations.append("\(target) changed its epoch with \(window.posts.count) posts on the screen")
      }
      kept.windows[target, default: Window()].epoch = epoch
    case .continued(let target, let epoch): kept.windows[target]?.epoch = epoch
    case .reset(let target):
      kept.windows[target] = Window()
      // It may be another conversation now.
      removed = removed.filter { $0.target != target }
    case .removed(let target, let sequence, _): remove(Place(target: target, sequence: sequence))
    case .administered(.remove(let target, let sequence, _), .done):
      takenAway.append(Place(target: target, sequence: sequence))
    case .older(let target, let posts, let hasMore):
      for post in posts { checkRemoval(of: post) }
      for post in posts.reversed() { prepend(post, to: target) }
      if !hasMore { kept.windows[target, default: Window()].hasBeginning = true }
    case .message(let post):
      checkRemoval(of: post)
      if let id = post.answersSend { end(id, at: post) }
      append(post)
    case .sending(let id):
      if let index = kept.unconfirmed.firstIndex(where: { $0.id == id }) {
        kept.unconfirmed[index].wasTransmitted = true
      } else {
        violations.append("\(id) is sent after its end")
      }
    case .addressed(let id, let epoch):
      if let index = kept.unconfirmed.firstIndex(where: { $0.id == id }) { kept.unconfirmed[index].epoch = epoch }
    case .sendConfirmed(let id, let sequence, let time):
      guard let send = take(id) else { return }
      if isPlain { return }
      confirmed.insert(send.text)
      guard let sequence else { return }
      let last = kept.windows[send.target]?.posts.last?.sequence
      if let last, sequence <= last { return }
      append(
        Post(conversation: send.target, author: me, text: send.text, time: time, isOwn: true, sequence: sequence))
    case .sendFailed(let id, let reason):
      guard let send = take(id) else { return }
      failed[send.text] = reason
    default: break
    }
  }

  package let me: Nickname

  package init(_ me: Nickname) { self.me = me }

  private mutating func end(_ id: SendID, at post: Post) {
    guard let send = take(id) else { return }
    confirmed.insert(send.text)
    // It may have been taken away meanwhile.
    guard post.kind != .removed, post.text != StoredMessage.removedText else { return }
    if send.text != post.text { violations.append("\(send.text) was answered with \(post.text)") }
  }

  private mutating func take(_ id: SendID) -> ClientMemory.Unconfirmed? {
    guard let index = kept.unconfirmed.firstIndex(where: { $0.id == id }) else {
      violations.append("\(id) ended twice")
      return nil
    }
    return kept.unconfirmed.remove(at: index)
  }

  private mutating func remove(_ place: Place) {
    removed.insert(place)
    guard let index = kept.windows[place.target]?.posts.firstIndex(where: { $0.sequence == place.sequence }) else {
      return
    }
    kept.windows[place.target]?.posts[index].kind = .removed
    kept.windows[place.target]?.posts[index].text = ""
  }

  private mutating func checkRemoval(of post: Post) {
    guard let sequence = post.sequence, post.kind != .removed else { return }
    if removed.contains(Place(target: post.conversation, sequence: sequence)) {
      violations.append("\(post) is told after it was taken away")
    }
  }

  private mutating func append(_ post: Post) {
    guard let sequence = post.sequence else { return }
    let last = kept.windows[post.conversation]?.posts.last?.sequence
    if let last, sequence != last + 1 {
      violations.append("\(post.conversation): \(sequence) follows \(last)")
    }
    kept.windows[post.conversation, default: Window()].posts.append(post)
  }

  private mutating func prepend(_ post: Post, to target: Target) {
    guard let sequence = post.sequence else { return violations.append("an older post of \(target) without a place") }
    let first = kept.windows[target]?.posts.first?.sequence
    if let first, sequence != first - 1 { violations.append("\(target): \(sequence) stands before \(first)") }
    kept.windows[target, default: Window()].posts.insert(post, at: 0)
  }
}
