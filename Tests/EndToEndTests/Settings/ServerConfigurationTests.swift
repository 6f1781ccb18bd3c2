import ChatHub
import ChatLog
import ChatServer
import Foundation
import TestSupport
import Testing

@testable import swiftchat

/// Precedence and validation of settings.
@Suite(.interacting) struct ServerConfigurationTests {
  private func file(_ toml: String) throws -> ServerConfiguration {
    try ServerConfiguration(toml: toml, file: "s.toml")
  }

  private func environment(_ variables: [String: String]) throws -> ServerConfiguration {
    try ServerConfiguration { variables[$0] }
  }

  @Test func `flags take precedence over the environment and that over the file`() throws {
    let file = try file("port = 1\nidle-timeout = 1\nlogin-timeout = 1\n[limits]\nline-burst = 1\n")
    let environment = try environment(["SWIFTCHAT_PORT": "2", "SWIFTCHAT_IDLE_TIMEOUT": "2"])
    var flags = ServerConfiguration()
    flags[ServerSetting.port] = 3
    let merged = flags.over(environment.over(file.over(.defaults)))
    #expect(merged[ServerSetting.port] == 3)
    #expect(merged[ServerSetting.idleTimeout] == Timeout(seconds: 2))
    #expect(merged[ServerSetting.loginTimeout] == Timeout(seconds: 1))
    #expect(merged[ServerSetting.lineBurst] == 1)
    #expect(merged[ServerSetting.linesPerSecond] == HubLimits().linesPerSecond)
    #expect(merged[ServerSetting.host] == nil)
  }

  @Test func `every key is merged separately`() throws {
    let some = try file(Self.complete)
    for key in ServerSetting.all {
      #expect(!some.paths(of: key).isEmpty, "\(key.name) is missing")
      var one = ServerConfiguration()
      key.copy(some, &one)
      let merged = one.over(.defaults)
      #expect(key.isSame(merged, some), "\(key.name)")
      for other in ServerSetting.all where other.name != key.name {
        #expect(other.isSame(merged, .defaults), "\(key.name) changes \(other.name)")
      }
    }
  }

