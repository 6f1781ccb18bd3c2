import ChatModel
import ChatProtocol
import TerminalTypes
import Testing

@testable import ChatUI

@Suite
struct OverlayStackTests {
  /// An overlay with any combination of properties.
  private struct Layer: Overlay {
    var name = ""
    var lifetime = OverlayLifetime.untilClosed
    var placement = OverlayPlacement.replacing
    var coversPane = false
    var holdsText = false
    var isObsolete = false

    mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse { .handled }
    func isObsolete(in interface: Interface) -> Bool { isObsolete }
  }

  private struct Prompt: Overlay {
    var name = ""
    var lifetime: OverlayLifetime { .untilOnline }
    func input(width: Int) -> OverlayInput? { OverlayInput(prompt: name, editor: LineEditor()) }
    mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse { .handled }
  }

  private func names(_ stack: OverlayStack) -> [String] {
    var (stack, names): (OverlayStack, [String]) = (stack, [])
    while let top = stack.pop() { names.insert((top as? Layer)?.name ?? (top as? Prompt)?.name ?? "?", at: 0) }
    return names
  }

  private let interface = InterfaceHarness(80, 24).interface
  private let noon = Timestamp.noon
  private func later(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: noon.milliseconds + milliseconds) }

  @Test
  func `the overlay stack hides the transcript while any overlay covers it`() {
    var stack = OverlayStack()
    #expect(stack.showsPane && stack.isEmpty)
    stack.open(Layer(name: "list", coversPane: true))
    stack.open(Layer(name: "question"))
    #expect(!stack.showsPane)
    _ = stack.pop()
    #expect(!stack.showsPane && names(stack) == ["list"])
    _ = stack.pop()
    #expect(stack.showsPane && stack.isEmpty)
  }

  @Test
  func `the overlay stack closes overlays of a tab or connection at any depth`() {
    var stack = OverlayStack()
    for layer in [
      Layer(name: "a", lifetime: .untilTabChanges), Layer(name: "b", lifetime: .untilOnline), Layer(name: "c"),
    ] {
      stack.open(layer)
    }
    stack.close(.untilTabChanges)
    #expect(names(stack) == ["b", "c"])
    stack.settle(at: noon)
    #expect(names(stack) == ["c"])
    stack.open(Layer(name: "d", isObsolete: true))
    stack.closeObsolete(in: interface)
    #expect(names(stack) == ["c"])
  }

  @Test
  func `the overlay stack shows a waiting overlay alone, in place of others, or above them`() {
    for (placement, expected) in [(OverlayPlacement.alone, ["a"]), (.replacing, ["q"]), (.above, ["a", "q"])] {
      var stack = OverlayStack()
      stack.open(Layer(name: "a"))
      stack.ask(Layer(name: "q", placement: placement))
      // An overlay of the same kind replaces the top at once.
      #expect(names(stack) == ["q"] && stack.waiting == nil)
      stack.closeAll()
      stack.open(Prompt(name: "a"))
      stack.ask(Layer(name: "q", placement: placement))
      #expect(names(stack) == ["a"] && stack.waiting != nil)
      let isShown = stack.showWaiting(isInputEmpty: true)
      #expect(isShown == (placement != .alone) && names(stack) == expected)
      #expect((stack.waiting == nil) == (placement != .alone))
    }
  }

  @Test
  func `the overlay stack keeps an overlay waiting that would hide or lose typed text`() {
    var stack = OverlayStack()
    stack.open(Layer(name: "search", holdsText: true))
    stack.ask(Prompt(name: "q"))
    expectEqual(stack.showWaiting(isInputEmpty: true), false)
    _ = stack.pop()
    expectEqual(stack.showWaiting(isInputEmpty: false), true)
    #expect(names(stack) == ["q"])
    // Text that is typed into a prompt is not replaced by the same question.
    stack.ask(Prompt(name: "again"))
    #expect(names(stack) == ["q"])
    stack.closeAll()
    stack.settle(at: noon)
    stack.ask(Layer(name: "list", coversPane: true))
    expectEqual(stack.showWaiting(isInputEmpty: false), false)
    expectEqual(stack.showWaiting(isInputEmpty: true), true)
  }

  @Test
  func `the overlay stack ignores one Enter after a connection has closed a question`() {
    var stack = OverlayStack()
    stack.settle(at: noon)
    expectEqual(stack.takesEnter(at: noon), false, "none was open")
    for (delay, isTaken) in [(0, true), (Attention.betweenKeys - 1, true), (Attention.betweenKeys, false), (-1, false)]
    {
      stack.open(Layer(lifetime: .untilOnline))
      stack.settle(at: noon)
      let takes = [stack.takesEnter(at: later(delay)), stack.takesEnter(at: later(delay))]
      #expect(takes == [isTaken, false], "\(delay)")
    }
    stack.open(Layer(name: "list"))
    stack.open(Layer(lifetime: .untilOnline))
    stack.settle(at: noon)
    expectEqual(stack.takesEnter(at: noon), false, "the key goes to the list, because the question is not shown yet")
  }

  @Test
  func `a waiting question is dropped when a connection answers it`() {
    var stack = OverlayStack()
    stack.ask(Layer(lifetime: .untilOnline))
    stack.settle(at: noon)
    #expect(stack.waiting == nil)
  }

  @Test
  func `the overlay stack equals another stack with the same overlays`() {
    var (left, right) = (OverlayStack(), OverlayStack())
    #expect(left == right)
    left.open(Layer(name: "a"))
    #expect(left != right)
    right.open(Layer(name: "b"))
    #expect(left != right)
    right.closeAll()
    right.open(Prompt(name: "a"))
    #expect(left != right)
    right.closeAll()
    right.open(Layer(name: "a"))
    #expect(left == right)
    right.ask(Prompt())
    #expect(left != right)
  }
}

