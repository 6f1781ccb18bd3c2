import ChatHub
import ChatProtocol
import Testing

@Suite struct LeavingTests {
  enum SessionExit: CaseIterable { case quit, closes, breaks, stalls, falls }

  private func leave(_ exit: SessionExit, _ id: SessionID, _ harness: HubHarness) {
    switch exit {
    case .quit: harness.send(as: id, "QUIT")
    case .closes: harness.disconnect(id, .closed)
    case .breaks: harness.disconnect(id, .lost)
    case .stalls: harness.stall(id)
    case .falls: harness.advanceClock(by: .seconds(30))
    }
  }

  /// Every session but one sends a line half a minute before the idle timeout.
  private func harnessBeforeLeaving() -> (
    HubHarness, neha: SessionID, akash: SessionID, mira: SessionID, other: SessionID
  ) {
    let harness = HubHarness(HubSettings(idleTimeout: .seconds(60), loginTimeout: nil))
    let neha = harness.logIn("neha")
    let akash = harness.logIn("akash")
    let mira = harness.logIn("mira", "tags", "presence")
    let stranger = harness.connect()
    harness.advanceClockWithoutTick(by: .seconds(30))
    harness.send(as: akash, "PING")
    harness.send(as: mira, "PING")
    return (harness, neha, akash, mira, stranger)
  }

  @Test(arguments: SessionExit.allCases)
  func `others are told of a departure once, in their dialect`(exit: SessionExit) {
    let (harness, neha, akash, mira, stranger) = harnessBeforeLeaving()
    leave(exit, neha, harness)
    #expect(harness.takeOutput(of: akash) == ["INFO neha disconnected"])
    let reason =
      switch exit {
      case .quit: "quit"
      case .closes: "closed"
      case .breaks: "lost"
      case .stalls: "slow"
      case .falls: "idle"
      }
    #expect(harness.takeOutput(of: mira) == ["LEFT neha \(reason)"])
    #expect(harness.takeOutput(of: stranger) == [])
    #expect(harness.closeReason(of: neha) != nil)
    // The end of the socket and any late event change nothing.
    harness.disconnect(neha)
    harness.stall(neha)
    harness.send(as: neha, "MSG hello", "QUIT")
    harness.advanceClock(by: .seconds(1))
    #expect(harness.takeOutput(of: akash) == [])
    #expect(harness.takeOutput(of: mira) == [])
    #expect(harness.send(as: akash, "WHO") == ["USER akash", "USER mira"])
  }

  @Test(arguments: SessionExit.allCases)
  func `a session that ends is sent nothing, except the reason of a timeout`(exit: SessionExit) {
    let (harness, neha, _, _, _) = harnessBeforeLeaving()
    leave(exit, neha, harness)
    #expect(harness.takeOutput(of: neha) == (exit == .falls ? ["INFO disconnected-due-to-inactivity"] : []))
  }

  @Test func `the operator's log has the reason of each end`() {
    let harness = HubHarness()
    let (quit, closed, lost, slow) = (harness.logIn("a"), harness.logIn("b"), harness.logIn("c"), harness.logIn("d"))
    harness.send(as: quit, "QUIT")
    harness.disconnect(closed)
    harness.disconnect(lost, .lost)
    harness.stall(slow)
    #expect([quit, closed, lost, slow].map { harness.closeReason(of: $0) } == [.quit, .closed, .closed, .slow])
  }

  @Test func `the end of an unauthenticated session is not announced`() {
    let harness = HubHarness()
    let akash = harness.logIn("akash", "presence")
    harness.disconnect(harness.connect())
    harness.stall(harness.connect())
    #expect(harness.takeOutput(of: akash) == [])
    #expect(harness.hub.sessionCount == 1)
  }

  @Test func `a session that ends is removed before the others are told`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    harness.send(as: neha, "QUIT")
    let name = Nickname("neha")
    let logout = harness.actions.firstIndex { if case .loggedOut(neha, name, .quit) = $0 { true } else { false } }
    let notice = harness.actions.firstIndex {
      if case .publish(.left(name, .quit), in: .lobby, _) = $0 { true } else { false }
    }
    #expect(logout != nil && notice != nil)
    if let logout, let notice { #expect(logout < notice) }
  }
}