  @Test func `every key is read from the environment`() throws {
    let some = try file(Self.complete)
    let read = try environment(Self.variables)
    for key in ServerSetting.all { #expect(key.isSame(read, some), "\(key.name)") }
    #expect(Set(Self.variables.keys) == Set(ServerSetting.all.compactMap(\.variable)))
    #expect(try environment(Self.variables.mapValues { _ in "" }) == ServerConfiguration())
  }

  @Test func `an explicit data folder overrides ephemeral`() throws {
    var flags = ServerConfiguration()
    flags[ServerSetting.data] = "d"
    #expect(flags.over(try file("ephemeral = true"))[ServerSetting.ephemeral] == false)
    flags = try file("store = \"postgresql://h/d\"")
    #expect(flags.over(try file("ephemeral = true"))[ServerSetting.ephemeral] == false)
    flags = ServerConfiguration()
    flags[ServerSetting.ephemeral] = true
    #expect(flags.over(try file("data = \"d\""))[ServerSetting.data] == nil)
    let shared = flags.over(try file("store = \"postgresql://h/d\"\n[tls]\nstore-key = \"k\""))
    #expect(shared[ServerSetting.store] == nil && shared[ServerSetting.storeKey] == nil)
  }

  @Test func `a wrong address of a database is not shown`() throws {
    let allowed = "is not an address such as postgresql://user@host/database"
    for value in ["\"mysql://u:secret@h/d\"", "5", "[\"secret\"]", "\"postgresql://u:secret\\u0000@h/d\""] {
      let error = #expect(throws: ConfigurationError.self) { try file("store = \(value)") }
      #expect(error?.description == "s.toml, line 1: store \(allowed)")
    }
    let error = #expect(throws: ConfigurationError.self) { try environment(["SWIFTCHAT_STORE": "u:secret@h"]) }
    #expect(error?.description == "SWIFTCHAT_STORE \(allowed)")
  }

  @Test func `changed settings are listed by whether they need a restart`() throws {
    let wanted = try file(Self.complete)
    let changes = ConfigurationChanges(from: .defaults, to: wanted)
    #expect(Set(changes.live + changes.restart) == Set(ServerSetting.all.map(\.name)).subtracting(["ephemeral"]))
    let adopted = ServerConfiguration.defaults.adoptingLive(wanted)
    #expect(ConfigurationChanges(from: adopted, to: wanted).live == [])
    #expect(ConfigurationChanges(from: adopted, to: wanted).restart == changes.restart)
    #expect(ConfigurationChanges(from: .defaults, to: adopted).live == changes.live)
    // A removed setting returns to its default.
    #expect(adopted.adoptingLive(.defaults) == .defaults)
  }

  @Test(arguments: [
    ("port = true", "true"), ("port = 1.5", "1.5"), ("port = [1]", "[1]"), ("ephemeral = 1", "1"),
    ("ephemeral = \"true\"", "\"true\""), ("host = \"x\"", "\"x\""),
    ("host = []", "[]"), ("public-hosts = [\"a,b\"]", "[\"a,b\"]"), ("public-hosts = []", "[]"),
    ("host = [1, 2, 3, 4]", "[1, 2, 3, …]"),
    ("motd = \"\"", "\"\""), ("idle-timeout = -1", "-1"), ("idle-timeout = nan", "nan"), ("idle-timeout = inf", "inf"),
    ("idle-timeout = \"5\"", "\"5\""), ("idle-timeout = 31536001", "31536001"), ("max-clients = 0", "0"),
    ("max-clients = 9223372036854775807", "9223372036854775807"), ("keep = 0", "0"), ("keep = \"90y\"", "\"90y\""),
    ("log-level = \"Info\"", "\"Info\""), ("reserved-names = [\"two words\"]", "[\"two words\"]"),
    ("metrics = \"9400\"", "\"9400\""), ("motd = 5", "5"), ("log-format = \"\\u001b[2J\"", "\"?[2J\""),
    ("limits.unnamed-percent = 101", "101"), ("limits.byte-burst = 100", "100"), ("tls.mode = \"maybe\"", "\"maybe\""),
  ])
  func `an invalid value is named`(toml: String, found: String) throws {
    let name = String(toml.prefix { $0 != " " })
    let key = try #require(ServerSetting.named(name))
    let error = #expect(throws: ConfigurationError.self) { try file(toml) }
    #expect(error?.description == "s.toml, line 1: \(name) is \(found), which is not \(key.allowed)")
  }

  @Test func `a soft limit above the hard limit is refused`() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try file("[limits]\nsend-queue-soft = 8192\nsend-queue-hard = 4096")
    }
    #expect(
      error?.description == "s.toml: limits.send-queue-soft is 8192, which is more than limits.send-queue-hard, 4096")
    // Also if one of them is a default.
    var source = ConfigurationSource<ServerSetting>()
    source.environment = try environment(["SWIFTCHAT_LIMITS_SEND_QUEUE_HARD": "4096"])
    #expect(throws: ConfigurationError.self) { try source.read() }
  }

  @Test func `the default path of the settings file`() {
    #expect(ConfigurationFile<ServerSetting>.standardPath(configHome: "/c", home: "/h") == "/c/swiftchat/server.toml")
    #expect(
      ConfigurationFile<ServerSetting>.standardPath(configHome: "c", home: "/h") == "/h/.config/swiftchat/server.toml")
    #expect(ConfigurationFile<ServerSetting>.standardPath(configHome: nil, home: nil) == nil)
  }

  @Test func `the settings are passed to the server`() throws {
    let settings = try file(Self.complete.replacing("motd = \"m\"", with: "")).over(.defaults).settings()
    #expect(settings.addresses == [.host("127.0.0.1")])
    #expect((settings.port, settings.hub.maximumSessions) == (5, 7))
    #expect(settings.publicHosts == [PublicHost(name: "chat.example.org"), PublicHost(name: "::1", port: 443)])
    #expect(settings.hub.idleTimeout == .seconds(1.5) && settings.hub.loginTimeout == nil)
    #expect(settings.hub.isInviteOnly && settings.hub.requiresTLS)
    #expect(settings.hub.limits.reservedNames.map(\.description) == ["root"])
    #expect(settings.hub.limits.attemptPeriod == .seconds(3))
    #expect((settings.hub.limits.lineBurst, settings.hub.limits.unnamedPercent) == (4, 9))
    #expect((settings.sendQueue.soft, settings.sendQueue.hard) == (2048, 8192))
    #expect(settings.retention.count == 10)
    #expect(settings.metrics?.address.description == "127.0.0.1:9400")
    #expect(settings.tls.files?.certificate == "c" && settings.tls.files?.key == "k")
    #expect(settings.tls.storeKey == "s")
    #expect("\(settings.log)" == "postgresql://u@h/d")
    #expect(settings.tls.directory == "d")
    #expect(try file("data = \"d\"").over(.defaults).settings().log == .directory("d"))
  }

  @Test func `every limit is passed to the server separately`() throws {
    let defaults = try ServerConfiguration.defaults.settings()
    for key in ServerSetting.all where key.name.hasPrefix("limits.") {
      var one = ServerConfiguration.defaults
      key.copy(try file(Self.complete), &one)
      let settings = try one.settings()
      let isChanged =
        settings.hub.limits != defaults.hub.limits || settings.sendQueue.soft != defaults.sendQueue.soft
        || settings.sendQueue.hard != defaults.sendQueue.hard
      #expect(isChanged, "\(key.name)")
    }
  }

  /// Every key except `ephemeral`, which excludes `data` and `store`; no value is the default.
  private static let complete = """
    host = ["127.0.0.1"]
    port = 5
    public-hosts = ["chat.example.org", "[::1]:443"]
    data = "d"
    store = "postgresql://u@h/d"
    keep = 10
    ephemeral = false
    idle-timeout = 1.5
    login-timeout = 0
    max-clients = 7
    motd = "m"
    invite-only = true
    reserved-names = ["root"]
    trust-loopback = false
    proxies = ["192.0.2.0/24"]
    metrics = "127.0.0.1:9400"
    log-level = "debug"
    log-format = "json"
    [limits]
    connections-per-address = 1
    attempts-per-address = 2
    attempt-period = 3
    line-burst = 4
    lines-per-second = 6
    byte-burst = 9000
    bytes-per-second = 7
    lines-before-login = 8
    unnamed-percent = 9
    send-queue-soft = 2048
    send-queue-hard = 8192
    [tls]
    mode = "required"
    cert = "c"
    key = "k"
    store-key = "s"
    """

  private static let variables = [
    "SWIFTCHAT_HOST": "127.0.0.1", "SWIFTCHAT_PORT": "5", "SWIFTCHAT_DATA": "d", "SWIFTCHAT_KEEP": "10",
    "SWIFTCHAT_STORE": "postgresql://u@h/d", "SWIFTCHAT_PUBLIC_HOSTS": "chat.example.org, [::1]:443",
    "SWIFTCHAT_EPHEMERAL": "false", "SWIFTCHAT_IDLE_TIMEOUT": "1.5", "SWIFTCHAT_LOGIN_TIMEOUT": "0",
    "SWIFTCHAT_MAX_CLIENTS": "7", "SWIFTCHAT_MOTD": "m", "SWIFTCHAT_INVITE_ONLY": "true",
    "SWIFTCHAT_RESERVED_NAMES": "root", "SWIFTCHAT_TRUST_LOOPBACK": "false", "SWIFTCHAT_PROXIES": "192.0.2.0/24",
    "SWIFTCHAT_METRICS": "127.0.0.1:9400", "SWIFTCHAT_LOG_LEVEL": "debug",
    "SWIFTCHAT_LOG_FORMAT": "json", "SWIFTCHAT_LIMITS_CONNECTIONS_PER_ADDRESS": "1",
    "SWIFTCHAT_LIMITS_ATTEMPTS_PER_ADDRESS": "2", "SWIFTCHAT_LIMITS_ATTEMPT_PERIOD": "3",
    "SWIFTCHAT_LIMITS_LINE_BURST": "4", "SWIFTCHAT_LIMITS_LINES_PER_SECOND": "6",
    "SWIFTCHAT_LIMITS_BYTE_BURST": "9000", "SWIFTCHAT_LIMITS_BYTES_PER_SECOND": "7",
    "SWIFTCHAT_LIMITS_LINES_BEFORE_LOGIN": "8", "SWIFTCHAT_LIMITS_UNNAMED_PERCENT": "9",
    "SWIFTCHAT_LIMITS_SEND_QUEUE_SOFT": "2048", "SWIFTCHAT_LIMITS_SEND_QUEUE_HARD": "8192",
    "SWIFTCHAT_TLS_MODE": "required", "SWIFTCHAT_TLS_CERT": "c", "SWIFTCHAT_TLS_KEY": "k",
    "SWIFTCHAT_TLS_STORE_KEY": "s",
  ]

  @Test func `a start is repeated if the database answers too late, but not in a directory that is in use`() throws {
    let database = LogChoice.database(try #require(PostgresURL("postgresql://db/chat")))
    for cause in [LogError.Cause.unreachable, .interrupted, .locked] {
      #expect(Serve.mayPass(LogError(cause, "late"), database), "\(cause)")
    }
    #expect(!Serve.mayPass(LogError(.misconfigured, "refused"), database))
    #expect(!Serve.mayPass(LogError(.locked, "in use"), .directory("log")))
  }
}
