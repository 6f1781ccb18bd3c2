/// The differences between new settings and those of the running server.
struct ConfigurationChanges: Equatable {
  /// Names of changed settings that take effect without a restart.
  private(set) var live: [String] = []
  /// Names of changed settings that require a restart.
  private(set) var restart: [String] = []

  init(from running: ServerConfiguration, to wanted: ServerConfiguration) {
    for key in ConfigurationKey.all where !key.isSame(running, wanted) {
      if key.isLive { live.append(key.name) } else { restart.append(key.name) }
    }
  }
}

extension ServerConfiguration {
  /// These settings, with all live settings taken from other ones.
  func adoptingLive(_ wanted: ServerConfiguration) -> ServerConfiguration {
    var adopted = self
    for key in ConfigurationKey.all where key.isLive { key.assign(wanted, &adopted) }
    return adopted
  }
}
