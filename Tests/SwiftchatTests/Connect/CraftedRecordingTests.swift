import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport
import Foundation
import TerminalTypes
import TestSupport
import Testing

@testable import swiftchat

/// Recordings that were made or changed by hand.
struct CraftedRecordingTests {
  private static let noon = Timestamp(milliseconds: 1_795_348_860_000)
  private static let mostNumber = 999_999_999_999_999_999

  private func server() throws -> Endpoint { try Endpoint("chat.example.org:4000") }

  private func start(_ firstSend: UInt64 = 1) throws -> Recording.Start {
    let settings = Interface.Settings(
      name: Nickname(testing: "neha"), endpoint: try server(), firstSend: firstSend, localOffset: { _ in 3600 })
    let memory = """
      {"current":0,"tabs":[{"target":"#lobby","epoch":"e1","cursor":3,"mark":2,"head":3,"isWhole":true,"messages":[
        {"author":"zoe","text":"hi","time":1795348860000,"sequence":3,"isTopic":false,"isOwn":false,"isMention":false}],
        "draft":"draft","history":["before"]}],
      "unconfirmed":[{"id":18446744073709551615,"target":"#lobby","text":"unsent","time":1795348860000,
        "wasTransmitted":false}]}
      """
    return Recording.Start(
      settings, size: Screen.Size(rows: 24, columns: 80), now: Self.noon,
      memory: try JSONDecoder().decode(InterfaceMemory.self, from: Data(memory.utf8)))
  }

  /// Events with numbers of every kind.
  private func events(_ random: inout SeededGenerator, over targets: MouseTargets) throws -> [InterfaceEvent] {
    let (zoe, server) = (Nickname(testing: "zoe"), try server())
    func said(_ number: Int) -> ChatMessage {
      ChatMessage(
        target: .lobby, author: zoe, text: "see http://a.example/\(number)", time: Self.noon, isOwn: false,
        sequence: number, id: number)
    }
    let (number, epoch) = (random.number(1...50), Epoch(testing: "e1"))
    let told: ClientEvent =
      random.pick([
        .online(Nickname(testing: "neha"), capabilities: .all), .connecting(server, attempt: number),
        .roster(.lobby, [Person(Nickname(testing: "neha")), Person(zoe, away: "lunch")]), .message(said(number)),
        .sendConfirmed(SendID(UInt64(number)), sequence: number, time: Self.noon), .redacted(.lobby, number, by: zoe),
        .synced(.lobby, epoch, head: number, mark: number), .older(.lobby, (1...9).map(said), hasMore: true),
        .marked(.lobby, number), .found(1, (1...9).map(said), hasMore: true, stoppedBefore: number),
        .rooms([RoomListing(name: .lobby, people: number, topic: "")]), .lag(.milliseconds(number), wasAsked: true),
        .offline(Outage(reason: "gone", retryIn: .seconds(number))),
      ])
    let area = random.pick([(row: 0, column: 2), (row: 5, column: 3), (row: 20, column: 30)])
    let place = Screen.Position(row: area.row, column: area.column)
    return [
      .server(server, .client(told)),
      random.pick([
        .mouse(MouseEvent(.press, at: place), over: targets), .mouse(MouseEvent(.wheelUp, at: place), over: targets),
        .resized(Screen.Size(rows: number, columns: number * 4)), .key(.character(random.flip() ? "x" : "/")),
        .key(Key(random.pick([.pageUp, .pageDown, .up, .down, .enter, .tab, .home, .end]))),
        .key(random.pick([.control("o"), .control("g"), .alt("s"), .alt("u"), .alt("1"), .control("r")])),
        .time(Timestamp(milliseconds: Self.noon.milliseconds + Int64(number) * 60_000)),
        .opened(
          ServerOpening(
            try Endpoint("home.example.org:4000"), as: zoe, memory: InterfaceMemory(), isShown: random.flip())),
      ]),
    ]
  }

