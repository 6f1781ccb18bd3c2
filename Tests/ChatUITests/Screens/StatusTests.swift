import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct StatusTests {
  private func rows(_ harness: InterfaceHarness) -> [Int: String] {
    var harness = harness
    var rows: [Int: String] = [:]
    for width in [80, 40, 20] {
      harness.resize(width, 8)
      rows[width] = harness.statusRow
    }
    return rows
  }

  @Test
  func `the status line online`() {
    var harness = InterfaceHarness.online(80, 8)
    harness.receive(.lag(.milliseconds(12), wasAsked: false))
    #expect(
      rows(harness) == [
        80: " neha · localhost:4000 · 12 ms                                          F1 help",
        40: " neha · localhost:4000 · 12 ms  F1 help",
        20: " neha · localhost:4…",
      ])
    harness.receive(.lag(.milliseconds(1500), wasAsked: true))
    #expect(harness.style(of: "1500 ms", fromRow: 6) == Style(.alert))
    #expect(harness.pane.last?.hasSuffix("the server answered after 1500 ms") == true)
  }

  @Test
  func `the status line while connecting`() {
    var harness = InterfaceHarness(80, 8)
    harness.receive(.connecting(Endpoint(testing: "example.com:4000"), attempt: 1))
    #expect(harness.statusRow.hasPrefix(" neha · connecting to example.com:4000… "))
  }

  @Test
  func `a silent server does not stay connecting forever`() {
    var harness = InterfaceHarness(80, 8)
    harness.receive(.connecting(Endpoint(testing: "example.com:4000"), attempt: 1))
    #expect(harness.interface.isCountingDown)
    harness.advanceClock(by: 3)
    // Without encryption this time.
    harness.receive(.connecting(Endpoint(testing: "example.com:4000"), attempt: 1))
    harness.advanceClock(by: 4)
    #expect(harness.statusRow.hasPrefix(" neha · no answer from example.com:4000 for 7 s "))
    harness.receive(.offline(Outage(reason: "the server did not answer", retryIn: .seconds(1))))
    harness.advanceClock(by: 1)
    harness.receive(.connecting(Endpoint(testing: "example.com:4000"), attempt: 1))
    #expect(harness.statusRow.hasPrefix(" neha · connecting to example.com:4000… "))
  }

  @Test
  func `the status line offline, counting down`() {
    var harness = InterfaceHarness.online(80, 8)
    #expect(!harness.interface.isCountingDown)
    harness.receive(.offline(Outage(reason: "the server closed the connection", retryIn: .milliseconds(4200))))
    #expect(harness.interface.isCountingDown)
    #expect(
      rows(harness) == [
        80: " offline, again in 5 s · neha · the server closed the connection        F1 help",
        40: " offline, again in 5 s · neha · the ser…",
        20: " offline, again in …",
      ])
    #expect(harness.style(of: "offline,") == Style(.alert, .bold))
    harness.advanceClock(by: 3)
    #expect(harness.statusRow.hasPrefix(" offline, again in 2 s "))
    harness.advanceClock(by: 10)
    #expect(harness.statusRow.hasPrefix(" offline, again in 0 s "))
    harness.receive(.offline(Outage(reason: "the server is shutting down", retryIn: nil)))
    #expect(harness.statusRow.hasPrefix(" the server is shutting down · neha "))
    #expect(!harness.interface.isCountingDown)
  }

  @Test
  func `the status line after a kick says how to return`() {
    var harness = InterfaceHarness.online(80, 8)
    let reason = "ada ended your connection: bye"
    harness.receive(.offline(Outage(reason: reason, retryIn: nil, mayReturn: true)))
    #expect(harness.statusRow.hasPrefix(" \(reason) · neha · /connect localhost:4000 returns"))
    harness.goOnline()
    harness.receive(.offline(Outage(reason: "you are banned", retryIn: nil)))
    #expect(harness.statusRow.hasPrefix(" you are banned · neha ") && !harness.statusRow.contains("/connect"))
  }

  @Test
  func `the status line reports each problem once`() {
    var harness = InterfaceHarness.online(80, 12)
    let before = harness.pane.count
    for _ in 0..<5 {
      harness.receive(.offline(Outage(reason: "connection refused", retryIn: .seconds(1))))
      harness.receive(.connecting(Endpoint(testing: "localhost:4000"), attempt: 1))
    }
    #expect(harness.pane.count == before + 1)
    harness.receive(.offline(Outage(reason: "no route", retryIn: .seconds(1))))
    #expect(harness.pane.count == before + 2)
  }

  @Test
  func `the status line when scrolled up`() {
    var harness = InterfaceHarness.online(80, 8)
    for number in 1...20 { harness.receiveMessage(from: "zoe", "\(number)") }
    harness.press("PgUp")
    harness.receiveMessage(from: "zoe", "21")
    #expect(
      rows(harness) == [
        80: " ▼ 5 below                                                              F1 help",
        40: " ▼ 5 below                      F1 help",
        20: " ▼ 5 below  F1 help",
      ])
    #expect(harness.style(of: "▼ 5") == .plain)
  }

  @Test
  func `the status line when away`() {
    var harness = InterfaceHarness.online(80, 8)
    harness.receive(.away(Nickname(testing: "neha"), text: "lunch"))
    #expect(harness.statusRow.hasPrefix(" neha (away) · localhost:4000 "))
    harness.receive(.back(Nickname(testing: "neha")))
    #expect(harness.statusRow.hasPrefix(" neha · localhost:4000 "))
  }

  @Test
  func `the status line for a server with few features`() {
    var harness = InterfaceHarness(80, 8)
    harness.receive(.connecting(Endpoint(testing: "example.com:4000"), attempt: 1))
    harness.receive(.online(Nickname(testing: "neha"), capabilities: []))
    #expect(harness.statusRow.hasPrefix(" not encrypted · neha · example.com:4000 · plain "))
    #expect(
      harness.pane.suffix(2) == [
        " 12:01  --      connected to example.com:4000 as neha; this server speaks the",
        "                plain protocol; not encrypted",
      ])
  }

  @Test
  func `the status line shows whether the connection is encrypted`() {
    var harness = InterfaceHarness(80, 8)
    harness.goOnline(isEncrypted: false)
    #expect(
      rows(harness) == [
        80: " not encrypted · neha · localhost:4000                                  F1 help",
        40: " not encrypted · neha · localhost:4000",
        20: " not encrypted",
      ])
    #expect(harness.style(of: "not encrypted", fromRow: 6) == Style(.alert, .bold))
    #expect(
      harness.pane.suffix(1) == [" 12:01  --      connected to localhost:4000 as neha; not encrypted"])
    // Nothing is shown without a connection.
    harness.receive(.offline(Outage(reason: "gone", retryIn: nil)))
    #expect(!harness.statusRow.contains("encrypted"))
    harness.goOnline()
    #expect(harness.statusRow.hasPrefix(" neha · localhost:4000 "))
    #expect(!harness.statusRow.contains("encrypted"))
  }

  @Test
  func `the status line of operators`() {
    var harness = InterfaceHarness.online(80, 8, isOperator: true)
    #expect(
      rows(harness) == [
        80: " neha (op) · localhost:4000                                             F1 help",
        40: " neha (op) · localhost:4000     F1 help",
        20: " neha (op)  F1 help",
      ])
    harness.receive(.operatorChanged(false))
    #expect(harness.statusRow.hasPrefix(" neha · localhost:4000 "))
    harness.receive(.operatorChanged(true))
    harness.receive(.away(Nickname(testing: "neha"), text: "lunch"))
    #expect(harness.statusRow.hasPrefix(" neha (op, away) · localhost:4000 "))
    harness.receive(.offline(Outage(reason: "gone", retryIn: nil)))
    #expect(harness.statusRow.hasPrefix(" gone · neha "))
  }
}
