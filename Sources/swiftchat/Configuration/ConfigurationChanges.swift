/// The differences between new settings and those of the running server.
struct ConfigurationChanges: Equatable {
  /// Names of changed settings that take effect without a restart.
  private(set) var live: [String] = []
  /// Names of changed settings that require a restart.
  private(set) var restart: [String] = []

  init(from running: ServerConfiguration, to wanted: ServerConfiguration) {
    for setting in Settings.all where !setting.isSame(running, wanted) {
      if setting.isLive { live.append(setting.name) } else { restart.append(setting.name) }
    }
  }
}

extension ServerConfiguration {
  /// These settings, with all live settings taken from other ones.
  func adoptingLive(_ wanted: ServerConfiguration) -> ServerConfiguration {
    var adopted = self
    for setting in Settings.all where setting.isLive { setting.assign(wanted, &adopted) }
    return adopted
  }
}
