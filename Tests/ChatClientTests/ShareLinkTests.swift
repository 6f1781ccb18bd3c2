import ChatClient
import ChatModel
import ChatProtocol
import Testing

@Suite struct ShareLinkTests {
  private static let pin = Pin(known: 3)

  @Test(arguments: [
    ("localhost", "localhost:4000"),
    ("[::1]:5000", "[::1]:5000"),
    ("swiftchat://home.example", "home.example:4000"),
    ("SwiftChat://Home.Example:80/", "home.example:80"),
    ("swiftchat://[::1]:5000/?", "[::1]:5000"),
    ("swiftchat://[fe80::7%25enP1s2]:5000/", "[fe80::7%enP1s2]:5000"),
    ("swiftchat://[fe80::7%enP1s2]:5000/", "[fe80::7%enP1s2]:5000"),
    ("swiftchat://[fe80::7%251]/", "[fe80::7%1]:4000"), ("swiftchat://[fe80::7%2525]/", "[fe80::7%25]:4000"),
    ("swiftchat://home.example/?theme=dark&&=&x#top", "home.example:4000"),
  ])
  func `the address of a link is read`(text: String, endpoint: String) throws {
    let link = try ShareLink(text)
    #expect(link.endpoint.description == endpoint)
    #expect(link.pin == nil && link.invitation == nil)
  }

  @Test func `the pin and the invitation of a link are read`() throws {
    let link = try ShareLink("swiftchat://home.example:4000/?pin=\(Self.pin)&invite=Ab-_9&pin=\(Self.pin)")
    #expect(link == ShareLink(endpoint: .home, pin: Self.pin, invitation: "Ab-_9"))
    #expect(try ShareLink(link.description) == link)
    for zone in ["enP1s2", "2", "25", "251", "25eth0"] {
      let zoned = ShareLink(endpoint: try Endpoint(host: "fe80::7%25\(zone)", port: 4000), pin: Self.pin)
      #expect(zoned.description.contains("[fe80::7%25"))
      #expect(try ShareLink(zoned.description) == zoned)
    }
    #expect(try ShareLink("swiftchat://home.example?invite=a=b").invitation == "a=b")
  }

  @Test(arguments: [
    ("", ShareLinkError.endpoint(.missingHost)),
    ("swiftchat://", .endpoint(.missingHost)),
    ("swiftchat://home.example:x/", .endpoint(.invalidPort("x"))),
    ("swiftchat://me@home.example/", .endpoint(.invalidHost("me@home.example"))),
    ("swiftchat://home.example/room", .path("room")),
    ("swiftchat://home.example/?pin=", .pin("")),
    ("swiftchat://home.example/?pin", .pin("")),
    ("swiftchat://home.example/?pin=short\u{1b}", .pin("short\u{1b}")),
    ("swiftchat://home.example/?pin=\(ShareLinkTests.pin)&pin=\(Pin(known: 4))", .pin(Pin(known: 4).text)),
    ("swiftchat://home.example/?invite=", .invitation("")),
    ("swiftchat://home.example/?invite=two words", .invitation("two words")),
    ("swiftchat://home.example/?invite=a&invite=b", .invitation("b")),
    ("http://home.example/", .endpoint(.invalidPort("//home.example/"))),
    ("swiftchat://home.example/?x=" + String(repeating: "x", count: 9000), .tooLong),
  ])
  func refuses(text: String, error: ShareLinkError) {
    #expect(throws: error) { try ShareLink(text) }
    #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
  }
}
