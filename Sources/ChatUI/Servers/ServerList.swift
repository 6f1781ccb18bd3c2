import ChatModel
import ChatProtocol

/// The open servers, in the order in which they were opened. There is always one on the screen.
struct ServerList: Equatable, Sendable {
  private(set) var servers: [OpenServer]
  /// The server on the screen.
  var shownIndex = 0
  /// The server that the present event is about: the one on the screen, except while an event of another one is applied.
  private(set) var subjectIndex = 0
  /// The tab that was on the screen before this one.
  var previous: TabPlace?
  /// The tab from which `showActive` started.
  var home: TabPlace?

  /// The limit for open servers.
  static let maximum = 8

  init(_ server: OpenServer) { servers = [server] }

  var count: Int { servers.count }
  var hasSeveral: Bool { servers.count > 1 }
  var isSubjectShown: Bool { subjectIndex == shownIndex }

  func index(of endpoint: Endpoint) -> Int? { servers.firstIndex { $0.endpoint == endpoint } }

  // Accessed in place: a getter and setter would copy a transcript for each new line.

  subscript(index: Int) -> OpenServer {
    _read { yield servers[index] }
    _modify { yield &servers[index] }
  }

  var subject: OpenServer {
    _read { yield servers[subjectIndex] }
    _modify { yield &servers[subjectIndex] }
  }

  var shown: OpenServer {
    _read { yield servers[shownIndex] }
    _modify { yield &servers[shownIndex] }
  }

  // MARK: The subject

  /// - Returns: false if the server is not open.
  mutating func setSubject(_ endpoint: Endpoint) -> Bool {
    guard let index = index(of: endpoint) else { return false }
    subjectIndex = index
    return true
  }

  mutating func setSubject(_ index: Int) { if servers.indices.contains(index) { subjectIndex = index } }

  /// Makes the server on the screen the subject again.
  mutating func resetSubject() { subjectIndex = shownIndex }

  // MARK: Opening and closing

  /// - Returns: false if the server is open already, or if there are too many.
  mutating func open(_ server: OpenServer) -> Bool {
    guard servers.count < Self.maximum, index(of: server.endpoint) == nil else { return false }
    servers.append(server)
    return true
  }

  /// Closes a server. If it was on the screen, the tab before this one takes its place. The last server stays open.
  mutating func close(_ index: Int) {
    guard servers.count > 1, servers.indices.contains(index) else { return }
    let endpoint = shown.endpoint
    servers.remove(at: index)
    if let kept = self.index(of: endpoint) {
      shownIndex = kept
    } else {
      shownIndex = max(index - 1, 0)
      if let place = previous.flatMap(find) {
        shownIndex = place.server
        shown.tabs.select(place.tab)
      }
      previous = nil
    }
    resetSubject()
  }
}
