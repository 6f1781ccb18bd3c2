import TerminalTypes
import Testing

@testable import ChatUI

/// The key map.
@Suite
struct KeyMapTests {
  private let bindings = KeyMap.standard.groups.flatMap(\.bindings)

  /// Keys of a French keyboard and keys that few terminals distinguish, which would confuse in the help.
  private let unlisted: [Key] =
    "&é\"'(-èçà".map { .alt($0) } + (1...7).map { Key(.enter, Key.Modifiers(rawValue: $0)) }
    + [
      Key(.backspace, .shift), Key(.backspace, [.control, .alt]), Key(.backspace, [.control, .shift]), .control("h"),
    ]

  @Test
  func `the key map binds no key twice`() {
    let keys = bindings.flatMap { $0.keys + $0.aliases }
    #expect(Set(keys).count == keys.count)
  }

  @Test(arguments: [20, 33, 40, 80, 120])
  func `the key map shows every key in help`(width: Int) {
    let help = HelpPage.rows(width: width)
    for row in help { #expect(row.text.cellWidth <= width, "\(row.text)") }
    let words = Set(help.flatMap { $0.text.split { $0 == " " || $0 == "," }.map(String.init) })
    let digits: [Key] = "2345678".map { .alt($0) }
    for key in bindings.flatMap({ $0.keys + $0.aliases }) where !unlisted.contains(key) && !digits.contains(key) {
      #expect(words.contains(key.description), "\(key)")
    }
    for command in SlashCommand.all { #expect(words.contains("/\(command.name)")) }
  }

  @Test
  func `the key map explains every action, by itself or together with its neighbour`() {
    for group in KeyMap.standard.groups { #expect(group.bindings.first?.help != nil) }
  }

  @Test
  func `the key map shows only bound keys in help`() {
    let labels = bindings.filter { $0.help != nil }.map {
      $0.label ?? $0.keys.map(\.description).joined(separator: " ")
    }
    for word in labels.flatMap({ $0.split { $0 == " " || $0 == "," }.map(String.init) }) where word != "…" {
      #expect(Key(named: word).flatMap(KeyMap.standard.action(for:)) != nil, "\(word)")
    }
  }
}
