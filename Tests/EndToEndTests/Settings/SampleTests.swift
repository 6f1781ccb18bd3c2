import Foundation
import TestSupport
import Testing

@testable import swiftchat

/// The sample settings file.
@Suite(.interacting) struct SampleTests {
  private var resources: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Resources")
  }

  private func sample() throws -> String {
    try String(contentsOf: resources.appendingPathComponent("server.toml"), encoding: .utf8)
  }

  /// To renew the file: `swiftchat serve --sample-config > Resources/server.toml`.
  @Test func `the file is generated from the table of settings`() throws {
    #expect(try sample() == SampleFile.text)
    for line in SampleFile.text.split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
  }

  @Test func `the unchanged sample changes no setting`() throws {
    #expect(try ServerConfiguration(toml: try sample(), file: "server.toml") == ServerConfiguration())
  }

  @Test func `the sample has every key once with its default`() throws {
    // A key follows a # without a space, a sentence follows one with a space.
    let lines = try sample().split(separator: "\n").map { line in
      line.hasPrefix("#") && !line.hasPrefix("# ") ? String(line.dropFirst()) : String(line)
    }
    let all = try ServerConfiguration(toml: lines.joined(separator: "\n"), file: "server.toml")
    for key in Settings.all {
      #expect(key.isGiven(all), "\(key.name) is missing")
      if key.isGiven(.defaults) { #expect(key.isSame(all, .defaults), "\(key.name) is not the default") }
    }
  }

  @Test func `settings that need a restart are marked`() throws {
    var comment = ""
    var table = ""
    for line in try sample().split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("# ") {
        comment += line
      } else if line.hasPrefix("[") {
        table = line.dropFirst().dropLast() + "."
      } else if line.hasPrefix("#"), let end = line.firstIndex(of: " ") {
        let name = table + line[line.index(after: line.startIndex)..<end]
        let key = try #require(Settings.named(name), "\(name)")
        #expect(comment.contains("(restart)") == !key.isLive, "\(name)")
      } else if line.isEmpty {
        comment = ""
      }
    }
  }

  @Test func `the units in the text are those of the parser`() throws {
    let service = try String(contentsOf: resources.appendingPathComponent("swiftchat.service"), encoding: .utf8)
    for line in service.split(separator: "\n") where line.hasPrefix("Environment=") {
      for assignment in line.dropFirst("Environment=".count).split(separator: " ") {
        let name = String(assignment.prefix { $0 != "=" })
        #expect(name == "XDG_CONFIG_HOME" || Settings.all.contains { $0.variable == name }, "\(name)")
      }
    }
    #expect(service.contains("RestartPreventExitStatus=64 \(ConfigurationError.exitCode)\n"))
  }
}
