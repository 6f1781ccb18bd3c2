import Foundation
import TestSupport
import Testing

@testable import swiftchat

/// The sample settings files.
@Suite(.interacting) struct SampleTests {
  private var resources: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Resources")
  }

  private func sample<Table: SettingsTable>(_: Table.Type) throws -> String {
    try String(contentsOf: resources.appendingPathComponent(Table.fileName), encoding: .utf8)
  }

  /// The sample with its examples and defaults as settings: a key follows a # without a space, a sentence follows one
  /// with a space.
  private func uncommented(_ sample: String) -> [String] {
    sample.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix("#") && !line.hasPrefix("# ") ? String(line.dropFirst()) : String(line)
    }
  }

  /// To renew the files: `swiftchat serve --sample-config > Resources/server.toml` and
  /// `swiftchat config sample > Resources/client.toml`.
  @Test func `the files are generated from the tables of settings`() throws {
    try expectGenerated(ServerSetting.self)
    try expectGenerated(ClientSetting.self)
  }

  private func expectGenerated<Table: SettingsTable>(_ table: Table.Type) throws {
    #expect(try sample(table) == SampleFile<Table>.text)
    for line in SampleFile<Table>.text.split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
  }

  @Test func `an unchanged sample changes no setting`() throws {
    try expectNeutral(ServerSetting.self)
    try expectNeutral(ClientSetting.self)
  }

  private func expectNeutral<Table: SettingsTable>(_ table: Table.Type) throws {
    let read = try Configuration<Table>(toml: try sample(table), file: Table.fileName)
    #expect(read == Configuration())
    #expect(read.headers.isEmpty)
  }

  @Test func `a sample has every key once with its default`() throws {
    try expectComplete(ServerSetting.self)
    try expectComplete(ClientSetting.self)
  }

  private func expectComplete<Table: SettingsTable>(_ table: Table.Type) throws {
    let text = uncommented(try sample(table)).filter { $0 != "#" }.joined(separator: "\n")
    let all = try Configuration<Table>(toml: text, file: Table.fileName)
    for key in Table.all {
      #expect(!all.paths(of: key).isEmpty, "\(key.name) is missing")
      if !Configuration<Table>.defaults.paths(of: key).isEmpty {
        #expect(key.isSame(all, .defaults), "\(key.name) is not the default")
      }
    }
  }

  @Test func `settings that need a restart are marked`() throws {
    try expectMarked(ServerSetting.self)
    try expectMarked(ClientSetting.self)
  }

  private func expectMarked<Table: SettingsTable>(_ table: Table.Type) throws {
    var comment = ""
    var header: [String] = []
    for line in uncommented(try sample(table)) {
      if line.hasPrefix("#") {
        comment += line
      } else if line.isEmpty {
        comment = ""
      } else {
        let entry = try #require(try TOMLDocument(line).entries.first)
        if entry.value == nil {
          header = entry.path
        } else {
          let key = try #require(Table.at(header + entry.path), "\(line)")
          #expect(comment.contains("(restart)") == !key.isLive, "\(line)")
        }
      }
    }
  }

  @Test func `the units in the text are those of the parser`() throws {
    let service = try String(contentsOf: resources.appendingPathComponent("swiftchat.service"), encoding: .utf8)
    for line in service.split(separator: "\n") where line.hasPrefix("Environment=") {
      for assignment in line.dropFirst("Environment=".count).split(separator: " ") {
        let name = String(assignment.prefix { $0 != "=" })
        #expect(name == "XDG_CONFIG_HOME" || ServerSetting.all.contains { $0.variable == name }, "\(name)")
      }
    }
    #expect(service.contains("RestartPreventExitStatus=64 \(ConfigurationError.exitCode)\n"))
    // An update of a large log takes longer than any limit, and would begin anew.
    #expect(service.contains("\nTimeoutStartSec=infinity\n"))
  }
}
