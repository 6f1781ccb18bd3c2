/// What is different in new settings from those that a server runs with.
struct ConfigurationChanges: Equatable {
  /// The names of what can change while it runs.
  private(set) var live: [String] = []
  /// The names of what needs a restart.
  private(set) var restart: [String] = []

  init(from running: ServerConfiguration, to wanted: ServerConfiguration) {
    for key in ConfigurationKey.all where !key.isSame(running, wanted) {
      if key.isLive { live.append(key.name) } else { restart.append(key.name) }
    }
  }
}

extension ServerConfiguration {
  /// These settings with all that can change while a server runs taken over from others.
  func adoptingLive(_ wanted: ServerConfiguration) -> ServerConfiguration {
    var adopted = self
    for key in ConfigurationKey.all where key.isLive { key.assign(wanted, &adopted) }
    return adopted
  }
}
