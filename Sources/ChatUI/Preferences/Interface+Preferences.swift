extension Interface {
  /// Replaces the preferences. A setting of the view applies if it changed: the user may have pressed its key since.
  mutating func adopt(_ new: Preferences) {
    let old = preferences
    preferences = new
    var changed = new
    if new.showsSidebar == old.showsSidebar { changed.showsSidebar = nil }
    if new.hidesPresence == old.hidesPresence { changed.hidesPresence = nil }
    adoptView(of: changed)
    closeObsoleteOverlays()
    settleScroll()
  }

  mutating func adoptView(of preferences: Preferences) {
    if let showsSidebar = preferences.showsSidebar { view.showsSidebar = showsSidebar }
    if let hidesPresence = preferences.hidesPresence { view.hidesPresence = hidesPresence }
  }
}
