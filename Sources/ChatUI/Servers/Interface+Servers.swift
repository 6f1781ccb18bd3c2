import ChatModel
import ChatProtocol
import TerminalTypes

// The open servers, and the state of the one that the present event is about.

extension Interface {
  var name: Nickname {
    _read { yield servers.subject.name }
    _modify { yield &servers.subject.name }
  }
  var connection: ServerConnection {
    _read { yield servers.subject.connection }
    _modify { yield &servers.subject.connection }
  }
  var administration: Administration {
    _read { yield servers.subject.administration }
    _modify { yield &servers.subject.administration }
  }
  var rosters: Rosters {
    _read { yield servers.subject.rosters }
    _modify { yield &servers.subject.rosters }
  }
  var ignored: IgnoredPeople {
    _read { yield servers.subject.ignored }
    _modify { yield &servers.subject.ignored }
  }
  var away: String? {
    _read { yield servers.subject.away }
    _modify { yield &servers.subject.away }
  }
  var invitation: String? {
    _read { yield servers.subject.invitation }
    _modify { yield &servers.subject.invitation }
  }
  var tabs: TabList {
    _read { yield servers.subject.tabs }
    _modify { yield &servers.subject.tabs }
  }
  var rooms: RoomDirectory {
    _read { yield servers.subject.rooms }
    _modify { yield &servers.subject.rooms }
  }
  var search: SearchState {
    _read { yield servers.subject.search }
    _modify { yield &servers.subject.search }
  }
  var overlays: OverlayStack {
    _read { yield servers.subject.overlays }
    _modify { yield &servers.subject.overlays }
  }
  var completion: Completion? {
    _read { yield servers.subject.completion }
    _modify { yield &servers.subject.completion }
  }
  var hint: String? {
    _read { yield servers.subject.hint }
    _modify { yield &servers.subject.hint }
  }
  var saveTrouble: String? {
    _read { yield servers.subject.saveTrouble }
    _modify { yield &servers.subject.saveTrouble }
  }

  /// Runs a change once for each open server, with that server as the subject.
  mutating func forEachServer(_ change: (inout Interface) -> Void) {
    for index in servers.servers.indices {
      servers.setSubject(index)
      change(&self)
    }
    servers.resetSubject()
  }
}
