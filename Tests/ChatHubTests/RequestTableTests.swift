import ChatProtocol
import Testing

@testable import ChatHub

/// Each verb is known where its capability is, and each request gets one answer.
@Suite struct RequestTableTests {
  /// A request with the verb, as an operator would send it.
  private static func line(_ verb: Verb) -> String {
    let parameters =
      switch verb {
      case .login: "other"
      case .message: "text"
      case .direct: "neha text"
      case .who, .ping, .quit, .away, .rooms, .bans, .operators: ""
      case .capabilities: "LS"
      case .join, .part, .topic, .create, .delete: "#a"
      case .say: "#lobby text"
      case .history: "#lobby LATEST * 5"
      case .search: "* 5 text"
      case .resume: "token"
      case .mark: "#lobby 0"
      case .key: "LIST"
      case .invite, .uninvite: "#a neha"
      case .admit: "1 *"
      case .kick, .unmute, .makeOperator, .unmakeOperator: "neha"
      case .ban: "10.0.0.0/8 *"
      case .unban: "10.0.0.0/8"
      case .mute: "neha *"
      case .slow: "#lobby 5"
      case .redact: "#lobby 1"
      case .audit: "5"
      }
    return parameters.isEmpty ? verb.rawValue : "\(verb.rawValue) \(parameters)"
  }

  @Test(arguments: Verb.allCases) func `a request with tags gets one answer`(_ verb: Verb) throws {
    let harness = HubHarness()
    let other = harness.connect(Capabilities.all.subtracting(.keys).names)
    harness.send(as: other, "LOGIN other")
    harness.discardOutput()
    let answers = harness.send(as: other, "@label=7 \(Self.line(verb))").filter { $0.contains("label=7") }
    if verb == .quit { return #expect(harness.closeReason(of: other) == .quit) }
    #expect(answers.count == 1, "\(answers)")
    #expect(!answers.contains { $0.contains("unknown-command") } || verb == .key, "\(answers)")
  }

  @Test(arguments: Verb.allCases) func `a verb asks for a list if its row has one`(_ verb: Verb) throws {
    let message = try ClientMessage(reading: Line(text: Self.line(verb)), in: .all)
    #expect(verb.asksForList == (message?.handling.list != nil))
  }

  @Test(arguments: Verb.allCases) func `the plain dialect knows only its own verbs`(_ verb: Verb) {
    let harness = HubHarness()
    let neha = harness.connect()
    harness.send(as: neha, "LOGIN neha")
    harness.discardOutput()
    let answer = harness.send(as: neha, Self.line(verb))
    let isPlain = [.login, .message, .direct, .who, .ping, .quit, .capabilities].contains(verb)
    #expect((answer == ["ERR unknown-command"]) == !isPlain, "\(answer)")
  }

  @Test func `an unknown word is an unknown command in any dialect`() {
    let harness = HubHarness()
    for capabilities in [[], ["presence"], ["tags"], Capabilities.all.subtracting(.keys).names] {
      let id = harness.connect(capabilities)
      let readsTags = capabilities.contains("tags")
      #expect(
        harness.send(as: id, "WHAT is this").last
          == (readsTags ? "ERR not-logged-in * Log in first: LOGIN name." : "ERR not-logged-in"))
      harness.send(as: id, "LOGIN n\(id.number)")
      let answer = harness.send(as: id, "WHAT is this").last
      #expect(
        answer?.hasPrefix(readsTags ? "ERR unknown-command * " : "ERR unknown-command") == true, "\(answer ?? "")")
    }
  }
}
