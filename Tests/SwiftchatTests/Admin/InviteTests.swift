import ArgumentParser
import ChatModel
import ChatProtocol
import Testing

@testable import swiftchat

/// `swiftchat invite`.
@Suite
struct InviteTests {
  private static let pin = "93XxE2cMIrlAhupz2SNY4wMYshUaA9HVcTwJPTImjuQ"

  @Test
  func `admin invite writes a line that can be passed on`() throws {
    let endpoint = try Endpoint(host: "example.com", port: 4001)
    let pin = try #require(Pin(Self.pin))
    #expect(
      ShareLine(endpoint: endpoint, pin: pin, invitation: "aB-_9").description
        == #"swiftchat connect "swiftchat://example.com:4001/?pin=\#(Self.pin)&invite=aB-_9""#)
    #expect(
      ShareLine(endpoint: try Endpoint(host: "2001:db8::1", port: 4000), invitation: "x").description
        == #"swiftchat connect "swiftchat://[2001:db8::1]:4000/?invite=x""#)
    #expect(
      ShareLine(endpoint: endpoint, pin: pin).description
        == #"swiftchat connect "swiftchat://example.com:4001/?pin=\#(Self.pin)""#)
    #expect(ShareLine(endpoint: endpoint).description == "swiftchat connect example.com:4001")
    #expect(
      ShareLine(endpoint: try Endpoint("a,b:4001"), pin: pin, invitation: "x").description
        == #"swiftchat connect "swiftchat://a:4000,b:4001/?pin=\#(Self.pin)&invite=x""#)
  }

  @Test(arguments: [
    (["--uses", "0"], "--uses is 0"), (["--uses", "10001"], "it goes from 1 to 10000"),
    (["--expires", "soon"], "--expires: soon is no span of time"),
    (["--host", "a b"], "is not a host"), (["--port", "0"], "the port of a server"),
    (["--host", "x:70000"], "is not a port"),
    (["--data", ""], "it is empty"),
    (["--data", "~neha/x"], "somebody's home"),
  ])
  func `admin invite explains invalid arguments`(line: [String], words: String) {
    do {
      _ = try Invite.parse(line)
      Issue.record("\(line) was accepted")
    } catch {
      #expect(Invite.fullMessage(for: error).contains(words), "\(Invite.fullMessage(for: error))")
    }
  }

  @Test
  func `admin invite explains an invalid list of hosts`() {
    let many = (1...17).map { "h\($0)" }.joined(separator: ",")
    for (list, words) in [("a,,b", "A host is missing"), (many, "at most 16 hosts"), ("a,b:0", "is not a port")] {
      do {
        _ = try Invite.parse(["--host", list])
        Issue.record("\(list) was accepted")
      } catch {
        #expect(Invite.fullMessage(for: error).contains(words), "\(Invite.fullMessage(for: error))")
      }
    }
  }
}
