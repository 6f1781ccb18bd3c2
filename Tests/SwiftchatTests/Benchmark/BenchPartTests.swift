import ArgumentParser
import ChatProtocol
import CommandSupport
import NIOCore
import Testing

@testable import Benchmark

/// Parts of the benchmarks, without a server.
@Suite struct BenchPartTests {
  @Test func `a server with several addresses is measured at the first that accepts`() throws {
    let addresses = try ["::1", "127.0.0.1", "127.0.0.2"].map { try SocketAddress(ipAddress: $0, port: 4000) }
    var tried: [SocketAddress] = []
    let found = try ServerAddress.first(of: addresses) { address in
      tried.append(address)
      if address == addresses[0] { throw Failure("refused") }
    }
    #expect(found == addresses[1])
    #expect(tried == [addresses[0], addresses[1]])
    #expect(throws: Failure.self) { try ServerAddress.first(of: addresses) { _ in throw Failure("refused") } }
  }

  @Test func `a single address is used without a connection before`() throws {
    let address = try SocketAddress(ipAddress: "127.0.0.1", port: 4000)
    let found = try ServerAddress.first(of: [address]) { _ in throw Failure("refused") }
    #expect(found == address)
  }

  @Test func `a client that waits for too long is reported`() {
    func time(_ seconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }
    var waits = LoginWaits()
    #expect(waits.isEmpty && waits.complaint(since: time(9)) == nil)
    waits.sentLogin(3, at: time(1))
    waits.sentLogin(4, at: time(2))
    #expect(!waits.isEmpty && waits.complaint(since: time(0)) == nil)
    #expect(waits.complaint(since: time(1)) == "b3 got no answer to LOGIN")
    waits.sentQuit(3, at: time(3))
    #expect(waits.complaint(since: time(1)) == nil)
    #expect(waits.complaint(since: time(2)) == "b4 got no answer to LOGIN")
    waits.sentQuit(4, at: time(3))
    waits.left(4)
    #expect(!waits.isEmpty && waits.complaint(since: time(2)) == nil)
    #expect(waits.complaint(since: time(3)) == "the server does not close after QUIT")
    waits.left(3)
    #expect(waits.isEmpty && waits.complaint(since: time(9)) == nil)
  }

  @Test(
    arguments: [
      (0, 5, "no PING was answered"), (1, 0, "no other client was served"), (1, 5, nil),
    ] as [(Int, Int, String?)])
  func `bench ping fails if nobody is answered or served`(answered: Int, served: Int, complaint: String?) throws {
    // A PING without an answer has a latency.
    let pings = PingClient.Answers(latencies: Histogram([5, 7]), answered: answered)
    let report = PingReport(
      options: try PingBench.parse([]), BusyCrowd.Outcome(pings: pings, served: served, seconds: 1))
    #expect(report.complaint == complaint)
    #expect(report.passed == (complaint == nil))
  }

  @Test func `a table leaves out what is not known`() {
    var table = Table("title")
    table.add("server CPU", nil)
    table.add("messages", "5/s")
    #expect(table.text == "title\n  messages  5/s")
  }

  @Test func `bench log has one figure for few messages that are indexed and merged`() {
    let work = LogReport.WorkMeasurement(messages: 1000, duration: .seconds(1))
    let report = LogReport(
      messages: 1000, rooms: 1, storedAlone: work, stored: work,
      indexing: LogReport.WorkMeasurement(messages: 0, duration: .zero), merging: work, page: nil, catchUp: work,
      searches: [], peakMemoryBytes: 0, complaint: nil)
    #expect(report.table.text.contains("\n  indexed and merged  1.0 s\n"), "\(report.table.text)")
  }

  @Test func `only the beginning of a line is kept`() {
    var lines = LineBeginnings(longest: 5)
    var heard: [String] = []
    func read(_ text: String) {
      Array(text.utf8).withUnsafeBytes { lines.read($0) { heard.append(String(decoding: $0, as: UTF8.self)) } }
    }
    read("one\nabcdefg\nabc")
    lines.longest = 2
    read("d\nabc\n")
    #expect(heard == ["one", "abcde", "abc", "ab"])
  }

  @Test func `bench screen reports the memory that is too much`() throws {
    func complaint(_ bytes: Int?) -> String? {
      ScrollbackReport(messages: 1000, memoryBytes: bytes, boundBytes: 48 << 20, reflowMicroseconds: nil).complaint
    }
    #expect(complaint(48 << 20) == nil && complaint(nil) == nil)
    #expect(complaint(50 << 20) == "1,000 messages take 50.0 MiB, more than 48.0 MiB")
    let report = ScreenReport(
      firstPaintMilliseconds: nil, connectedMilliseconds: nil, keyToPaintMilliseconds: nil, clientMemoryBytes: nil,
      idleCPUPercent: nil, floods: [], renders: [], scrollback: nil, complaint: "too much", passed: false)
    #expect(try report.jsonLine.contains(#""complaint":"too much""#))
  }

  @Test func `the help says what a running server has to allow`() {
    let help = Bench.helpMessage(for: IdleBench.self, includeHidden: false, columns: 1000)
    #expect(help.contains("start the server of --target with --idle-timeout 0"))
    #expect(help.contains("Messages stay there, and everybody who is logged in reads them."))
    #expect(help.contains("From another host, its limits for one address apply."))
    #expect(!help.contains("--patience"))
  }
}
