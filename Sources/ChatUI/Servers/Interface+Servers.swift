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

  // MARK: Opening and closing

  /// The program has opened another server.
  /// - Parameter isShown: whether to go to its tabs.
  /// - Returns: the command to close a server that it replaces.
  mutating func open(_ opening: ServerOpening) -> [InterfaceCommand] {
    var server = OpenServer(opening.endpoint, as: opening.name, at: now)
    server.restore(opening.memory, printsLines: printsLines)
    let replaced = servers.servers.first(where: \.isReplaceable)?.endpoint
    guard servers.open(server), opening.isShown else { return [] }
    select { $0.show(($0.count - 1, $0[$0.count - 1].tabs.currentIndex)) }
    return replaced.map { [.disconnect($0)] } ?? []
  }

  /// The program has closed a server: its state is on disk.
  mutating func close(_ endpoint: Endpoint) {
    guard let index = servers.index(of: endpoint), servers.hasSeveral else { return }
    let label = servers.label(of: index, preferences.servers)
    // A name on the screen may lack the port.
    let address = preferences.servers.at(endpoint)?.label ?? endpoint.description
    let cut = servers.shown.tabs.current.editor
    let words = servers[index].typedTextInWords
    servers.close(index)
    tabs.current.editor.takeCut(from: cut)
    hint = nil
    let rest = words.isEmpty ? "" : ": \(words) /connect \(address) goes back"
    tell(.notice("\(label) is closed\(rest)"))
  }

  /// The name of a server on the screen, shown if several are open: see `ServerList.label`.
  /// - Parameter server: the index; nil for the subject.
  func serverLabel(_ server: Int? = nil) -> String {
    servers.label(of: server ?? servers.subjectIndex, preferences.servers)
  }
}

extension ServerList {
  /// The short name from the settings; otherwise the host, with the port if another open server has the same host or
  /// the settings use it as a short name. No two open servers have the same label.
  func label(of index: Int, _ named: [NamedServer]) -> String {
    let endpoint = servers[index].endpoint
    if let label = named.at(endpoint)?.label { return label }
    let isAmbiguous =
      servers.count { $0.endpoint.host == endpoint.host } > 1 || named.contains { $0.label == endpoint.host }
    return isAmbiguous ? endpoint.description : endpoint.host
  }
}

extension OpenServer {
  /// Whether a server that is opened replaces this one: hosting was offered here, there was never a connection, and
  /// nothing was typed.
  fileprivate var isReplaceable: Bool {
    offersHost && !wasOnline && invitation == nil && !tabs.holdsTypedText
  }
}
