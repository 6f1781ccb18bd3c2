import TerminalTypes
import Testing

@testable import ChatUI

@Suite
struct KeyMapTests {
  private let bindings = KeyBinding.all

  @Test
  func `the key map binds no key twice`() {
    let keys = bindings.flatMap { $0.keys + $0.unlisted }
    #expect(Set(keys).count == keys.count)
    for preset in KeyPreset.allCases {
      let changed = preset.changes.values.flatMap(\.self)
      #expect(Set(changed).count == changed.count, "\(preset)")
    }
  }

  @Test
  func `the key map has one row with a name and a help for each action`() {
    #expect(Set(bindings.map(\.name)).count == bindings.count)
    #expect(Set(bindings.map(\.action)).count == bindings.count)
    for binding in bindings {
      #expect(!binding.help.isEmpty && !binding.keys.isEmpty, "\(binding.name)")
      #expect(binding.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(binding.name)")
    }
  }

  @Test(arguments: KeyPreset.allCases, [20, 33, 40, 80, 120])
  func `the key map shows every key in help`(preset: KeyPreset, width: Int) {
    let map = KeyMap(preset: preset)
    let help = HelpPage.rows(width: width, keyMap: map)
    for row in help { #expect(row.text.cellWidth <= width, "\(row.text)") }
    let words = Set(help.flatMap { $0.text.split { $0 == " " || $0 == "," }.map(String.init) })
    for binding in bindings {
      if case .selectTab(1...7) = binding.action { continue }
      // The separator of keys is itself a key.
      for key in map.keys(for: binding.action) where key != .alt(",") {
        #expect(words.contains(key.description), "\(key)")
      }
    }
    for command in SlashCommand.all { #expect(words.contains("/\(command.name)")) }
  }

  @Test(arguments: KeyPreset.allCases)
  func `every preset of keys reaches every action`(preset: KeyPreset) {
    let map = KeyMap(preset: preset)
    for binding in bindings {
      #expect(!map.keys(for: binding.action).isEmpty, "\(binding.name)")
      for key in map.keys(for: binding.action) { #expect(map.action(for: key) == binding.action) }
    }
    for (action, keys) in preset.changes {
      for key in keys { #expect(map.action(for: key) == action, "\(key)") }
    }
  }

  @Test
  func `a chosen key is taken from the action that had it`() {
    let map = KeyMap(changes: [.yank: [.control("n")], .nextTab: [.alt(.right)], .quit: [], .undo: [.alt("&")]])
    #expect(map.action(for: .control("n")) == .yank)
    #expect(map.action(for: .control("y")) == nil)
    #expect(map.action(for: .alt(.right)) == .nextTab)
    #expect(map.action(for: .control("q")) == nil)
    #expect(map.keys(for: .nextTab) == [.alt(.right)])
    // A key for another keyboard layout is taken as well.
    #expect(map.action(for: .alt("&")) == .undo)
    #expect(map.action(for: .alt("1")) == .selectTab(0))
    // A choice of the user counts more than one of the preset.
    let emacs = KeyMap(preset: .emacs, changes: [.yank: [.control("v")]])
    #expect(emacs.action(for: .control("v")) == .yank)
    #expect(emacs.keys(for: .pageDown) == [Key(.pageDown)])
  }

  @Test
  func `keys of the settings work, in help and hints too`() {
    var harness = InterfaceHarness.online(80, 24)
    var preferences = Preferences()
    preferences.keyMap = KeyMap(changes: [.quit: [.alt("x")], .help: [Key(.function(5))], .lineStart: [.control("q")]])
    harness.update(.preferences(preferences))
    harness.press("Ctrl+C")
    #expect(harness.interface.hint == "Alt+X quits")
    harness.type("bc")
    harness.press("Ctrl+Q")
    harness.type("a")
    #expect(harness.input == "abc")
    harness.press("F1")
    #expect(harness.interface.overlays.isEmpty)
    harness.press("F5")
    #expect(harness.interface.overlays.top is HelpPage)
    harness.press("End", "Esc", "Ctrl+C")
    _ = harness.takeCommands()
    harness.press("Alt+X")
    #expect(harness.takeCommands().contains(.quit))
  }
}
