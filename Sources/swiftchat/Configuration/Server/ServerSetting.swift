import ChatHub
import ChatLog
import ChatServer
import Logging

/// The settings of a server.
enum ServerSetting: SettingsTable {
  /// All settings, in the order of the sample file.
  static let all: [AnySetting<Self>] =
    [
      AnySetting(host), AnySetting(port), AnySetting(publicHosts), AnySetting(data), AnySetting(store),
      AnySetting(keep), AnySetting(ephemeral), AnySetting(idleTimeout), AnySetting(loginTimeout),
      AnySetting(maximumClients), AnySetting(messageOfTheDay), AnySetting(inviteOnly), AnySetting(reservedNames),
      AnySetting(trustLoopback), AnySetting(proxies), AnySetting(metrics), AnySetting(logLevel), AnySetting(logFormat),
    ] + limits + tls

  static let host = Row(
    "host", .hosts, example: ["192.0.2.7", "2001:db8::7"], isLive: false,
    """
    Addresses or names to listen on; a name stands for all of its addresses. A link-local address needs its interface: \
    "fe80::7%eth0". Default: all addresses, IPv4 and IPv6.
    """,
    flag: .init(
      text: "An address or name to listen on; may be given several times.", standard: "all, IPv4 and IPv6"))

  static let port = Row(
    "port", .number(0...65535), default: PortOption.standard, isLive: false, "The port; 0 picks a free one.",
    flag: .init(text: "The port; 0 picks a free one.", standard: "$SWIFTCHAT_PORT, or 4000"))

  static let publicHosts = Row(
    "public-hosts", .publicHosts, example: ["chat1.example.org", "chat2.example.org"], isLive: false,
    """
    Names or addresses at which clients reach this server, and the other servers of the same store, for the links that \
    the server prints and that invitations contain. Default: the address of this host.
    """,
    flag: .init(
      text: """
        A name or address at which clients reach this server, or another server of the same --store, for links and \
        invitations; may be given several times.
        """,
      valueName: "host", standard: "the address of this host"))

  static let data = Row(
    "data", .path, example: "/var/lib/swiftchat", isLive: false,
    "Directory for messages, accounts and the server's key. Default: $XDG_STATE_HOME/swiftchat.",
    flag: .init(
      text: "Directory for messages, accounts and the server's key.", valueName: "directory",
      standard: """
        $XDG_STATE_HOME/swiftchat, which is ~/.local/state/swiftchat; its subdirectory port-N for a port other than 4000
        """))

  static let store = Row(
    "store", .store, example: .example, isLive: false,
    """
    A PostgreSQL database in which messages and accounts are stored, instead of in data. The server creates its tables \
    in a schema named swiftchat. Keep the password in ~/.pgpass, or in the file that PGPASSFILE names. Default: none.
    """,
    flag: .init(
      text: """
        Store messages and accounts in this PostgreSQL database, such as postgresql://user@host/database. Keep the \
        password in ~/.pgpass, because others on this host can read it here.
        """,
      valueName: "url", standard: "files in --data"))

  static let keep = Row(
    "keep", .keep, example: .example,
    """
    How much to keep of each room and direct conversation: an age in h, d or w, a number of messages, or both. \
    Default: all messages.
    """,
    flag: .init(
      text: """
        How much to keep of each conversation: an age (90d; h, d or w), a number of messages, or both (90d,100000).
        """,
      valueName: "limit", standard: "all"))

  static let ephemeral = Row(
    "ephemeral", .yesOrNo, default: false, isLive: false, "Keep messages in memory only.",
    flag: .init(
      text: "Keep only the latest messages, in memory.", standard: "--no-ephemeral"))

  static let idleTimeout = Row(
    "idle-timeout", .timeout, default: Timeout(HubSettings().idleTimeout),
    """
    Seconds after which a client that sends no line, or does not log in, is disconnected; 0 disables the timeout.
    """,
    flag: .init(text: "Idle timeout; 0 disables it.", valueName: "seconds"))

  static let loginTimeout = Row(
    "login-timeout", .timeout, default: Timeout(HubSettings().loginTimeout),
    flag: .init(text: "Login timeout; 0 disables it.", valueName: "seconds"))

  static let maximumClients = Row(
    "max-clients", .number(1...1_000_000), example: 1000,
    "Maximum number of connections. Default: nine tenths of the limit on open files.",
    flag: .init(
      text: "Maximum number of connections.", valueName: "number",
      standard: "nine tenths of the limit on open files"))

  static let messageOfTheDay = Row(
    "motd", .path, example: "/etc/swiftchat/motd", "A file with a text that is sent after login.",
    flag: .init(text: "A file with a text that is sent after login.", valueName: "file"))

  static let inviteOnly = Row(
    "invite-only", .yesOrNo, default: HubSettings().isInviteOnly,
    "Admit only people who own a name or have an invitation.",
    flag: .init(text: "Admit only people who own a name or have an invitation.", standard: "--no-invite-only"))

  static let reservedNames = Row(
    "reserved-names", .names, default: HubLimits().reservedNames.map(\.description).sorted(),
    "Names that are not available to anyone.")

  static let trustLoopback = Row(
    "trust-loopback", .yesOrNo, default: PeerTrust().trustsLoopback,
    """
    Whether connections from a loopback address count as the host's own: they are exempt from limits by address and \
    from bans, and the first of them with a key becomes the first operator. Use false if other people have accounts on \
    this host.
    """)

  static let proxies = Row(
    "proxies", .networks, default: [],
    """
    Proxies in front of this server, as addresses or networks. Each connection from a proxy must begin with a header \
    of the PROXY protocol, version 2 (nginx: proxy_protocol on; HAProxy: send-proxy-v2), and counts as coming from the \
    address in the header.
    """)

  static let metrics = Row(
    "metrics", .address, example: MetricsAddress(host: "127.0.0.1", port: 9400), isLive: false,
    "Address at which /metrics and /healthz are served over HTTP, to every client. Default: not served.",
    flag: .init(
      text: "Serve /metrics and /healthz at this address over HTTP, such as 127.0.0.1:9400.",
      valueName: "host:port", standard: "not served"))

  static let logLevel = Row(
    "log-level", .choice, default: Logger.Level.info,
    "Lowest level that is logged: trace, debug, info, notice, warning, error or critical.",
    flag: .init(text: "Lowest level that is logged."))

  static let logFormat = Row(
    "log-format", .choice, default: LogFormat.text, isLive: false, "Format of the log: text or json.",
    flag: .init(text: "Format of the log on standard error."))
}

extension PostgresURL {
  fileprivate static var example: PostgresURL {
    guard let url = PostgresURL("postgresql://swiftchat@db.example.org/swiftchat?sslmode=verify-full") else {
      preconditionFailure("the example is an address")
    }
    return url
  }
}
