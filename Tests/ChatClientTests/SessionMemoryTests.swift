import ChatClient
import ChatProtocol
import TestSupport
import Testing

/// The state of a session is bounded, whatever lines a server repeats forever.
@Suite struct SessionMemoryTests {
  private static let text = String(repeating: "x", count: 4000)

  /// Lines that the server repeats, with another number each time.
  private static let floods: [(String, most: Int, @Sendable (Int) -> [String])] = [
    ("people", 3 << 20, { ["JOINED guest\($0)", "@away=\(text) USER guest\($0)", "AWAY guest\($0) \(text)"] }),
    ("messages far ahead", 2 << 20, { ["@seq=\($0 * 2 + 10) MSG akash \(text)"] }),
    ("messages of people", 1 << 20, { ["@seq=1 DM guest\($0) \(text)"] }),
    ("messages of many", 9 << 20, { ["@seq=\($0 + 100) DM guest\($0 % 900) \(text)"] }),
    ("topics", 1 << 17, { ["@room=#r\($0) TOPIC akash \(text)", "ROOM #r\($0) 1 \(text)"] }),
    ("conversations", 1 << 20, { ["SYNC @guest\($0) e\($0) 9", "MARK @guest\($0) 7", "GAP @guest\($0) 1 9"] }),
    (
      "rooms", 1 << 17,
      { ["SYNC #r\($0) e1 9", "@room=#r\($0) JOINED akash", "@room=#r\($0) OK JOIN", "RESET #r\($0) e2"] }
    ),
    ("batches without end", 1 << 17, { ["BATCH +b\($0) history #lobby", "@batch=b\($0);seq=6 MSG akash \(text)"] }),
    (
      "one batch without end", 1 << 17,
      { ["@label=4 BATCH +b who", "@batch=b USER guest\($0)", "@batch=b MSG akash \(text)"] }
    ),
    (
      "a list without end", 5 << 20,
      { number in
        [number == 1 ? "@label=4 BATCH +b sanctions" : "@batch=b SANCTION mute @guest\(number) * akash \(text)"]
      }
    ),
    (
      "acts without end", 5 << 20,
      { number in
        [number == 1 ? "@label=4 BATCH +b acts" : "@batch=b ACT 2026-11-22T10:00:00.000Z akash KICK x\(number) \(text)"]
      }
    ),
    (
      "a page without end", 1 << 17,
      { number in
        [number == 1 ? "@label=4 BATCH +b history #lobby" : "@batch=b;seq=\(number + 5) MSG akash \(text)"]
      }
    ),
    ("redactions", 1 << 17, { ["REMOVED #lobby \($0) akash", "REMOVED @guest\($0) 1 akash"] }),
    (
      "answers without a request", 1 << 17,
      { ["@label=\($0);token=\(text)\($0) OK MSG", "@label=\($0) ERR x * \(text)"] }
    ),
    ("words of the day", 1 << 17, { ["MOTD \(text)\($0)", "INFO \(text)\($0)", "\(text)\($0)"] }),
    ("capabilities", 1 << 17, { ["CAP LS \(text)\($0)", "CAP ACK tags", "CHALLENGE \($0)", "OK LOGIN", "OK RESUME"] }),
  ]

  @Test(.computing, arguments: floods.map(\.0)) func `no flood makes it grow without bound`(name: String) throws {
    let (_, most, flood) = try #require(Self.floods.first { $0.0 == name })
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.showOlder(.lobby))
    harness.command(.admin(.listSanctions))
    for number in 1...2500 {
      for line in flood(number) { harness.receive(line) }
      if number % 100 == 0 { harness.advanceClock(by: .milliseconds(10)) }
      harness.takeAll()
    }
    let size = Self.size(of: harness.session)
    #expect(size < most, "\(size) bytes")
  }

  /// Approximate size of a value with everything that it contains, in bytes.
  private static func size(of value: Any) -> Int {
    var bytes = 0
    var rest: [Any] = [value]
    while let next = rest.popLast() {
      switch next {
      case let text as String: bytes += 16 + text.utf8.count
      case let numbers as [UInt8]: bytes += numbers.count
      default:
        bytes += 8
        rest += Mirror(reflecting: next).children.map(\.value)
      }
    }
    return bytes
  }
}
