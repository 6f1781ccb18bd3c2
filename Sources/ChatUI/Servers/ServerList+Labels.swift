import ChatModel
import ChatProtocol

// The names of servers on the screen.

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

extension Interface {
  /// The name of a server on the screen, shown if several are open: see `ServerList.label`.
  /// - Parameter server: the index; nil for the subject.
  func serverLabel(_ server: Int? = nil) -> String {
    servers.label(of: server ?? servers.subjectIndex, preferences.servers)
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
