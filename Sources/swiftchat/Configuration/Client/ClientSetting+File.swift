typealias ClientConfiguration = Configuration<ClientSetting>

// The settings file as a whole.

extension ClientSetting {
  static let fileName = "client.toml"
  static let variablePrefix = "SWIFTCHAT_CLIENT_"
  static let fileVariable = "SWIFTCHAT_CLIENT_CONFIG"

  static let introduction = """
    Settings of the client, for $XDG_CONFIG_HOME/swiftchat/client.toml (~/.config/swiftchat/client.toml), or for the \
    file that --config names. A line that begins with # and a key shows the default, or an example if there is none.

    Flags override environment variables, and environment variables override this file. The variables are named \
    SWIFTCHAT_CLIENT_LAYOUT, SWIFTCHAT_CLIENT_TIME_FORMAT; lists are separated by commas.

    `swiftchat config check` checks the file, and `swiftchat config show` prints every setting and where its value comes \
    from. A running client reads the file again when it changes; settings marked with (restart) take effect at the next \
    start.

    The file is TOML, as far as settings need it: comments, tables, keys, strings, numbers, booleans and lists.
    """

  static let descriptions = [
    "colors": colorsDescription, "notify": notifyDescription, "keys": keysDescription, "tabs.*": tabsDescription,
    "servers.*": serversDescription,
  ]
  static let exampleMembers = ["servers": "work", "tabs": "#dev"]

  static func refusal(ofMember name: String, in table: String) -> String? {
    table == "servers" ? serverRefusal(name) : tabRefusal(name)
  }

  static func contradiction(in configuration: ClientConfiguration) -> ConfigurationContradiction? {
    serverContradiction(in: configuration) ?? keyContradiction(in: configuration)
  }

  static func implied(_ setting: AnySetting<Self>, by configuration: ClientConfiguration) -> (
    value: String, reason: String
  )? {
    impliedKeys(setting, by: configuration)
  }
}
