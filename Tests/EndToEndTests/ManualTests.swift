import Foundation
import TestSupport
import Testing

@testable import swiftchat

/// The manual page covers the whole command line.
@Suite(.interacting) struct ManualTests {
  private struct Dump: Decodable {
    var command: Command
  }

  private struct Command: Decodable {
    var commandName: String
    var subcommands: [Command]?
    var arguments: [Argument]?
  }

  private struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
    }

    var shouldDisplay: Bool
    var names: [Name]?
  }

  private func manual() throws -> String { try document("Resources/swiftchat.1").replacing("\\-", with: "-") }

  /// - Parameter path: relative to the root of the repository.
  private func document(_ path: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  private func options(of command: Command) -> Set<String> {
    let own = (command.arguments ?? []).filter(\.shouldDisplay).flatMap { $0.names ?? [] }
      .filter { $0.kind == "long" && !$0.name.hasPrefix("no-") && !["help", "version"].contains($0.name) }
    return (command.subcommands ?? []).reduce(into: Set(own.map(\.name))) { $0.formUnion(options(of: $1)) }
  }

  @Test func `every option is in the section of its command`() throws {
    let dump = try JSONDecoder().decode(Dump.self, from: Data(SwiftchatCommand._dumpHelp().utf8))
    let sections = try manual().components(separatedBy: "\n.SH ")
    for command in dump.command.subcommands ?? [] where command.commandName != "help" {
      let name = command.commandName.uppercased()
      let section = try #require(sections.first { $0.hasPrefix("\(name)\n") }, "\(name)")
      for option in options(of: command) {
        let isThere = section.ranges(of: "--\(option)").contains { range in
          section[range.upperBound...].first.map { !$0.isLetter && $0 != "-" } ?? true
        }
        #expect(isThere, "\(name): --\(option)")
      }
      for subcommand in command.subcommands ?? [] {
        #expect(section.contains(subcommand.commandName), "\(name): \(subcommand.commandName)")
      }
    }
  }

  @Test func `every exit status and variable is in the manual`() throws {
    let manual = try manual()
    let status = try #require(manual.components(separatedBy: "\n.SH ").first { $0.hasPrefix("EXIT STATUS\n") })
    for code in [0, 1, 64, 66, 78] { #expect(status.contains("\(code) ")) }
    for status in ScriptStatus.allCases where status != .success {
      #expect(manual.contains("\n.B \(status.rawValue)\n"), "\(status)")
    }
    #expect(manual.contains("--generate-completion-script"))
  }

  @Test func `every description of a restore says who must own the files`() throws {
    for text in [try manual(), try document("README.md"), LogBackup.configuration.discussion] {
      #expect(text.contains("chown --reference=. log.sqlite"))
    }
  }
}