  /// The lines of a file in which the mouse, keys and the network do a bit of everything.
  private func lines(_ random: inout SeededGenerator) throws -> [String] {
    let start = try start()
    var interface = start.interface
    var lines = [try RecordingFile.line(start)]
    var preferences = Preferences()
    preferences.usesMouse = true
    var events: [InterfaceEvent] = [.preferences(preferences)]
    for _ in 0..<30 {
      let step = Recording.Step(time: Self.noon, events: events)
      lines.append(try RecordingFile.line(step))
      interface.play(step)
      events = try self.events(&random, over: interface.render().mouseTargets)
    }
    return lines.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Replaces some of the numbers.
  private func changed(_ line: String, _ random: inout SeededGenerator) -> String {
    let numbers = [
      "0", "-1", "1", "17", "999999999999999999", "-999999999999999999", "1000000000000000000",
      "9223372036854775807", "-9223372036854775808", "18446744073709551615", "1e18", "0.5", "99999999999999999999999",
    ]
    var result = ""
    var (isInText, isInNumber) = (false, false)
    for character in line {
      if character == "\"" { isInText.toggle() }
      let isDigit = !isInText && (character.isNumber || character == "-")
      if isDigit, !isInNumber, random.number(0...9) == 0 {
        result += random.pick(numbers)
        // The rest of the digits.
        isInNumber = true
        result.append("\u{0}")
        continue
      }
      isInNumber = isDigit && isInNumber
      if isDigit, result.last == "\u{0}" { continue }
      if result.last == "\u{0}" { result.removeLast() }
      result.append(character)
    }
    return result.last == "\u{0}" ? String(result.dropLast()) : result
  }

  /// A trap ends the process: only the printed seed tells the recording.
  @Test(.computing) func `a recording with any numbers is refused or shown`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("crafted.jsonl")
    var refused = 0
    for seed in SeededGenerator.seeds(10) {
      var random = SeededGenerator(seed: seed)
      print("crafted recording: \(random)")
      let lines = try lines(&random)
      // The whole file, and then with changed numbers in one line.
      for count in 0...6 {
        var lines = lines
        let index = random.number(0...lines.count - 1)
        if count > 0 { lines[index] = changed(lines[index], &random) }
        try lines.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
        guard let contents = try? RecordingFile.read(path) else {
          try #require(count > 0, "\(random)")
          refused += 1
          continue
        }
        var interface = contents.start.interface
        for step in contents.steps {
          interface.play(step)
          try #require(!interface.render().screen.drawable.rows.isEmpty, "\(random)")
        }
      }
    }
    #expect(refused > 0)
  }

  private func isRead(_ lines: [String], in folder: TemporaryFolder) throws -> Bool {
    let path = folder.file("crafted.jsonl")
    try lines.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
    return (try? RecordingFile.read(path)) != nil
  }

  /// The line of a step, with a number in place of each 7.
  private func line(_ event: ClientEvent, number: String) throws -> String {
    let step = Recording.Step(time: Timestamp(milliseconds: 0), events: [.server(try server(), .client(event))])
    return String(decoding: try RecordingFile.line(step), as: UTF8.self).replacing("7", with: number)
  }

  @Test func `a number that could overflow makes a step damaged`() throws {
    let folder = try TemporaryFolder()
    let start = String(decoding: try RecordingFile.line(try start(1 << 62)), as: UTF8.self)
    #expect(try isRead([start], in: folder))
    for event in [.marked(.lobby, 7), .connecting(try server(), attempt: 7)] as [ClientEvent] {
      for (number, isAllowed) in [
        ("\(Self.mostNumber)", true), ("-\(Self.mostNumber)", true), ("\(Self.mostNumber + 1)", false),
        ("\(Int.max)", false), ("\(Int.min)", false), ("1e3", false), ("7.0", false),
      ] {
        #expect(try isRead([start, line(event, number: number)], in: folder) == isAllowed, "\(number)")
      }
    }
    // The numbers of messages have 64 bits.
    #expect(try isRead([start, line(.sending(SendID(7)), number: "\(UInt64.max)")], in: folder))
    #expect(try !isRead([start.replacing("\(Self.noon.milliseconds)", with: "\(Int.max)")], in: folder))
    // A duration of more seconds than have 64 bits.
    let lag = try line(.lag(.seconds(1), wasAsked: true), number: "7")
    #expect(try isRead([start, lag], in: folder))
    #expect(try !isRead([start, lag.replacing("[0,", with: "[\(Int.max),")], in: folder))
    #expect(lag.contains("[0,"))
  }
}