/// Overlays in the interface.
@Suite
struct OverlayTests {
  @Test
  func `a search below a question is notified of a lost connection`() throws {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.update(.host(.started(invitation: "swiftchat connect 192.0.2.7:4000")))
    harness.enter("/search hello")
    harness.press("Ctrl+Q")
    harness.receive(.offline(Outage(reason: "gone", retryIn: nil)))
    harness.press("n")
    #expect(harness.pane.first?.contains("The connection was lost.") == true)
  }

  @Test
  func `an overlay below a question is there again after the answer`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.update(.host(.started(invitation: "swiftchat connect 192.0.2.7:4000")))
    harness.press("Ctrl+G")
    harness.type("zo")
    harness.press("Ctrl+Q")
    #expect(harness.screen.rows.contains { $0.contains("You are hosting") })
    harness.press("Esc")
    #expect(harness.screen.rows.last == " go to› zo")
    #expect(harness.pane.last == " @zoe")
  }

  @Test(arguments: [(KeyAction.newline, KeyAction.lastTab), (.redraw, .suspend), (.quit, .compose)])
  func `Enter and Esc work in every overlay, also if they have other actions`(enter: KeyAction, escape: KeyAction) {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    var preferences = Preferences()
    preferences.keyMap = KeyMap(changes: [
      enter: [Key(.enter)], .send: [.control("j")], escape: [Key(.escape)], .dismiss: [.control("x")],
    ])
    harness.update(.preferences(preferences))
    for opening in ["F1", "Ctrl+S", "Ctrl+R", "Ctrl+G", "F6"] {
      harness.press(opening)
      #expect(!harness.interface.overlays.isEmpty, "\(opening)")
      harness.press("Esc")
      #expect(harness.interface.overlays.isEmpty, "\(opening)")
    }
    harness.press("Ctrl+G")
    harness.type("zo")
    harness.press("Enter")
    #expect(harness.interface.tabs.current.target == .person(Nickname(testing: "zoe")))
    harness.type("/search x")
    harness.press("Ctrl+J")
    harness.receive(.found(1, [.numbered(1)], hasMore: false))
    harness.press("Enter")
    #expect(harness.interface.tabs.current.target == .lobby)
    harness.receive(
      .offline(Outage(reason: "gone", retryIn: nil)),
      .nameRefused(Nickname(testing: "neha"), .taken, suggestion: Nickname(testing: "neha_")))
    harness.advanceClock(by: 5)
    harness.press("Enter")
    #expect(harness.takeCommands().contains(.client(.useName(Nickname(testing: "neha_")))))
  }

  @Test
  func `choosing a user ends when no user is left, and works at any size`() {
    for columns in [120, 80, 40, 20] {
      var harness = InterfaceHarness.online(120, 12, with: ["zoe"])
      harness.press("F6")
      #expect(harness.interface.overlays.top is SidebarChoice)
      harness.resize(columns, 10)
      #expect(harness.interface.overlays.top is SidebarChoice)
      harness.receive(.roster(.lobby, []))
      #expect(harness.interface.overlays.isEmpty)
    }
  }
}
