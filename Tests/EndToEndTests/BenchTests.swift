import Foundation
import TestSupport
import Testing

/// The benchmarks work as described. Their results depend on the machine and are not checked.
@Suite(.interacting, .serialized)
struct BenchTests {
  /// Runs a benchmark, and returns what it prints as a JSON object.
  private func measure(
    in workspace: Workspace, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [String: Any] {
    let child = try workspace.launch(try Binary.path(), ["bench"] + arguments + ["--json"])
    child.closeInput()
    let status = try await child.end()
    #expect(status == .exited(0), "\(child.report)", sourceLocation: sourceLocation)
    #expect(try remains(of: workspace).isEmpty, sourceLocation: sourceLocation)
    let object = try JSONSerialization.jsonObject(with: Data(child.output)) as? [String: Any]
    let report = try #require(object, "\(child.report)", sourceLocation: sourceLocation)
    #expect(report["passed"] as? Bool == true, sourceLocation: sourceLocation)
    #expect(report["complaint"] == nil, sourceLocation: sourceLocation)
    return report
  }

  /// The files in the folder in which the benchmarks create theirs.
  private func remains(of workspace: Workspace) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: workspace.temporary.path)
  }

  private static let fanout = ["fanout", "--clients", "5", "--senders", "2", "--window", "3", "--seconds", "0.1"]

  @Test func `bench fanout delivers every message to every client`() async throws {
    try await Workspace.use { workspace in
      let report = try await measure(in: workspace, Self.fanout + ["--bytes", "100"])
      let messages = try #require(report["checkedMessages"] as? Int)
      #expect(messages > 0)
      #expect(report["checkedDeliveries"] as? Int == 5 * messages)
      #expect(report["serverCPUSecondsPerMillionDeliveries"] != nil)
      #expect(report["latencyMicroseconds"] as? [String: Any] != nil)
    }
  }

  @Test(arguments: ["who", "history", "messages", "leave"])
  func `bench ping measures one client while others are busy`(load: String) async throws {
    try await Workspace.use { workspace in
      let report = try await measure(
        in: workspace, ["ping", "--load", load, "--clients", "20", "--tagged", "10", "--seconds", "0.5"])
      let latencies = try #require(report["pingMilliseconds"] as? [String: Any])
      #expect(latencies["samples"] as? Int ?? 0 > 0)
      #expect(report["answered"] as? Int ?? 0 > 0 && report["served"] as? Int ?? 0 > 0)
      #expect(report["load"] as? String == load)
    }
  }

  @Test func `bench fanout may be encrypted`() async throws {
    try await Workspace.use { workspace in
      let report = try await measure(in: workspace, Self.fanout + ["--tls"])
      #expect(report["isEncrypted"] as? Bool == true && report["passed"] as? Bool == true)
    }
  }

  @Test func `bench fanout measures a running server`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let place = ["--target", "\(server.port)"]
      let known = try await measure(in: workspace, Self.fanout + place + ["--pid", "\(server.processID)"])
      #expect(known["serverMemoryBytesPerConnection"] != nil)
      let unknown = try await measure(in: workspace, Self.fanout + place)
      #expect(unknown["serverMemoryBytesPerConnection"] == nil)
      #expect(server.status == nil)
    }
  }

  @Test(arguments: [
    ["ping", "--load", "history", "--clients", "4"], ["ping", "--load", "who", "--clients", "4", "--tagged", "2"],
    ["fanout", "--clients", "5", "--senders", "2", "--tagged", "3"],
    ["dm", "--pairs", "2", "--tagged", "3"],
  ])
  func `bench uses tags on a server with an idle timeout and a message of the day`(arguments: [String]) async throws {
    try await Workspace.use { workspace in
      let file = workspace.folder.appendingPathComponent("motd")
      // The long lines have the length of a message of `fanout` or `dm`, or end like one.
      let long = ["M", "D"].flatMap { letter in (69...75).map { String(repeating: letter, count: $0) } }
      try "Welcome.\n\nBe kind.\n\(long.joined(separator: "\n"))\n".write(to: file, atomically: true, encoding: .utf8)
      let server = try await ServerProcess.start(
        in: workspace, options: ["--motd", file.path, "--idle-timeout", "3600"])
      _ = try await measure(in: workspace, arguments + ["--seconds", "0.1", "--target", "\(server.port)"])
    }
  }

  @Test func `bench fanout detects messages of other clients`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let neha = try RawClient.connect(port: server.port)
      try await neha.send("LOGIN neha\n")
      try await neha.waitFor("OK\n")
      let arguments = ["bench"] + Self.fanout + ["--target", "127.0.0.1:\(server.port)", "--seconds", "30"]
      let child = try workspace.launch(try Binary.path(), arguments)
      try await neha.waitFor("MSG b00000 ")
      try await neha.send("MSG psst\n")
      #expect(try await child.end() == .exited(1), "\(child.report)")
      let errors = String(decoding: child.errors, as: UTF8.self)
      #expect(errors.hasPrefix("Error: client b0000"), "\(child.report)")
      #expect(errors.split(separator: "\n").count == 1, "\(child.report)")
    }
  }

  @Test(arguments: [0, 3, 5]) func `bench fanout may use tags`(tagged: Int) async throws {
    try await Workspace.use { workspace in
      let report = try await measure(in: workspace, Self.fanout + ["--tagged", "\(tagged)"])
      #expect((report["checkedMessages"] as? Int ?? 0) > 0 && report["tagged"] as? Int == tagged)
    }
  }

  @Test(arguments: [["--disk"], ["--tagged", "3"], ["--tls"]])
  func `bench dm delivers every message to the partner of its author`(options: [String]) async throws {
    try await Workspace.use { workspace in
      let report = try await measure(
        in: workspace, ["dm", "--pairs", "2", "--window", "3", "--seconds", "0.1"] + options)
      #expect((report["checkedMessages"] as? Int ?? 0) > 0)
      #expect(report["latencyMicroseconds"] as? [String: Any] != nil)
      #expect(report["serverCPUSecondsPerMillionMessages"] != nil)
    }
  }

  @Test(arguments: [[], ["--disk"], ["--tls"]]) func `bench connect logs in`(options: [String]) async throws {
    try await Workspace.use { workspace in
      let report = try await measure(in: workspace, ["connect", "--clients", "5", "--seconds", "0.1"] + options)
      #expect((report["logins"] as? Int ?? 0) > 0)
      #expect(report["serverCPUMicrosecondsPerLogin"] != nil)
    }
  }

  @Test func `bench cluster delivers messages in one order on all servers`() async throws {
    let database = try await onOwnThread { try PostgresServer.shared.get().database() }
    try await Workspace.use { workspace in
      let size = ["--servers", "2", "--clients", "6", "--senders", "3", "--seconds", "0.1"]
      let report = try await measure(in: workspace, ["cluster", "--store", database.url()] + size)
      #expect((report["checkedMessages"] as? Int ?? 0) > 0 && report["servers"] as? Int == 2)
      #expect(report["latencyMicroseconds"] as? [String: Any] != nil)
    }
  }

  @Test func `bench connect reports a login that is refused`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let neha = try RawClient.connect(port: server.port)
      try await neha.send("LOGIN b1\n")
      try await neha.waitFor("OK\n")
      let arguments = ["bench", "connect", "--clients", "2", "--seconds", "30", "--target", "\(server.port)"]
      let child = try workspace.launch(try Binary.path(), arguments)
      #expect(try await child.end() == .exited(1), "\(child.report)")
      #expect(
        String(decoding: child.errors, as: UTF8.self) == "Error: b1 cannot log in: 'ERR username-taken'\n",
        "\(child.report)")
    }
  }

  @Test(arguments: [[], ["--tls"]]) func `bench history reads every message`(options: [String]) async throws {
    try await Workspace.use { workspace in
      let size = ["--messages", "1200", "--readers", "2", "--seconds", "0.1"]
      let report = try await measure(in: workspace, ["history"] + size + options)
      #expect((report["catchUpMilliseconds"] as? [String: Any])?["samples"] as? Int == 2)
      #expect((report["pageMilliseconds"] as? [String: Any])?["samples"] as? Int ?? 0 >= 2)
      #expect(report["serverCPUSecondsPerMillionMessages"] != nil && report["serverCPUMicrosecondsPerPage"] != nil)
    }
  }

  @Test func `bench history detects messages of other clients`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace, options: ["--data", workspace.data.path + "/log"])
      let neha = try RawClient.connect(port: server.port)
      try await neha.send("LOGIN neha\n")
      try await neha.waitFor("OK\n")
      let arguments = ["bench", "history", "--messages", "20000", "--target", "127.0.0.1:\(server.port)"]
      let child = try workspace.launch(try Binary.path(), arguments)
      try await neha.waitFor("MSG h0 ")
      try await neha.send("MSG psst\n")
      #expect(try await child.end() == .exited(1), "\(child.report)")
      let errors = String(decoding: child.errors, as: UTF8.self)
      #expect(errors.contains(" is not the one that was written"), "\(child.report)")
      #expect(errors.contains("MSG neha psst"), "\(child.report)")
      #expect(errors.split(separator: "\n").count == 1, "\(child.report)")
    }
  }

  @Test func `bench idle keeps all clients silent`() async throws {
    try await Workspace.use { workspace in
      let report = try await measure(in: workspace, ["idle", "--clients", "70", "--seconds", "0.1"])
      #expect(report["clients"] as? Int == 70)
      #expect(report["serverMemory"] as? [String: Any] != nil)
    }
  }

  @Test func `bench log accepts rooms without messages`() async throws {
    try await Workspace.use { workspace in
      let report = try await measure(in: workspace, ["log", "--messages", "1000", "--rooms", "1000"])
      #expect(report["indexedPerSecond"] == nil && report["mergeSeconds"] != nil)
      let searches = try #require(report["searches"] as? [[String: Any]])
      #expect(searches.last?["name"] as? String == "a rare word, 1,000 not indexed")
      #expect(searches.contains { $0["found"] as? Int == 50 })
    }
  }

  @Test func `bench screen receives its keys`() async throws {
    try await Workspace.use { workspace in
      let report = try await measure(
        in: workspace, ["screen", "--runs", "2", "--keys", "60", "--frames", "2", "--messages", "20000"])
      for (key, samples) in [
        ("firstPaintMilliseconds", 2), ("connectedMilliseconds", 2), ("keyToPaintMilliseconds", 60),
      ] {
        #expect((report[key] as? [String: Any])?["samples"] as? Int == samples, "\(key)")
      }
      #expect((report["renders"] as? [Any])?.count == 2)
      let floods = try #require(report["floods"] as? [[String: Any]])
      #expect(floods.map { $0["messagesPerSecond"] as? Int } == [1000, 10_000])
      for flood in floods {
        #expect((flood["keyToPaintMilliseconds"] as? [String: Any])?["samples"] as? Int == 60)
        #expect((flood["bytesPerMessage"] as? Double ?? 0) > 0)
      }
      let scrollback = try #require(report["scrollback"] as? [String: Any])
      #expect(scrollback["messages"] as? Int == 20_000)
      #expect((scrollback["reflowMicroseconds"] as? [String: Any])?["samples"] as? Int == 2)
    }
  }

  @Test func `without --json the result is a table`() async throws {
    try await Workspace.use { workspace in
      let child = try workspace.launch(try Binary.path(), ["bench"] + Self.fanout)
      #expect(try await child.end() == .exited(0), "\(child.report)")
      let output = String(decoding: child.output, as: UTF8.self)
      #expect(output.hasPrefix("fanout: 5 clients, 2 of them with 3 messages under way each, texts of 64 bytes"))
      #expect(output.contains(" deliveries of "))
    }
  }

  @Test func `a killed benchmark leaves no server behind`() async throws {
    try await Workspace.use { workspace in
      let child = try workspace.launch(try Binary.path(), ["bench", "idle", "--clients", "3", "--seconds", "600"])
      let server = try #require(
        try await Patience.answer { try children(of: child.processID).first }, "\(child.report)")
      child.signal(SIGKILL)
      try await Patience.expectGone(server)
    }
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func `an interrupted benchmark leaves nothing behind`(signal: Int32)
    async throws
  {
    try await Workspace.use { workspace in
      let child = try workspace.launch(try Binary.path(), ["bench", "idle", "--clients", "3", "--seconds", "600"])
      let folder = try await Patience.answer { try remains(of: workspace).first }
      try #require(folder != nil, "\(child.report)")
      child.signal(signal)
      #expect(try await child.end() == .exited(128 + signal), "\(child.report)")
      #expect(try remains(of: workspace).isEmpty)
    }
  }

  @Test(arguments: [
    (["fanout", "--senders", "101"], "--senders must be between 1 and 100."),
    (["fanout", "--bytes", "15"], "--bytes must be between 16 and 4000."),
    (["fanout", "--seconds", "nan"], "--seconds must be between 0.1 and 3600."),
    (["dm", "--pairs", "30000", "--window", "167"], "--window must be between 1 and 166."),
    (
      ["fanout", "--clients", "1000", "--senders", "1000", "--window", "219", "--bytes", "4000"],
      "--window must be between 1 and 218."
    ),
    (["fanout", "--pid", "1"], "--pid says nothing without --target."),
    (["fanout", "--tagged", "101"], "--tagged must be between 0 and 100."),
    (["fanout", "--target", "h:0"], "The value 'h:0' is invalid for '--target"),
    (["dm", "--disk", "--target", "4000"], "--disk is for a server of its own, without --target."),
    (["dm", "--pairs", "30001"], "--pairs must be between 1 and 30000."),
    (["connect", "--clients", "0"], "--clients must be between 1 and 10000."),
    (["history", "--messages", "999"], "--messages must be between 1000 and 10000000."),
    (["idle", "--clients", "0"], "--clients must be between 1 and 60000."),
    (["screen", "--keys", "0"], "--keys must be between 1 and"),
  ])
  func `wrong usage of bench is an error`(arguments: [String], complaint: String) async throws {
    try await Workspace.use { workspace in
      let child = try workspace.launch(try Binary.path(), ["bench"] + arguments)
      #expect(try await child.end() == .exited(64), "\(child.report)")
      #expect(String(decoding: child.errors, as: UTF8.self).contains(complaint), "\(child.report)")
    }
  }

  @Test func `without a server the error says so`() async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      let child = try workspace.launch(try Binary.path(), ["bench"] + Self.fanout + ["--target", "\(reserved.number)"])
      #expect(try await child.end() == .exited(1), "\(child.report)")
      #expect(String(decoding: child.errors, as: UTF8.self).contains("cannot connect to the server"))
    }
  }
}
