import Foundation
import TerminalTypes
import Testing

@testable import ChatUI

/// The manual page.
@Suite
struct CommandManualTests {
  /// The section about slash commands, generated from their table.
  private var section: String {
    var text = """
      .SH COMMANDS
      Input of the client that begins with a slash is a command. If there is no such command, nothing is sent.
      A NAME may follow an @, which is not part of it: @carla means carla, and @@carla a person whose name is @carla.

      """
    for group in SlashCommand.groups {
      text += ".SS \(group.title == "Commands" ? "Messages and people" : group.title)\n"
      for command in group.commands {
        let parameters = command.parameters
        let title = parameters.isEmpty ? ".B /\(command.name)" : ".BI /\(command.name) \" \(parameters)\""
        text += ".TP\n\(title)\n\(sentence(command.help))\n"
        if !command.aliases.isEmpty {
          text += "Alias: \(command.aliases.map { "/\($0)" }.joined(separator: ", ")).\n"
        }
      }
      for note in group.notes { text += ".TP\n.B \(note.input)\n\(sentence(note.help))\n" }
    }
    return text.replacing("-", with: "\\-").replacing("…", with: "...")
  }

  private func sentence(_ help: String) -> String { help.prefix(1).uppercased() + help.dropFirst() + "." }

  private let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Resources/swiftchat.1")

  /// The section about keys, generated from their table.
  private var keys: String {
    var text = """
      .SH KEYS
      The default keys, and the names by which the table [keys] of the client's settings changes them; see CONFIG.

      """
    for group in KeyBinding.groups {
      text += ".SS \(group.title)\n"
      for binding in group.bindings {
        let keys = binding.keys.map(\.spelling).joined(separator: ", ").replacing("\\", with: "\\e")
        text += ".TP\n.B \(keys)\n\(sentence(binding.help)) (\(binding.name))\n"
      }
    }
    return text.replacing("-", with: "\\-").replacing("…", with: "...")
  }

  /// Run this test with `SWIFTCHAT_WRITE_MANUAL=1` to write the sections into the manual page.
  @Test
  func `the manual page describes keys and slash commands by their tables`() throws {
    let manual = try String(contentsOf: file, encoding: .utf8)
    var sections = manual.components(separatedBy: "\n.SH ")
    for (title, section) in [("KEYS", keys), ("COMMANDS", section)] {
      let index = try #require(sections.firstIndex { $0.hasPrefix("\(title)\n") })
      let expected = section.dropFirst(".SH ".count).dropLast()
      if ProcessInfo.processInfo.environment["SWIFTCHAT_WRITE_MANUAL"] != nil {
        sections[index] = String(expected)
        try sections.joined(separator: "\n.SH ").write(to: file, atomically: true, encoding: .utf8)
      } else {
        #expect(sections[index] == expected, "the section should be:\n.SH \(expected)\n(end)")
      }
    }
  }
}
