import ChatModel
import ChatProtocol

// Opening and closing servers.

extension Interface {
  /// The limit for open servers.
  public static let maximumServers = ServerList.maximum

  /// The server on the screen.
  public var shownServer: Endpoint { servers.shown.endpoint }

  /// Goes to a server, or asks for it to be opened.
  mutating func connect(to link: ShareLink) -> [InterfaceCommand] {
    if let index = servers.index(of: link.endpoint) {
      if index != servers.shownIndex { select { $0.show((index, $0[index].tabs.currentIndex)) } }
    } else if servers.count >= ServerList.maximum {
      tell(.alert("\(ServerList.maximum) servers are open, which is the limit; /disconnect closes one"))
      return []
    }
    return [.connect(link)]
  }

  /// Asks for a server to be closed.
  /// - Parameter text: the name or address of an open server; nil for the one on the screen.
  func disconnect(_ text: String?) throws(UsageError) -> [InterfaceCommand] {
    let index: Int
    if let text {
      guard let found = server(named: text) else { throw UsageError("no open server is called \(text.sanitizedWord)") }
      index = found
    } else {
      index = servers.shownIndex
    }
    let label = serverLabel(index)
    guard servers.hasSeveral else {
      throw UsageError("\(label) is the only server; /connect opens another one, /quit leaves")
    }
    guard servers[index].invitation == nil else {
      throw UsageError("\(label) is hosted here, and stays until you leave with /quit")
    }
    guard let draft = servers[index].unkeptDrafts.first else { return [.disconnect(servers[index].endpoint)] }
    throw UsageError("\(label) stays: the text in \(draft) is too long to be saved; send it or clear it first")
  }

  /// The index of the open server with this name on the screen, or with this address.
  func server(named text: some StringProtocol) -> Int? {
    let labels = servers.servers.indices.map { serverLabel($0) }
    if let exact = labels.firstIndex(where: { $0 == text }) { return exact }
    if let folded = labels.firstIndex(where: { $0.folded() == String(text).folded() }) { return folded }
    return (try? Endpoint(String(text))).flatMap(servers.index)
  }

  /// The tab with a typed name: `#dev` or `dev`, after the name of the server and a slash if it belongs to another
  /// server. The name of a server alone means its current tab.
  func tab(named text: String) -> ServerList.TabIndex? {
    func find(_ word: some StringProtocol, at server: Int) -> ServerList.TabIndex? {
      let targets = ["\(word)", "#\(word)", "@\(word)"].compactMap { Target($0) }
      return targets.lazy.compactMap(servers[server].tabs.index).first.map { (server, $0) }
    }
    if let tab = find(text, at: servers.shownIndex) { return tab }
    if let slash = text.firstIndex(of: "/"), let server = server(named: text[..<slash]) {
      return find(text[text.index(after: slash)...], at: server)
    }
    if let server = server(named: text) { return (server, servers[server].tabs.currentIndex) }
    return servers.servers.indices.lazy.compactMap { find(text, at: $0) }.first
  }
}
