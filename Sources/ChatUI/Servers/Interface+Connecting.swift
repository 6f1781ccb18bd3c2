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

  // MARK: Events

  /// The program has opened another server. Goes to its tabs if `ServerOpening.isShown`.
  /// - Returns: the command to close a server that it replaces.
  mutating func open(_ opening: ServerOpening) -> [InterfaceCommand] {
    var server = OpenServer(opening.endpoint, as: opening.name, at: now)
    if opening.isNameGiven == true { server.chosenName = opening.name }
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
}

extension OpenServer {
  /// Whether a server that is opened replaces this one: hosting was offered here, there was never a connection, and
  /// nothing was typed.
  fileprivate var isReplaceable: Bool {
    offersHost && !wasOnline && invitation == nil && !tabs.holdsTypedText
  }
}
