import ChatHub
import ChatProtocol
import Testing

@Suite struct OperatorTests {
  private let stage = Stage.provable()

  @Test func `the first user with a key on the host is operator, and no later one`() {
    #expect(stage.come("mira", Identity(1)).1.first?.contains("operator") == false)
    stage.say(stage.open(), "LOGIN guest")
    #expect(stage.come("neha", Identity(2), from: .host).1.first?.hasSuffix(";owned;operator OK LOGIN") == true)
    #expect(stage.come("akash", Identity(3), from: .host).1.first?.hasSuffix(";owned OK LOGIN") == true)
    // From any address later.
    stage.restart()
    #expect(stage.come("neha", Identity(2)).1.first?.hasSuffix(";owned;operator OK LOGIN") == true)
    #expect(stage.come("mira", Identity(1), from: .host).1.first?.contains("operator") == false)
    #expect(stage.registry.acts.map(\.subject) == ["neha"])
  }

  @Test func `after the first operator the host makes no second one`() {
    let control = stage.open(from: .control)
    stage.say(control, "CAP REQ tags moderation")
    stage.leave(stage.settle("neha", Identity(1), from: .host))
    stage.forget()
    #expect(stage.say(control, "DEOP neha") == ["OK DEOP"])
    func comes(_ name: String, _ number: UInt8) -> Bool {
      let (id, answer) = stage.come(name, Identity(number), from: .host)
      defer { stage.leave(id) }
      #expect(answer.first?.hasSuffix(";owned OK LOGIN") == true, "\(answer)")
      return answer.first?.contains("operator") == true
    }
    // Neither the former operator nor another user, nor either of them after a restart.
    #expect(!comes("neha", 1) && !comes("akash", 2))
    stage.restart()
    #expect(!comes("neha", 1) && !comes("akash", 2) && !comes("mira", 3))
    stage.restart(epoch: "f")
    #expect(!comes("zoe", 4))
    let again = stage.open(from: .control)
    stage.say(again, "CAP REQ tags moderation")
    stage.forget()
    #expect(stage.say(again, "OPS").untagged == ["BATCH +0 operators", "BATCH -0"])
    // The control socket makes an operator.
    #expect(stage.say(again, "OP akash") == ["OK OP"])
    #expect(stage.registry.acts.map { "\($0.verb.rawValue) \($0.subject)" } == ["OP neha", "DEOP neha", "OP akash"])
  }

  @Test func `an invite-only server with a former operator needs an invitation on the host too`() {
    let stage = Stage.provable(isInviteOnly: true)
    stage.leave(stage.settle("neha", Identity(1), from: .host))
    let control = stage.open(from: .control)
    stage.say(control, "CAP REQ tags moderation")
    stage.forget()
    stage.say(control, "DEOP neha")
    #expect(stage.come("akash", Identity(2), from: .host).1.isRefused("invite-required", "LOGIN"))
    stage.restart()
    #expect(stage.come("akash", Identity(2), from: .host).1.isRefused("invite-required", "LOGIN"))
    #expect(stage.come("neha", Identity(1), from: .host).1.first?.hasSuffix(";owned OK LOGIN") == true)
  }

  @Test(arguments: [true, false])
  func `of two concurrent logins one is the first operator`(isStored: Bool) {
    stage.recording = .waits
    let (neha, challenge) = stage.meet(from: .host)
    let (akash, other) = stage.meet(from: .host)
    stage.say(neha, "\(Identity(1).tags(challenge, as: "neha"))LOGIN neha")
    stage.say(akash, "\(Identity(2).tags(other, as: "akash"))LOGIN akash")
    #expect(stage.proposals.count == 1)
    stage.settle(successfully: isStored)
    stage.settle()
    stage.settle()
    // If the change was not stored, the next login makes the first operator.
    #expect(stage.registry.acts.map(\.subject) == [isStored ? "neha" : "akash"])
  }

  @Test func `an owner from before becomes operator by a login on the host`() {
    stage.leave(stage.settle("neha", Identity(1)))
    let (neha, answer) = stage.come("neha", Identity(1), from: .host)
    #expect(answer.first?.hasSuffix(";owned;operator OK LOGIN") == true)
    #expect(stage.say(neha, "OPS") == ["BATCH +0 operators", "@batch=0 OPERATOR neha", "BATCH -0"])
  }

  @Test func `an owner under another name has no operator rights`() {
    _ = stage.settle("neha", Identity(1))
    #expect(stage.come("other", Identity(1), from: .host).1.first?.contains("operator") == false)
    #expect(stage.registry.acts.isEmpty)
  }

