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

  mutating func stepCompletion(backward: Bool) -> [InterfaceCommand] {
    complete(backward: backward)
    return []
  }

  /// Handles a click on a candidate.
  mutating func selectCandidate(_ index: Int) {
    completion?.select(index)
    servers.subject.applyCompletion()
  }

  /// The completion whose candidates are on the screen; nil if there is no choice, or no space for it.
  var shownCompletion: Completion? {
    guard preferences.showsCandidates, overlays.isEmpty, size.rows >= CandidatePopup.smallestRows,
      size.columns >= Layout.smallestColumns, let completion, !completion.isOnlyOne
    else { return nil }
    return completion
  }

  private var completer: Completer {
    Completer(
      tab: tabs.current, name: name, roster: roster, lobby: rosters.lobby,
      rooms: tabs.tabs.compactMap(\.room) + rooms.listed.map(\.name), administration: administration,
      isOperator: connection.standing.isOperator,
      servers: preferences.servers.map(\.label), openServers: servers.servers.indices.map { serverLabel($0) },
      ignored: ignored.names.sorted().map(\.asArgument))
  }
}
