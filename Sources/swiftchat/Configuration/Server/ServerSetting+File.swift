typealias ServerConfiguration = Configuration<ServerSetting>

// The settings file as a whole.

extension ServerSetting {
  static let fileName = "server.toml"
  static let variablePrefix = "SWIFTCHAT_"
  static let fileVariable = "SWIFTCHAT_CONFIG"

  /// The variables of the client's settings, of the programs that the client runs, and of the build.
  static func isForeign(variable: String) -> Bool {
    variable.hasPrefix(ClientSetting.variablePrefix) || foreign.contains(variable)
  }

  private static let foreign: Set<String> = [
    "SWIFTCHAT_PLACE", "SWIFTCHAT_AUTHOR", "SWIFTCHAT_TEXT", "SWIFTCHAT_STRICT", "SWIFTCHAT_FUZZER",
  ]

  static let descriptions = ["limits": "Limits for one client or address. Clients on the host itself are exempt."]

  static let introduction = """
    Settings of `swiftchat serve`, and of a chat that the client hosts, for $XDG_CONFIG_HOME/swiftchat/server.toml \
    (~/.config/swiftchat/server.toml), or for the file that --config names. A line that begins with # and a key shows \
    the default, or an example if there is none.

    Flags override environment variables, and environment variables override this file. The variables are named \
    SWIFTCHAT_PORT, SWIFTCHAT_IDLE_TIMEOUT, SWIFTCHAT_LIMITS_LINE_BURST; lists are separated by commas.

    `swiftchat serve --check-config` checks whether a server with this file would start. SIGHUP makes `serve` read it \
    again while it runs; settings marked with (restart) take effect at the next start. A path may begin with ~/; \
    relative paths start at the server's working directory.

    The file is TOML, as far as settings need it: comments, tables, keys, strings, numbers, booleans and lists.
    """

  /// `ephemeral` excludes `data` and `store`: giving one overrides the other.
  static func exclude(_ lower: inout ServerConfiguration, by upper: ServerConfiguration) {
    if upper[data] != nil || upper[store] != nil { lower[ephemeral] = false }
    if upper[ephemeral] == true {
      lower[data] = nil
      lower[store] = nil
      lower[storeKey] = nil
    }
  }

  static func contradiction(in configuration: ServerConfiguration) -> ConfigurationContradiction? {
    if configuration[ephemeral] == true, configuration[data] != nil {
      return ConfigurationContradiction(text: "ephemeral keeps nothing in data: name one of them")
    }
    if configuration[ephemeral] == true, configuration[store] != nil {
      return ConfigurationContradiction(text: "ephemeral keeps nothing in store: name one of them")
    }
    if let soft = configuration[softSendQueue], let hard = configuration[hardSendQueue], soft > hard {
      return ConfigurationContradiction(
        text: "limits.send-queue-soft is \(soft), which is more than limits.send-queue-hard, \(hard)")
    }
    if configuration[storeKey] != nil, configuration[store] == nil {
      return ConfigurationContradiction(text: "tls.store-key is for the servers of one store: name the store, too")
    }
    let certificate = configuration[tlsCertificate]
    if (certificate == nil) != (configuration[tlsKey] == nil) {
      return ConfigurationContradiction(text: "tls.cert and tls.key belong together: name both")
    }
    if configuration[tlsMode] == .off, certificate != nil {
      return ConfigurationContradiction(text: "tls.mode off shows no certificate: leave tls.cert and tls.key out")
    }
    return nil
  }
}
