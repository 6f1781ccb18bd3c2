import ChatProtocol

extension Interface {
  mutating func complete(backward: Bool) {
    if completion == nil {
      completion = completer.completion(backward: backward)
    } else {
      completion?.step(backward: backward)
    }
    servers.subject.applyCompletion()
    // The command is complete; the next Tab completes its first parameter.
    if completion?.isOnlyOne == true, case .command(let command, "") = Submission(tabs.current.editor.text),
      !command.completable.isEmpty
    {
      completion = nil
    }
  }

  private var completer: Completer {
    Completer(
      tab: tabs.current, name: name, roster: roster, lobby: rosters.lobby,
      rooms: tabs.tabs.compactMap(\.room) + rooms.listed.map(\.name), administration: administration,
      isOperator: connection.standing.isOperator,
      servers: preferences.servers.map(\.label), openServers: servers.servers.indices.map { serverLabel($0) },
      ignored: ignored.names.sorted().map(\.text))
  }
}
