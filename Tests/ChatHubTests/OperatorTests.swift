import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatHub

@Suite struct OperatorTests {
  private let harness = HubHarness.withPin()

  @Test func `the first user with a key on the host is operator, and no later one`() {
    #expect(harness.requestLogin("mira", TestKey(1)).1.first?.contains("operator") == false)
    harness.send(as: harness.connect(), "LOGIN guest")
    #expect(
      harness.requestLogin("neha", TestKey(2), from: .host).1.first?.hasSuffix(";owned;operator OK LOGIN") == true)
    #expect(harness.requestLogin("akash", TestKey(3), from: .host).1.first?.hasSuffix(";owned OK LOGIN") == true)
    // From any address later.
    harness.restart()
    #expect(harness.requestLogin("neha", TestKey(2)).1.first?.hasSuffix(";owned;operator OK LOGIN") == true)
    #expect(harness.requestLogin("mira", TestKey(1), from: .host).1.first?.contains("operator") == false)
    #expect(harness.registry.acts.map(\.subject) == ["neha"])
  }

  @Test func `after the first operator the host makes no second one`() {
    let control = harness.connect(from: .control)
    harness.send(as: control, "CAP REQ tags moderation")
    harness.disconnect(harness.logInOwner("neha", TestKey(1), from: .host))
    harness.discardOutput()
    #expect(harness.send(as: control, "DEOP neha") == ["OK DEOP"])
    func comes(_ name: String, _ number: UInt8) -> Bool {
      let (id, answer) = harness.requestLogin(name, TestKey(number), from: .host)
      defer { harness.disconnect(id) }
      #expect(answer.first?.hasSuffix(";owned OK LOGIN") == true, "\(answer)")
      return answer.first?.contains("operator") == true
    }
    // Neither the former operator nor another user, nor either of them after a restart.
    #expect(!comes("neha", 1) && !comes("akash", 2))
    harness.restart()
    #expect(!comes("neha", 1) && !comes("akash", 2) && !comes("mira", 3))
    harness.restart(epoch: "f")
    #expect(!comes("zoe", 4))
    let again = harness.connect(from: .control)
    harness.send(as: again, "CAP REQ tags moderation")
    harness.discardOutput()
    #expect(harness.send(as: again, "OPS").untagged == ["BATCH +0 operators", "BATCH -0"])
    // The control socket makes an operator.
    #expect(harness.send(as: again, "OP akash") == ["OK OP"])
    #expect(harness.registry.acts.map { "\($0.verb.rawValue) \($0.subject)" } == ["OP neha", "DEOP neha", "OP akash"])
  }

  @Test func `an invite-only server with a former operator needs an invitation on the host too`() {
    let harness = HubHarness.withPin(isInviteOnly: true)
    harness.disconnect(harness.logInOwner("neha", TestKey(1), from: .host))
    let control = harness.connect(from: .control)
    harness.send(as: control, "CAP REQ tags moderation")
    harness.discardOutput()
    harness.send(as: control, "DEOP neha")
    #expect(harness.requestLogin("akash", TestKey(2), from: .host).1.isRefused("invite-required", "LOGIN"))
    harness.restart()
    #expect(harness.requestLogin("akash", TestKey(2), from: .host).1.isRefused("invite-required", "LOGIN"))
    #expect(harness.requestLogin("neha", TestKey(1), from: .host).1.first?.hasSuffix(";owned OK LOGIN") == true)
  }

  @Test(arguments: [true, false])
  func `of two concurrent logins one is the first operator`(isStored: Bool) {
    harness.recording = .waits
    let (neha, challenge) = harness.connectSecured(from: .host)
    let (akash, other) = harness.connectSecured(from: .host)
    harness.send(as: neha, "\(TestKey(1).tags(challenge, as: "neha"))LOGIN neha")
    harness.send(as: akash, "\(TestKey(2).tags(other, as: "akash"))LOGIN akash")
    #expect(harness.proposals.count == 1)
    harness.answerProposal(successfully: isStored)
    harness.answerProposal()
    harness.answerProposal()
    // If the change was not stored, the next login makes the first operator.
    #expect(harness.registry.acts.map(\.subject) == [isStored ? "neha" : "akash"])
  }

  @Test func `an owner from before becomes operator by a login on the host`() {
    harness.disconnect(harness.logInOwner("neha", TestKey(1)))
    let (neha, answer) = harness.requestLogin("neha", TestKey(1), from: .host)
    #expect(answer.first?.hasSuffix(";owned;operator OK LOGIN") == true)
    #expect(harness.send(as: neha, "OPS") == ["BATCH +0 operators", "@batch=0 OPERATOR neha", "BATCH -0"])
  }

  @Test func `an owner under another name has no operator rights`() {
    _ = harness.logInOwner("neha", TestKey(1))
    #expect(harness.requestLogin("other", TestKey(1), from: .host).1.first?.contains("operator") == false)
    #expect(harness.registry.acts.isEmpty)
  }

  @Test func `operators make others operators, and each act is recorded`() {
    let neha = harness.logInOwner("neha", TestKey(1), from: .host)
    let akash = harness.logInOwner("akash", TestKey(2))
    harness.discardOutput()
    #expect(harness.send(as: akash, "OP akash").isRefused("not-operator", "OP"))
    #expect(harness.send(as: akash, "DEOP neha").isRefused("not-operator", "DEOP"))
    #expect(harness.send(as: neha, "OP nobody").isRefused("no-account", "OP"))
    #expect(harness.send(as: neha, "DEOP akash").isRefused("not-found", "DEOP"))
    #expect(harness.send(as: neha, "DEOP neha").isRefused("last-operator", "DEOP"))
    #expect(harness.send(as: neha, "@label=1 OP AKASH") == ["@label=1 OK OP"])
    #expect(harness.takeOutput(of: akash) == ["@operator INFO neha made you an operator."])
    #expect(harness.send(as: neha, "OP akash") == ["OK OP"])
    #expect(
      harness.send(as: akash, "OPS") == [
        "BATCH +0 operators", "@batch=0 OPERATOR akash", "@batch=0 OPERATOR neha", "BATCH -0",
      ])
    #expect(harness.send(as: akash, "DEOP neha") == ["OK DEOP"])
    #expect(harness.takeOutput(of: neha) == ["@operator=no INFO akash removed you as an operator."])
    #expect(harness.send(as: neha, "OP neha").isRefused("not-operator", "OP"))
    harness.restart()
    #expect(harness.requestLogin("akash", TestKey(2)).1.first?.contains("operator") == true)
    #expect(
      harness.registry.acts.map { "\($0.by) \($0.verb.rawValue) \($0.subject)" } == [
        "host OP neha", "neha OP akash", "akash DEOP neha",
      ])
  }

  @Test func `an operator's session without a proof has no rights`() {
    let guest = harness.connect(from: .host, isSecured: true)
    harness.send(as: guest, "CAP REQ \(HubHarness.allCapabilitiesWithKeys.joined(separator: " "))")
    let token = HubHarness.token(in: harness.send(as: guest, "LOGIN neha"))
    #expect(
      harness.requestLogin("neha", TestKey(1), "token=\(token);", from: .host).1.first?.contains("operator") == true)
    harness.discardOutput()
    #expect(harness.send(as: guest, "ADMIT 1 *").isRefused("not-operator", "ADMIT"))
  }

  @Test func `a new operator learns it on the connections that have proved a key, and on the others the name`() {
    let boss = harness.logInOwner("boss", TestKey(9), from: .host)
    let guest = harness.connect(from: .host, isSecured: true)
    harness.send(as: guest, "CAP REQ \(HubHarness.allCapabilitiesWithKeys.joined(separator: " "))")
    let token = HubHarness.token(in: harness.send(as: guest, "LOGIN neha"))
    let (neha, answer) = harness.requestLogin("neha", TestKey(1), "token=\(token);", from: .host)
    #expect(answer.first?.hasSuffix(";owned OK LOGIN") == true)
    harness.discardOutput()
    #expect(harness.send(as: boss, "OP neha") == ["OK OP"])
    #expect(harness.takeOutput(of: neha) == ["@operator INFO boss made you an operator."])
    #expect(harness.takeOutput(of: guest) == ["INFO boss made you an operator."])
  }

  @Test func `an operator learns what another hub has changed, and an invitation says nothing about it`() throws {
    let neha = harness.logInOwner("neha", TestKey(1))
    var account = try #require(harness.hub.registry.account(named: Nickname(testing: "neha")))
    account.isOperator = true
    let effect = SharedChange.Effect.tell(account.member, "boss made you an operator.", .tags)
    harness.apply(
      .entry(.change(SharedChange(ProposalID(1, of: HubID(7)), changes: [.account(account)], effects: [effect]))))
    #expect(harness.takeOutput(of: neha) == ["@operator INFO boss made you an operator."])
    let invitation = SharedChange.Effect.tell(account.member, "zoe invited you to #dev.", .rooms)
    harness.apply(.entry(.change(SharedChange(ProposalID(2, of: HubID(7)), changes: [], effects: [invitation]))))
    #expect(harness.takeOutput(of: neha) == ["INFO zoe invited you to #dev."])
  }

  @Test func `the control socket needs no name and has none`() {
    let akash = harness.logInOwner("akash", TestKey(1))
    let control = harness.connect(from: .control)
    #expect(
      harness.send(as: control, "CAP REQ tags moderation rooms history") == ["CAP ACK tags moderation rooms history"])
    #expect(harness.send(as: control, "PING") == ["PONG"])
    #expect(harness.send(as: control, "OP akash") == ["OK OP"])
    #expect(harness.takeOutput(of: akash) == ["@operator INFO host made you an operator."])
    #expect(harness.send(as: control, "OPS").untagged[1] == "OPERATOR akash")
    // Including the last operator.
    #expect(harness.send(as: control, "DEOP akash") == ["OK DEOP"])
    for line in ["LOGIN neha", "RESUME x"] { #expect(harness.send(as: control, line).first?.hasPrefix("ERR ") == true) }
    for line in ["MSG hi", "WHO", "ROOMS", "HISTORY #lobby LATEST * 1", "SEARCH * 1 x", "JOIN #a", "DM akash x"] {
      #expect(harness.send(as: control, line).untagged.first?.hasPrefix("ERR not-logged-in") == true, "\(line)")
    }
    for line in ["CREATE #a", "INVITE #a akash", "KEY LIST"] {
      #expect(harness.send(as: control, line).first?.hasPrefix("ERR unknown-command") == true, "\(line)")
    }
    harness.discardOutput()
    #expect(
      harness.send(as: akash, "MSG hi", "WHO").untagged == [
        "MSG akash hi", "OK MSG", "BATCH +0 who", "USER akash", "BATCH -0",
      ])
    #expect(harness.takeOutput(of: control) == [])
    #expect(harness.hub.peopleCount == 1)
    harness.send(as: control, "QUIT")
    #expect(harness.closeReason(of: control) == .quit)
    #expect(harness.takeOutput(of: akash) == [])
  }

  @Test func `the control socket has an idle timeout and no login timeout`() {
    let control = harness.connect(from: .control)
    harness.advanceClock(by: .seconds(59))
    harness.send(as: control, "PING")
    harness.advanceClock(by: .seconds(59))
    #expect(harness.closeReason(of: control) == nil)
    harness.advanceClock(by: .seconds(1))
    #expect(harness.closeReason(of: control) == .idle)
  }

  @Test func `the control socket is admitted when other connections are refused`() {
    let harness = HubHarness(HubSettings(maximumSessions: 0))
    #expect(harness.closeReason(of: harness.connect()) == .full)
    #expect(harness.send(as: harness.connect(from: .control), "PING") == ["PONG"])
  }

  @Test(arguments: ["host", "HOST", "server", "Operator"])
  func `names by which the server refers to itself are reserved`(name: String) {
    #expect(harness.send(as: harness.connect(), "LOGIN \(name)") == ["ERR username-reserved"])
    #expect(harness.requestLogin(name, TestKey(1), from: .host).1.isRefused("username-reserved", "LOGIN"))
  }
}
