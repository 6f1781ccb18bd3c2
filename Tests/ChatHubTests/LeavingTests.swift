import ChatHub
import ChatProtocol
import Testing

@Suite struct LeavingTests {
  enum Exit: CaseIterable { case quit, closes, breaks, stalls, falls }

  private func leave(_ exit: Exit, _ id: SessionID, _ stage: Stage) {
    switch exit {
    case .quit: stage.say(id, "QUIT")
    case .closes: stage.leave(id, .closed)
    case .breaks: stage.leave(id, .lost)
    case .stalls: stage.stall(id)
    case .falls: stage.wait(.seconds(30))
    }
  }

  /// Every session but one sends a line half a minute before the idle timeout.
  private func stageBeforeLeaving() -> (Stage, neha: SessionID, akash: SessionID, mira: SessionID, other: SessionID) {
    let stage = Stage(HubSettings(idleTimeout: .seconds(60), loginTimeout: nil))
    let neha = stage.join("neha")
    let akash = stage.join("akash")
    let mira = stage.join("mira", "tags", "presence")
    let stranger = stage.open()
    stage.pass(.seconds(30))
    stage.say(akash, "PING")
    stage.say(mira, "PING")
    return (stage, neha, akash, mira, stranger)
  }

  @Test(arguments: Exit.allCases)
  func `others are told of a departure once, in their dialect`(exit: Exit) {
    let (stage, neha, akash, mira, stranger) = stageBeforeLeaving()
    leave(exit, neha, stage)
    #expect(stage.heard(akash) == ["INFO neha disconnected"])
    let reason =
      switch exit {
      case .quit: "quit"
      case .closes: "closed"
      case .breaks: "lost"
      case .stalls: "slow"
      case .falls: "idle"
      }
    #expect(stage.heard(mira) == ["LEFT neha \(reason)"])
    #expect(stage.heard(stranger) == [])
    #expect(stage.end(neha) != nil)
    // The end of the socket and any late event change nothing.
    stage.leave(neha)
    stage.stall(neha)
    stage.say(neha, "MSG hello", "QUIT")
    stage.wait(.seconds(1))
    #expect(stage.heard(akash) == [])
    #expect(stage.heard(mira) == [])
    #expect(stage.say(akash, "WHO") == ["USER akash", "USER mira"])
  }

  @Test(arguments: Exit.allCases)
  func `a session that ends is sent nothing, except the reason of a timeout`(exit: Exit) {
    let (stage, neha, _, _, _) = stageBeforeLeaving()
    leave(exit, neha, stage)
    #expect(stage.heard(neha) == (exit == .falls ? ["INFO disconnected-due-to-inactivity"] : []))
  }

  @Test func `the operator's log has the reason of each end`() {
    let stage = Stage()
    let (quit, closed, lost, slow) = (stage.join("a"), stage.join("b"), stage.join("c"), stage.join("d"))
    stage.say(quit, "QUIT")
    stage.leave(closed)
    stage.leave(lost, .lost)
    stage.stall(slow)
    #expect([quit, closed, lost, slow].map { stage.end($0) } == [.quit, .closed, .closed, .slow])
  }

  @Test func `the end of an unauthenticated session is not announced`() {
    let stage = Stage()
    let akash = stage.join("akash", "presence")
    stage.leave(stage.open())
    stage.stall(stage.open())
    #expect(stage.heard(akash) == [])
    #expect(stage.hub.sessionCount == 1)
  }

  @Test func `a session that ends is removed before the others are told`() {
    let stage = Stage()
    let neha = stage.join("neha")
    stage.say(neha, "QUIT")
    let name = Nickname("neha")
    let logout = stage.actions.firstIndex { if case .loggedOut(neha, name, .quit) = $0 { true } else { false } }
    let notice = stage.actions.firstIndex {
      if case .publish(.left(name, .quit), in: .lobby, _) = $0 { true } else { false }
    }
    #expect(logout != nil && notice != nil)
    if let logout, let notice { #expect(logout < notice) }
  }
}
