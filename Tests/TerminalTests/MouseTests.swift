import TerminalTypes
import Testing

@testable import Terminal

/// Reports of the mouse.
@Suite
struct MouseTests {
  private func mouse(_ action: MouseEvent.Action, _ column: Int, _ row: Int) -> TerminalEvent {
    .mouse(MouseEvent(action, at: Screen.Position(row: row, column: column)))
  }

  @Test
  func `presses of the left button and the wheel are reported, wherever the bytes are split`() {
    let reports: [(String, TerminalEvent)] = [
      ("^[[<0;1;1M", mouse(.press, 0, 0)), ("^[[<0;80;24M", mouse(.press, 79, 23)),
      ("^[[<64;300;200M", mouse(.wheelUp, 299, 199)), ("^[[<65;5;6M", mouse(.wheelDown, 4, 5)),
      ("\u{9b}<0;7;8M", mouse(.press, 6, 7)),
    ]
    for (report, event) in reports {
      #expect(decodeSplit(bytes(report)) == [[event]], "\(report)")
      let inside = bytes("x") + bytes(report) + bytes("y")
      #expect(decodeSplit(inside) == [[.key(.character("x")), event, .key(.character("y"))]], "\(report)")
    }
    #expect(decodeSplit(bytes(reports.map(\.0).joined())) == [reports.map(\.1)])
  }

  @Test(arguments: [
    // A release, the middle and the right button, movements, the wheel to the side, presses with modifiers.
    "^[[<0;1;1m", "^[[<1;1;1M", "^[[<2;1;1M", "^[[<32;1;1M", "^[[<35;1;1M", "^[[<66;1;1M", "^[[<4;1;1M", "^[[<8;1;1M",
    "^[[<16;1;1M", "^[[<68;1;1M", "^[[<128;1;1M",
    // Malformed.
    "^[[<M", "^[[<;;M", "^[[<0M", "^[[<0;1M", "^[[<0;1;1;1M", "^[[<0;0;1M", "^[[<0;1;0M", "^[[<-1;1;1M", "^[[<0;1:2;1M",
    "^[[<0;1;1 M", "^[[<0;1;1~", "^[[<0;1;1u", "^[[<0;1;1R", "^[[0;1;1M", "^[[<0;?;1M", "^[[<<0;1;1M",
    // Too long.
    "^[[<0;1;" + String(repeating: "1", count: 100) + "M",
    // The older forms.
    "^[[M !!", "^[[M~~~", "^[[32;10;20M",
  ])
  func `any other report is dropped as a whole`(report: String) {
    for events in decodeSplit(bytes("x") + bytes(report) + bytes("y")) {
      #expect(events == [.key(.character("x")), .key(.character("y"))], "\(report)")
    }
  }

  @Test
  func `huge coordinates are reported as they are, without a trap`() {
    let events = decode(bytes("^[[<0;99999999999999999999;88888888888888888888M"))
    guard case .mouse(let event)? = events.first, events.count == 1 else {
      Issue.record("\(events)")
      return
    }
    #expect(event.position.column > 1_000_000 && event.position.row > 1_000_000)
  }

  @Test
  func `the rest of a report that was cut off for seconds is not typed`() {
    let report = "[<0;12;5M"
    for count in 0..<report.utf8.count - 1 {
      var typist = Typist()
      typist.type([0x1b] + Array(report.utf8.prefix(count)))
      typist.wait(.seconds(3))
      typist.type(Array(report.utf8.dropFirst(count)))
      typist.rest()
      let typed = typist.events.filter {
        if case .key(let key) = $0, case .character = key.symbol, key.modifiers.isEmpty { true } else { false }
      }
      #expect(typed.isEmpty, "\(count)")
    }
  }

  @Test
  func `the modes of the mouse are reset wherever other modes are`() {
    for mode in ["1000", "1006"] {
      #expect(Modes.useMouse.contains("[?\(mode)h"))
      #expect(Modes.leaveMouse.contains("[?\(mode)l"))
      #expect(Modes.enter.contains("[?\(mode)l"))
    }
  }
}
