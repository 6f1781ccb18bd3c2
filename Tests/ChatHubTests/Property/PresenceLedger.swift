import ChatHub
import ChatProtocol

/// The connected and logged-in sessions and their rooms, according to the hub's actions, with the rules for those
/// actions.
struct PresenceLedger {
  private(set) var open: Set<SessionID> = []
  private(set) var names: [SessionID: Nickname] = [:]
  private var everLeft: Set<SessionID> = []
  private(set) var rooms: [SessionID: Set<RoomName>] = [:]
  private var held: Set<SessionID> = []
  private(set) var capabilities: [SessionID: Capabilities] = [:]
  /// Names whose last session has logged out without an announcement yet.
  private var unannounced: [(Nickname, LeaveReason)] = []
  /// Names that were announced and have no session yet.
  private var announced: [Nickname] = []

  var isSettled: Bool { unannounced.isEmpty && announced.isEmpty }
  var people: Int { Set(names.values).count }

  mutating func note(_ command: HubEvent) {
    if case .opened(let id, _, _) = command { open.insert(id) }
  }

  func isHeld(_ id: SessionID) -> Bool { held.contains(id) }
  func isPresent(_ name: Nickname) -> Bool { names.values.contains(name) }

  /// - Parameter proving: sessions that sent a token.
  /// - Returns: the invariant that the action violates.
  mutating func broken(by action: HubAction, _ proving: Set<SessionID>) -> String? {
    switch action {
    case .send(let id, _, _), .list(let id, _): return open.contains(id) ? nil : "nothing is sent after the close"
    case .agree(let id, let agreed):
      capabilities[id] = agreed
      guard agreed.isCoherent else { return "capabilities are coherent" }
      return open.contains(id) ? nil : "no capabilities are agreed on after the close"
    case .enter(let id, let room):
      guard open.contains(id) else { return "no room is entered after the close" }
      return rooms[id, default: []].insert(room).inserted ? nil : "a room is entered once"
    case .leave(let id, let room):
      guard room != .lobby else { return "the lobby is never left" }
      return rooms[id]?.remove(room) == nil ? "a room is left only after it was entered" : nil
    case .loggedIn(let id, let name):
      guard open.contains(id), names[id] == nil, !everLeft.contains(id) else { return "a session logs in once" }
      guard rooms[id]?.contains(.lobby) == true else { return "a member is in the lobby" }
      if isPresent(name) {
        guard proving.contains(id) else { return "names are unique" }
      } else if let index = announced.firstIndex(of: name) {
        announced.remove(at: index)
      } else {
        // A session of the member ended in the same event, when this login was decided already: the member stays.
        guard let index = unannounced.firstIndex(where: { $0.0 == name }) else { return "an arrival is announced" }
        unannounced.remove(at: index)
      }
      names[id] = name
      return nil
    case .loggedOut(let id, let name, let reason):
      guard names.removeValue(forKey: id)?.text == name.text else { return "only a present member logs out" }
      everLeft.insert(id)
      rooms[id] = nil
      if !isPresent(name) { unannounced.append((name, reason)) }
      return nil
    case .publish(.joined(let name), .lobby, _):
      guard !isPresent(name) else { return "a present member does not arrive" }
      announced.append(name)
      return nil
    case .publish(.left(let name, let reason), .lobby, _):
      guard let index = unannounced.firstIndex(where: { $0 == (name, reason) }) else {
        return "an announced departure is one that happened"
      }
      unannounced.remove(at: index)
      return nil
    case .publish(.left(let name, _), _, _), .publish(.joined(let name), _, _):
      let isComing = announced.contains(name) || unannounced.contains { $0.0 == name }
      return isPresent(name) || isComing ? nil : "only present members join and leave rooms"
    case .publish: return nil
    case .post, .read, .cancelRead, .keep, .propose, .redact: return nil
    case .depart: return "a departure is an entry at once"
    case .store(let message): return isPresent(message.author) ? nil : "only present members send messages"
    case .hold(let id):
      return open.contains(id) && held.insert(id).inserted ? nil : "a session is held once"
    case .release(let id): return held.remove(id) == nil ? "only a held session is released" : nil
    case .close(let id, let reason):
      guard open.remove(id) != nil else { return "a session is closed once" }
      held.remove(id)
      if reason == .shutdown {
        names[id] = nil
        rooms[id] = nil
      }
      return names[id] == nil ? nil : "who is here logs out before the close"
    }
  }
}