  @Test func `operators make others operators, and each act is recorded`() {
    let neha = stage.settle("neha", Identity(1), from: .host)
    let akash = stage.settle("akash", Identity(2))
    stage.forget()
    #expect(stage.say(akash, "OP akash").isRefused("not-operator", "OP"))
    #expect(stage.say(akash, "DEOP neha").isRefused("not-operator", "DEOP"))
    #expect(stage.say(neha, "OP nobody").isRefused("no-account", "OP"))
    #expect(stage.say(neha, "DEOP akash").isRefused("not-found", "DEOP"))
    #expect(stage.say(neha, "DEOP neha").isRefused("last-operator", "DEOP"))
    #expect(stage.say(neha, "@label=1 OP AKASH") == ["@label=1 OK OP"])
    #expect(stage.heard(akash) == ["INFO neha made you an operator."])
    #expect(stage.say(neha, "OP akash") == ["OK OP"])
    #expect(
      stage.say(akash, "OPS") == [
        "BATCH +0 operators", "@batch=0 OPERATOR akash", "@batch=0 OPERATOR neha", "BATCH -0",
      ])
    #expect(stage.say(akash, "DEOP neha") == ["OK DEOP"])
    #expect(stage.heard(neha) == ["INFO akash took your being an operator back."])
    #expect(stage.say(neha, "OP neha").isRefused("not-operator", "OP"))
    stage.restart()
    #expect(stage.come("akash", Identity(2)).1.first?.contains("operator") == true)
    #expect(
      stage.registry.acts.map { "\($0.by) \($0.verb.rawValue) \($0.subject)" } == [
        "host OP neha", "neha OP akash", "akash DEOP neha",
      ])
  }

  @Test func `an operator's session without a proof has no rights`() {
    let guest = stage.open(from: .host, isSecured: true)
    stage.say(guest, "CAP REQ \(Stage.everythingProven.joined(separator: " "))")
    let token = Stage.token(in: stage.say(guest, "LOGIN neha"))
    #expect(stage.come("neha", Identity(1), "token=\(token);", from: .host).1.first?.contains("operator") == true)
    stage.forget()
    #expect(stage.say(guest, "ADMIT 1 *").isRefused("not-operator", "ADMIT"))
  }

  @Test func `the control socket needs no name and has none`() {
    let akash = stage.settle("akash", Identity(1))
    let control = stage.open(from: .control)
    #expect(stage.say(control, "CAP REQ tags moderation rooms history") == ["CAP ACK tags moderation rooms history"])
    #expect(stage.say(control, "PING") == ["PONG"])
    #expect(stage.say(control, "OP akash") == ["OK OP"])
    #expect(stage.heard(akash) == ["INFO host made you an operator."])
    #expect(stage.say(control, "OPS").untagged[1] == "OPERATOR akash")
    // Including the last operator.
    #expect(stage.say(control, "DEOP akash") == ["OK DEOP"])
    for line in ["LOGIN neha", "RESUME x"] { #expect(stage.say(control, line).first?.hasPrefix("ERR ") == true) }
    for line in ["MSG hi", "WHO", "ROOMS", "HISTORY #lobby LATEST * 1", "SEARCH * 1 x", "JOIN #a", "DM akash x"] {
      #expect(stage.say(control, line).untagged.first?.hasPrefix("ERR not-logged-in") == true, "\(line)")
    }
    for line in ["CREATE #a", "INVITE #a akash", "KEY LIST"] {
      #expect(stage.say(control, line).first?.hasPrefix("ERR unknown-command") == true, "\(line)")
    }
    stage.forget()
    #expect(
      stage.say(akash, "MSG hi", "WHO").untagged == [
        "MSG akash hi", "OK MSG", "BATCH +0 who", "USER akash", "BATCH -0",
      ])
    #expect(stage.heard(control) == [])
    #expect(stage.hub.peopleCount == 1)
    stage.say(control, "QUIT")
    #expect(stage.end(control) == .quit)
    #expect(stage.heard(akash) == [])
  }

  @Test func `the control socket has an idle timeout and no login timeout`() {
    let control = stage.open(from: .control)
    stage.wait(.seconds(59))
    stage.say(control, "PING")
    stage.wait(.seconds(59))
    #expect(stage.end(control) == nil)
    stage.wait(.seconds(1))
    #expect(stage.end(control) == .idle)
  }

  @Test func `the control socket is admitted when other connections are refused`() {
    let stage = Stage(HubSettings(maximumSessions: 0))
    #expect(stage.end(stage.open()) == .full)
    #expect(stage.say(stage.open(from: .control), "PING") == ["PONG"])
  }

  @Test(arguments: ["host", "HOST", "server", "Operator"])
  func `names by which the server refers to itself are reserved`(name: String) {
    #expect(stage.say(stage.open(), "LOGIN \(name)") == ["ERR username-reserved"])
    #expect(stage.come(name, Identity(1), from: .host).1.isRefused("username-reserved", "LOGIN"))
  }
}
