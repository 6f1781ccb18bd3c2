import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// The status line.
@Suite
struct StatusTests {
  private func rows(_ stage: Stage) -> [Int: String] {
    var stage = stage
    var rows: [Int: String] = [:]
    for width in [80, 40, 20] {
      stage.resize(width, 8)
      rows[width] = stage.statusRow
    }
    return rows
  }

  @Test
  func `online`() {
    var stage = Stage.online(80, 8)
    stage.hear(.lag(.milliseconds(12), wasAsked: false))
    #expect(
      rows(stage) == [
        80: " neha · localhost:4000 · 12 ms            Tab completes · F1 help · Ctrl+Q quit",
        40: " neha · localhost:4000 · 12 ms  F1 help",
        20: " neha · localhost:4…",
      ])
    stage.hear(.lag(.milliseconds(1500), wasAsked: true))
    #expect(stage.style(of: "1500 ms", fromRow: 6) == Style(.alert, .reversed))
    #expect(stage.pane.last?.hasSuffix("the server answered after 1500 ms") == true)
  }

  @Test
  func `connecting`() {
    var stage = Stage(80, 8)
    stage.hear(.connecting(Endpoint(testing: "example.com:4000"), attempt: 1))
    #expect(stage.statusRow.hasPrefix(" neha · connecting to example.com:4000… "))
  }

  @Test
  func `a silent server does not stay connecting forever`() {
    var stage = Stage(80, 8)
    stage.hear(.connecting(Endpoint(testing: "example.com:4000"), attempt: 1))
    #expect(stage.interface.isCountingDown)
    stage.wait(3)
    // Without encryption this time.
    stage.hear(.connecting(Endpoint(testing: "example.com:4000"), attempt: 1))
    stage.wait(4)
    #expect(stage.statusRow.hasPrefix(" neha · no answer from example.com:4000 for 7 s "))
    stage.hear(.offline(Outage(reason: "the server did not answer", retryIn: .seconds(1))))
    stage.wait(1)
    stage.hear(.connecting(Endpoint(testing: "example.com:4000"), attempt: 1))
    #expect(stage.statusRow.hasPrefix(" neha · connecting to example.com:4000… "))
  }

  @Test
  func `offline, counting down`() {
    var stage = Stage.online(80, 8)
    #expect(!stage.interface.isCountingDown)
    stage.hear(.offline(Outage(reason: "the server closed the connection", retryIn: .milliseconds(4200))))
    #expect(stage.interface.isCountingDown)
    #expect(
      rows(stage) == [
        80: " offline, again in 5 s · neha · the server closed the connection        F1 help",
        40: " offline, again in 5 s · neha · the ser…",
        20: " offline, again in …",
      ])
    #expect(stage.style(of: "offline,") == Style(.alert, [.reversed, .bold]))
    stage.wait(3)
    #expect(stage.statusRow.hasPrefix(" offline, again in 2 s "))
    stage.wait(10)
    #expect(stage.statusRow.hasPrefix(" offline, again in 0 s "))
    stage.hear(.offline(Outage(reason: "the server is shutting down", retryIn: nil)))
    #expect(stage.statusRow.hasPrefix(" the server is shutting down · neha "))
    #expect(!stage.interface.isCountingDown)
  }

  @Test
  func `reports each problem once`() {
    var stage = Stage.online(80, 12)
    let before = stage.pane.count
    for _ in 0..<5 {
      stage.hear(.offline(Outage(reason: "connection refused", retryIn: .seconds(1))))
      stage.hear(.connecting(Endpoint(testing: "localhost:4000"), attempt: 1))
    }
    #expect(stage.pane.count == before + 1)
    stage.hear(.offline(Outage(reason: "no route", retryIn: .seconds(1))))
    #expect(stage.pane.count == before + 2)
  }

  @Test
  func `scrolled up`() {
    var stage = Stage.online(80, 8)
    for number in 1...20 { stage.say("zoe", "\(number)") }
    stage.press("PgUp")
    stage.say("zoe", "21")
    #expect(
      rows(stage) == [
        80: " ▼ 5 below · neha · localhost:4000        Tab completes · F1 help · Ctrl+Q quit",
        40: " ▼ 5 below · neha · localhost:4000",
        20: " ▼ 5 below · neha",
      ])
    #expect(stage.style(of: "▼ 5") == Style(.highlight, [.reversed, .bold]))
  }

  @Test
  func `away`() {
    var stage = Stage.online(80, 8)
    stage.hear(.away(Nickname(testing: "neha"), text: "lunch"))
    #expect(stage.statusRow.hasPrefix(" neha (away) · localhost:4000 "))
    stage.hear(.back(Nickname(testing: "neha")))
    #expect(stage.statusRow.hasPrefix(" neha · localhost:4000 "))
  }

  @Test
  func `a server with few features`() {
    var stage = Stage(80, 8)
    stage.hear(.connecting(Endpoint(testing: "example.com:4000"), attempt: 1))
    stage.hear(.online(Nickname(testing: "neha"), dialect: []))
    #expect(stage.statusRow.hasPrefix(" not encrypted · neha · example.com:4000 · plain "))
    #expect(stage.pane.suffix(3).first?.hasSuffix("connected to example.com:4000 as neha; this") == true)
    #expect(stage.pane.last?.hasSuffix("│ encrypted") == true, "\(stage.pane)")
  }

  @Test
  func `shows whether the connection is encrypted`() {
    var stage = Stage(80, 8)
    stage.connect(isEncrypted: false)
    #expect(
      rows(stage) == [
        80: " not encrypted · neha · localhost:4000    Tab completes · F1 help · Ctrl+Q quit",
        40: " not encrypted · neha · localhost:4000",
        20: " not encrypted",
      ])
    #expect(stage.style(of: "not encrypted", fromRow: 6) == Style(.alert, [.reversed, .bold]))
    #expect(
      stage.pane.suffix(2) == [
        "12:01         -- │ connected to localhost:4000 as neha; not", "                 │ encrypted",
      ])
    // Nothing is shown without a connection.
    stage.hear(.offline(Outage(reason: "gone", retryIn: nil)))
    #expect(!stage.statusRow.contains("encrypted"))
    stage.connect()
    #expect(stage.statusRow.hasPrefix(" neha · localhost:4000 "))
    #expect(!stage.statusRow.contains("encrypted"))
  }

  @Test
  func `operators`() {
    var stage = Stage.online(80, 8, isOperator: true)
    #expect(
      rows(stage) == [
        80: " neha (op) · localhost:4000               Tab completes · F1 help · Ctrl+Q quit",
        40: " neha (op) · localhost:4000     F1 help",
        20: " neha (op)  F1 help",
      ])
    stage.hear(.away(Nickname(testing: "neha"), text: "lunch"))
    #expect(stage.statusRow.hasPrefix(" neha (op, away) · localhost:4000 "))
    stage.hear(.offline(Outage(reason: "gone", retryIn: nil)))
    #expect(stage.statusRow.hasPrefix(" gone · neha "))
  }
}
