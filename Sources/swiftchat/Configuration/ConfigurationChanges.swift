/// The differences between new settings and those of the running program.
struct ConfigurationChanges: Equatable {
  /// Names of changed settings that take effect without a restart.
  private(set) var live: [String] = []
  /// Names of changed settings that require a restart.
  private(set) var restart: [String] = []

  init<Table>(from running: Configuration<Table>, to wanted: Configuration<Table>) {
    for setting in Table.all where !setting.isSame(running, wanted) {
      if setting.isLive { live.append(setting.name) } else { restart.append(setting.name) }
    }
  }
}

extension Configuration {
  /// These settings, with all live settings taken from other ones.
  func adoptingLive(_ wanted: Self) -> Self {
    var adopted = self
    for setting in Table.all where setting.isLive { setting.assign(wanted, &adopted) }
    return adopted
  }
}
