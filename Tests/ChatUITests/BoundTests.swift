import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The size of the state.
@Suite
struct BoundTests {
  private static let long = String(repeating: "long text ", count: 3000)

  /// A server that sends lines of every kind, as long as possible, with new names each time.
  private struct EventFlood {
    var random: SeededGenerator
    var number = 0

    mutating func name() -> Nickname {
      number += 1
      return Nickname(testing: "name\(number)")
    }

    mutating func room() -> RoomName {
      number += 1
      return random.flip() ? .lobby : RoomName(testing: "#room\(random.number(0...3) == 0 ? 1 : number)")
    }

    mutating func target() -> Target { random.flip() ? .room(room()) : .person(name()) }

    mutating func said(in target: Target, _ sequence: Int) -> ChatMessage {
      ChatMessage(
        target: target, kind: random.pick([.topic, .topic, .topic, .redacted, .text]), author: name(), text: text(),
        time: .noon, isOwn: false, sequence: sequence, id: sequence)
    }

    /// Texts that are searched for mentions are short, to keep the test fast.
    mutating func text() -> String { random.number(0...9) == 0 ? "short" : BoundTests.long }

    mutating func event() -> ClientEvent {
      number += 1
      let (target, text) = (target(), BoundTests.long)
      let answer = random.adminAnswer()
      switch random.number(0...28) {
      case 0: return .connecting(Endpoint(testing: "localhost:4000"), attempt: 1)
      case 1: return .online(Nickname(testing: "neha"), capabilities: .all)
      case 2:
        return random.number(0...30) == 0 ? .offline(Outage(reason: text, retryIn: nil)) : .serverError(text)
      case 3...6: return .message(said(in: target, number))
      case 7: return .message(said(in: .lobby, number))
      case 8: return .sendFailed(SendID(UInt64(number)), reason: text)
      case 9:
        return .roster(room(), (0..<200).map { _ in Person(name(), away: text) })
      case 10: return .joined(name(), room())
      case 11: return .left(name(), room(), reason: text)
      case 12: return .away(name(), text: text)
      case 13, 14: return .notice(text)
      case 15...18: return .messageOfTheDay(text)
      case 19: return .synced(target, Epoch(testing: "e\(random.number(1...2))"), head: number + 3, mark: number)
      case 20: return .older(target, (0..<3).map { said(in: target, number + $0) }, hasMore: true)
      case 21: return .marked(target, number)
      case 22: return .roomJoined(room())
      case 23: return .topic(room(), text)
      case 24: return .rooms((0..<50).map { _ in RoomListing(name: room(), people: 1, topic: text) })
      case 25: return .found(1, (0..<20).map { _ in said(in: target, number) }, hasMore: true)
      case 26: return .redacted(target, number, by: name())
      case 27: return .administered(random.adminRequest(), answer)
      default: return random.number(0...20) == 0 ? .reset(target) : .roomLeft(room(), reason: text)
      }
    }
  }

  @Test(.computing, arguments: SeededGenerator.seeds(3))
  func `the memory of the screen is bounded, whatever a server sends and wherever the user scrolls`(seed: UInt64) {
    var flood = EventFlood(random: SeededGenerator(seed: seed))
    var harness = InterfaceHarness.online(80, 24)
    for number in 1...60 { harness.receiveMessage(from: "zoe", "line \(number)") }
    harness.enter("/search words")
    harness.press("Esc", "PgUp", "PgUp")
    for number in 1...6000 {
      harness.receive(flood.event())
      if number % 1000 == 0 { harness.press(flood.random.pick(["Ctrl+N", "PgUp", "Alt+1", "Alt+A", "Alt+Home"])) }
      if number % 500 == 0 { _ = harness.takeCommands() }
    }
    _ = harness.takeCommands()
    let size = stateSize(of: harness.interface)
    #expect(size < 64 << 20, "SWIFTCHAT_SEED=\(seed): \(size >> 20) MiB")
    for tab in harness.interface.tabs.tabs {
      #expect(tab.transcript.bytes == tab.transcript.entries.reduce(0) { $0 + $1.body.cost })
    }
    #expect(stateSize(of: harness.memory) < 8 << 20)
  }

  @Test
  func `the memory of a tab that is scrolled up is bounded despite new messages`() {
    var harness = InterfaceHarness.online(80, 24)
    for number in 1...60 { harness.receiveMessage(from: "zoe", "line \(number)") }
    harness.press("PgUp")
    for _ in 1...1000 { harness.receive(.messageOfTheDay(Self.long), .notice(Self.long), .serverError(Self.long)) }
    #expect(harness.interface.tabs.lobby.transcript.bytes <= Transcript.maximumBytes)
    for _ in 1...25_000 { harness.receive(.messageOfTheDay("")) }
    #expect(harness.interface.tabs.lobby.transcript.entries.count <= Transcript.maximumEntriesAbove)
  }

  @Test(.computing)
  func `the memory of all tabs together is bounded, and the current tab is trimmed last`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.receiveMessage(from: "zoe", "look at this")
    for number in 1...1600 { harness.receiveDirectMessage(from: "p\(number % 150)", Self.long) }
    let tabs = harness.interface.tabs.tabs
    #expect(tabs.reduce(0) { $0 + $1.transcript.bytes } <= Transcript.maximumBytesOfAll)
    #expect(harness.pane.contains { $0.hasSuffix("look at this") })
  }
}
