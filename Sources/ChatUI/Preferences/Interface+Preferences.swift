import ChatProtocol

extension Interface {
  /// Replaces the preferences. A view setting applies only if it changed, because its key may have been pressed since.
  mutating func adopt(_ new: Preferences) -> [InterfaceCommand] {
    let old = preferences
    preferences = new
    var changed = new
    if new.showsSidebar == old.showsSidebar { changed.showsSidebar = nil }
    if new.hidesPresence == old.hidesPresence { changed.hidesPresence = nil }
    adoptView(of: changed)
    forEachServer { $0.closeObsoleteOverlays() }
    settleScroll()
    guard new.usesMouse != old.usesMouse, new.usesMouse != usesMouse else { return [] }
    usesMouse = new.usesMouse
    return [.useMouse(usesMouse)]
  }

  /// The rooms that the settings name for this server, except those that the user is in. Empty after the first call,
  /// because the user may have left them since.
  mutating func takeAutojoin() -> [RoomName] {
    guard !servers.subject.hasAutojoined else { return [] }
    servers.subject.hasAutojoined = true
    let server = preferences.servers.at(connection.endpoint)
    return (server?.autojoin ?? []).filter { room in
      tabs.index(of: .room(room)).map { !tabs[$0].isJoined } ?? true
    }
  }

  /// A time of day in the user's format. The transcript and the lists, which have a column for it, use
  /// `LocalTime.clockColumn`.
  func clock(_ time: Timestamp) -> String {
    LocalTime(time, offset: settings.localOffset(time)).clock(as: preferences.timeFormat)
  }

  mutating func adoptView(of preferences: Preferences) {
    if let showsSidebar = preferences.showsSidebar { view.showsSidebar = showsSidebar }
    if let hidesPresence = preferences.hidesPresence { view.hidesPresence = hidesPresence }
  }
}
