/// The settings of a server: all of them, or those from one source. Read with a row of `Settings`:
/// `configuration[Settings.port]`.
struct ServerConfiguration: Sendable {
  /// By name. Only the given settings.
  private var values: [String: any Sendable] = [:]

  /// Nil if the setting is not given.
  subscript<Value>(_ setting: Setting<Value>) -> Value? {
    get { values[setting.name] as? Value }
    set { values[setting.name] = newValue }
  }

  /// The default settings.
  static let defaults: ServerConfiguration = {
    var defaults = ServerConfiguration()
    for setting in Settings.all { setting.reset(&defaults) }
    return defaults
  }()

  /// These settings, completed by other ones.
  func over(_ other: ServerConfiguration) -> ServerConfiguration {
    var merged = other
    // These two exclude each other: giving one overrides the other.
    if self[Settings.data] != nil { merged[Settings.ephemeral] = false }
    if self[Settings.ephemeral] == true { merged[Settings.data] = nil }
    for setting in Settings.all { setting.copy(self, &merged) }
    return merged
  }

  /// The reason why the given settings contradict each other; nil if they do not.
  var contradiction: String? {
    if self[Settings.ephemeral] == true, self[Settings.data] != nil {
      return "ephemeral keeps nothing in data: name one of them"
    }
    if let soft = self[Settings.softSendQueue], let hard = self[Settings.hardSendQueue], soft > hard {
      return "limits.send-queue-soft is \(soft), which is more than limits.send-queue-hard, \(hard)"
    }
    let certificate = self[Settings.tlsCertificate]
    if (certificate == nil) != (self[Settings.tlsKey] == nil) {
      return "tls.cert and tls.key belong together: name both"
    }
    if self[Settings.tlsMode] == .off, certificate != nil {
      return "tls.mode off shows no certificate: leave tls.cert and tls.key out"
    }
    return nil
  }
}

extension ServerConfiguration: Equatable {
  static func == (one: ServerConfiguration, other: ServerConfiguration) -> Bool {
    Settings.all.allSatisfy { $0.isSame(one, other) }
  }
}
