import ArgumentParser
import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import swiftchat

/// The server that the user names.
@Suite
struct ServerArgumentTests {
  private let settings: ClientConfiguration

  init() throws {
    settings = try ClientConfiguration(
      toml: """
        name = "zoe"
        [servers.work]
        address = "chat.example.org:4711"
        pin = "\(Pin.example)"
        name = "zoe_w"
        [servers.home]
        address = "192.0.2.7"
        """, file: "c")
  }

  private func resolve(_ text: String?, default server: String? = nil) throws -> ServerChoice {
    var settings = settings
    settings[ClientSetting.server] = server
    return try ServerArgument.resolve(text, in: settings)
  }

  @Test
  func `a name from the settings brings address, pin and nickname`() throws {
    let work = try resolve("work")
    #expect(work.link == ShareLink(endpoint: try Endpoint("chat.example.org:4711"), pin: .example))
    #expect(work.nickname?.text == "zoe_w")
    #expect(try resolve("home").nickname?.text == "zoe")
    // Names are exact: anything else is a host.
    #expect(try resolve("Work").link == ShareLink("work"))
  }

  @Test
  func `the settings also apply to a server that is named by its address`() throws {
    #expect(try resolve("Chat.Example.org:4711") == resolve("work"))
    #expect(try resolve("chat.example.org").link == ShareLink("chat.example.org"))
    // A link with a pin keeps it, so that a difference is noticed.
    let other = "swiftchat://chat.example.org:4711/?pin=B\(Pin.example.text.dropFirst())"
    #expect(try resolve(other).link == ShareLink(other))
  }

  @Test
  func `without a name the server of the settings is meant, or this machine`() throws {
    #expect(try resolve(nil, default: "work") == resolve("work"))
    #expect(try resolve(nil, default: "192.0.2.9") == resolve("192.0.2.9"))
    #expect(try resolve("home", default: "work") == resolve("home"))
    let local = try resolve(nil)
    #expect(local.isDefault && local.link.endpoint.host == "localhost" && local.nickname?.text == "zoe")
    #expect(try !resolve(nil, default: "home").isDefault)
  }

  @Test
  func `several servers are opened once each, those of the command line before those of the settings`() throws {
    func labels(_ texts: [String], _ connect: [String]? = nil, server: String? = nil) throws -> [String] {
      var settings = settings
      settings[ClientSetting.connect] = connect
      settings[ClientSetting.server] = server
      return try ServerArgument.resolve(texts, in: settings).map(\.link.endpoint.host)
    }
    #expect(try labels(["home", "work"]) == ["192.0.2.7", "chat.example.org"])
    #expect(try labels(["work", "chat.example.org:4711", "WORK"]) == ["chat.example.org", "work"])
    #expect(try labels([], ["work", "home"], server: "192.0.2.9") == ["chat.example.org", "192.0.2.7"])
    #expect(try labels(["home"], ["work"]) == ["192.0.2.7"])
    #expect(try labels([], server: "work") == ["chat.example.org"])
    #expect(try labels([]) == ["localhost"])
    let many = (1...9).map { "10.0.0.\($0)" }
    #expect(try labels(Array(many.prefix(8))).count == 8)
    #expect(throws: ValidationError.self) { try labels(many) }
    #expect(try labels(many.prefix(8) + ["10.0.0.1"]).count == 8)
  }

  @Test
  func `several hosts are one server, from the command line and from the settings`() throws {
    let settings = try ClientConfiguration(
      toml: """
        connect = ["team", "c,d"]
        [servers.team]
        address = "a.example.org, b.example.org:4001"
        pin = "\(Pin.example)"
        name = "zoe_t"
        """, file: "c")
    let team = ShareLink(endpoint: try Endpoint("a.example.org,b.example.org:4001"), pin: .example)
    for text in ["team", "A.example.org,b.example.org:4001", "swiftchat://a.example.org:4000,b.example.org:4001/"] {
      let choice = try ServerArgument.resolve(text, in: settings)
      #expect(choice.link == team && choice.nickname?.text == "zoe_t")
    }
    // One host of the list is another server.
    #expect(try ServerArgument.resolve("a.example.org", in: settings).link.pin == nil)
    #expect(try ServerArgument.resolve([], in: settings).map(\.link.endpoint) == [team.endpoint, Endpoint("c,d")])
    #expect(try ServerArgument.resolve(["c,d", "c, d", "c"], in: settings).count == 2)
  }

  @Test
  func `an invalid address is refused`() {
    let many = (1...100).map { "h\($0)" }.joined(separator: ",")
    for text in ["a b", "x:0", "swiftchat://x/?pin=1", "", "a,", "a,,b", many] {
      #expect(throws: ValidationError.self) { try resolve(text) }
      #expect(throws: ValidationError.self) { try ServerArgument.check(text) }
    }
  }

  @Test
  func `mistakes in other settings do not stop commands that only need a server`() throws {
    let folder = try TemporaryFolder()
    let text = "layuot = 1\n[servers.work]\naddress = \"192.0.2.7:1\"\n[keys]\n"
    try folder.write("c.toml", text.utf8)
    #expect(try ServerArgument.resolve("work", file: folder.file("c.toml")).link == ShareLink("192.0.2.7:1"))
    try folder.write("c.toml", "\n[servers.work]\n".utf8)
    let error = #expect(throws: ConfigurationError.self) {
      try ServerArgument.resolve("work", file: folder.file("c.toml"))
    }
    #expect(error?.description.contains("[servers.work] has no address") == true)
  }
}
