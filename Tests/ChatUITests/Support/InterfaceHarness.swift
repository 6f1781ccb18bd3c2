import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// A screen with a simulated user and network. It is 12:01 UTC on a Sunday unless the clock is set.
struct InterfaceHarness {
  private(set) var interface: Interface
  /// The server that sends the events, and whose memory `memory` is.
  var server = Endpoint.local
  /// The memories of the client sessions, which the program stores.
  private var sessions: [Endpoint: ClientMemory]
  /// The commands since the last `takeCommands`.
  private var commands: [ServerCommand] = []

  init(
    _ columns: Int, _ rows: Int, name: String = "neha", isNameGiven: Bool = false, offersHost: Bool = false,
    offset: Int = 0, firstSend: UInt64 = 1, memory: InterfaceMemory = InterfaceMemory(), reportsFocus: Bool = true,
    lineStyle: LineStyle? = nil
  ) {
    interface = Interface(
      settings: Interface.Settings(
        name: Nickname(testing: name), endpoint: .local, isNameGiven: isNameGiven, offersHost: offersHost,
        firstSend: firstSend, lineStyle: lineStyle, localOffset: { _ in offset }),
      size: Screen.Size(rows: rows, columns: columns), now: .noon, memory: memory)
    sessions = [.local: ClientMemory(unconfirmed: memory.checked.unconfirmed.compactMap(\.message))]
    // The terminal reports focus changes, and has the focus.
    if reportsFocus { focus(true) }
  }

  /// A connected client, with these users online.
  static func online(
    _ columns: Int, _ rows: Int, name: String = "neha", with people: [String] = [], isOperator: Bool = false,
    reportsFocus: Bool = true, capabilities: Capabilities = .all
  ) -> InterfaceHarness {
    var harness = InterfaceHarness(columns, rows, name: name, reportsFocus: reportsFocus)
    harness.goOnline(as: name, isOperator: isOperator, capabilities: capabilities)
    harness.receive(.roster(.lobby, ([name] + people).map { Person(Nickname(testing: $0)) }))
    return harness
  }

  // MARK: Events

  /// The server accepts the login.
  mutating func goOnline(
    as name: String = "neha", isEncrypted: Bool = true, isOperator: Bool = false, capabilities: Capabilities = .all
  ) {
    receive(
      .online(
        Nickname(testing: name), capabilities: capabilities,
        standing: Standing(isEncrypted: isEncrypted, isOwned: isEncrypted, isOperator: isOperator)))
  }

  mutating func update(_ events: InterfaceEvent...) {
    for event in events {
      let new = interface.update(event)
      sessions.follow(event, new, at: interface.now)
      commands += new
    }
    interface.finishUpdates()
  }

  mutating func receive(_ events: ClientEvent...) { events.forEach { update(.server(server, .client($0))) } }

  /// The program opens another server, which sends the events from now on.
  mutating func open(
    _ server: String, name: String = "neha", memory: InterfaceMemory = InterfaceMemory(), isShown: Bool = true
  ) {
    self.server = Endpoint(testing: server)
    let name = Nickname(testing: name)
    update(.opened(ServerOpening(self.server, as: name, memory: memory.checked, isShown: isShown)))
  }

  /// The program closes a server.
  mutating func close(_ server: String) { update(.closed(Endpoint(testing: server))) }

  mutating func type(_ text: String) { text.forEach { update(.key(.character($0))) } }

  /// Presses keys, named as in the help: `Ctrl+N`, `Alt+←`, `PgUp`.
  mutating func press(_ names: String..., sourceLocation: SourceLocation = #_sourceLocation) {
    for name in names {
      guard let key = Key(named: name) else {
        Issue.record("no key is called \(name)", sourceLocation: sourceLocation)
        continue
      }
      update(.key(key))
    }
  }

  /// Types a line and presses Enter.
  mutating func enter(_ text: String) {
    guard !interface.printsLines else { return update(.line(text)) }
    type(text)
    press("Enter")
  }

  /// Clicks on the first cell of a text on the screen.
  mutating func click(_ text: String, fromRow first: Int = 0, sourceLocation: SourceLocation = #_sourceLocation) {
    let place = position(of: text, fromRow: first, sourceLocation: sourceLocation)
    click(row: place.row, column: place.column)
  }

  /// - Parameter targets: nil for those of the present screen.
  mutating func click(row: Int, column: Int, over targets: MouseTargets? = nil) {
    mouse(.press, at: Screen.Position(row: row, column: column), over: targets)
  }

  /// Turns the wheel by one notch, in the middle of the screen.
  mutating func turnWheel(up: Bool) {
    let size = interface.size
    mouse(up ? .wheelUp : .wheelDown, at: Screen.Position(row: size.rows / 2, column: size.columns / 2))
  }

  private mutating func mouse(
    _ action: MouseEvent.Action, at position: Screen.Position, over targets: MouseTargets? = nil
  ) {
    update(.mouse(MouseEvent(action, at: position), over: targets ?? interface.render().mouseTargets))
  }

  /// The place of a text on the screen.
  func position(
    of text: String, fromRow first: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) -> Screen.Position {
    for (row, shown) in screen.rows.enumerated().dropFirst(first) {
      guard let range = shown.firstRange(of: text) else { continue }
      return Screen.Position(row: row, column: String(shown[..<range.lowerBound]).cellWidth)
    }
    Issue.record(
      "“\(text)” is not on the screen:\n\(screen.rows.joined(separator: "\n"))", sourceLocation: sourceLocation)
    return Screen.Position(row: -1, column: -1)
  }

  /// The program starts the editor, and gives it this text.
  mutating func textToCompose() -> String { interface.takeTextToCompose() }

  mutating func paste(_ text: String) { update(.paste(text)) }
  mutating func resize(_ columns: Int, _ rows: Int) { update(.resized(Screen.Size(rows: rows, columns: columns))) }
  mutating func focus(_ isFocused: Bool) { update(.focused(isFocused)) }
  mutating func advanceClock(by seconds: Int64) {
    update(.time(Timestamp(milliseconds: interface.now.milliseconds + seconds * 1000)))
  }

  /// A message arrives in a room, with the current time unless another one is given.
  mutating func receiveMessage(
    from author: String, _ text: String, in room: String = "#lobby", answering id: SendID? = nil, sequence: Int? = nil,
    kind: MessageKind = .text, at time: Timestamp? = nil, isBacklog: Bool = false
  ) {
    let author = Nickname(testing: author)
    let message = ChatMessage(
      target: Target(testing: room), kind: kind, author: author, text: text, time: time ?? interface.now,
      isOwn: author == interface.name, answersSend: id, sequence: sequence, id: sequence, isBacklog: isBacklog)
    receive(.message(message))
  }

  /// A direct message arrives, with the current time.
  mutating func receiveDirectMessage(from author: String, _ text: String, sequence: Int? = nil) {
    receiveMessage(from: author, text, in: "@\(author)", sequence: sequence)
  }

  /// The server sends the head of a conversation.
  mutating func receiveHead(_ target: String = "#lobby", epoch: String = "e1", head: Int, mark: Int? = nil) {
    receive(.synced(Target(testing: target), Epoch(testing: epoch), head: head, mark: mark))
  }

  /// A page of history arrives.
  mutating func receivePage(
    _ numbers: some Sequence<Int>, in target: String = "#lobby", by author: String = "zoe", hasMore: Bool = true
  ) {
    receive(.older(Target(testing: target), numbers.map { .numbered($0, in: target, by: author) }, hasMore: hasMore))
  }

  /// Messages arrive that were missed while offline.
  mutating func receiveMissed(_ numbers: ClosedRange<Int>, in target: String = "#lobby", by author: String = "zoe") {
    for number in numbers {
      var message = ChatMessage.numbered(number, in: target, by: author)
      message.isBacklog = true
      receive(.message(message))
    }
  }

  mutating func receiveJoin(_ names: String..., room: String = "#lobby") {
    names.forEach { receive(.joined(Nickname(testing: $0), RoomName(testing: room))) }
  }
  mutating func receiveLeave(_ name: String, _ reason: String = "said goodbye", room: String = "#lobby") {
    receive(.left(Nickname(testing: name), RoomName(testing: room), reason: reason))
  }

  // MARK: Results

  /// Removes and returns the commands since the last call.
  mutating func takeCommands() -> [InterfaceCommand] { takeServerCommands().map(\.command) }

  /// The same, with their servers.
  mutating func takeServerCommands() -> [ServerCommand] {
    defer { commands = [] }
    return commands
  }

  /// The sent messages among the commands since the last call.
  mutating func takeSends() -> [(id: SendID, to: Target, text: String)] {
    takeCommands().compactMap { if case .client(.say(let id, let to, let text)) = $0 { (id, to, text) } else { nil } }
  }

  /// The number of times the bell rang, among the commands since the last call.
  mutating func takeBells() -> Int { takeCommands().count { $0 == .bell } }

  /// Removes and returns the lines printed since the last call, by a client that prints lines.
  mutating func takeLines() -> [String] { interface.takeLines() }

  /// The state of the server that is saved; empty if it is closed.
  var memory: InterfaceMemory {
    interface.memory(of: server, unconfirmed: sessions[server]?.unconfirmed ?? []) ?? InterfaceMemory()
  }
  var screen: Screen { interface.render().screen }
  var input: String { interface.tabs.current.editor.text }
  /// The tabs in the first row, without what is on their right.
  var tabBar: String {
    var screen = Screen(size: interface.size)
    let room = interface.size.columns - (interface.layout.heading == nil ? 0 : interface.helpHint.count + 2)
    let area = interface.layout.tabBar
    _ = TabBar.draw(interface.tabBar.texts(in: area, room: room), on: &screen, in: area)
    let (drawn, shown) = (screen.rows[0], self.screen.rows[0])
    return shown.hasPrefix(drawn) ? drawn : shown
  }
  var statusRow: String {
    let rows = screen.rows
    return rows[interface.layout.status.row]
  }

  /// The non-empty rows of the pane.
  var pane: [String] {
    let (screen, area) = (screen, interface.layout.pane)
    return (area.row..<area.row + area.rows).map { row in
      var text = ""
      for column in 0..<area.columns { if let character = screen[row, column].character { text.append(character) } }
      while text.last == " " { text.removeLast() }
      return text
    }.filter { !$0.isEmpty }
  }

  /// The numbers at the ends of the rows of the pane.
  var numbersInPane: [Int] { pane.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } } }

  /// Compares with a drawing, row by row and without trailing blanks; rows that the drawing lacks are empty.
  func expectScreen(_ drawing: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let shown = screen.rows
    var drawn = drawing.split(separator: "\n", omittingEmptySubsequences: false).map { row in
      var row = row
      while row.last == " " { row.removeLast() }
      return String(row)
    }
    while drawn.count < shown.count { drawn.append("") }
    guard drawn != shown else { return }
    Issue.record(
      "drawn:\n\(drawn.joined(separator: "\n"))\nshown:\n\(shown.joined(separator: "\n"))\n(end)",
      sourceLocation: sourceLocation)
  }

  /// The style of the first cell of a text on the screen; nil if the text is not there.
  func style(of text: String, fromRow first: Int = 0) -> Style? {
    let screen = screen
    for row in first..<screen.size.rows {
      for column in 0..<screen.size.columns {
        var rest = text[...]
        var next = column
        while let character = rest.first, screen[row, next].character == character, next < screen.size.columns {
          rest.removeFirst()
          next += max(character.cellWidth, 1)
        }
        if rest.isEmpty { return screen[row, column].style }
      }
    }
    return nil
  }
}

extension [Endpoint: ClientMemory] {
  /// Notes an event of the interface and the commands that answer it, as the program does.
  mutating func follow(_ event: InterfaceEvent, _ commands: [ServerCommand], at time: Timestamp) {
    switch event {
    case .server(let server, .client(let event)): self[server]?.note(event)
    case .server(let server, .recovered(let messages)): self[server]?.note(.takeOver(messages), at: time)
    case .opened(let opening):
      guard self[opening.endpoint] == nil else { break }
      self[opening.endpoint] = ClientMemory(unconfirmed: opening.memory.unconfirmed.compactMap(\.message))
    // The last server stays open.
    case .closed(let server) where count > 1: self[server] = nil
    default: break
    }
    for case let (server, .client(command)) in commands.map({ ($0.server, $0.command) }) {
      self[server]?.note(command, at: time)
    }
  }
}

// Events of the server that the harness is connected to at the start.
extension InterfaceEvent {
  static func client(_ event: ClientEvent) -> InterfaceEvent { .server(.local, .client(event)) }
  static func host(_ event: HostEvent) -> InterfaceEvent { .server(.local, .host(event)) }
  static var saved: InterfaceEvent { .server(.local, .saved) }
  static func saveFailed(reason: String, isLeaving: Bool) -> InterfaceEvent {
    .server(.local, .saveFailed(reason: reason, isLeaving: isLeaving))
  }
  static func recovered(_ messages: [OutgoingMessage]) -> InterfaceEvent { .server(.local, .recovered(messages)) }
}

extension Timestamp {
  /// Sunday, 22 November 2026, 12:01 UTC.
  static let noon = Timestamp(milliseconds: 1_795_348_860_000)
}

extension Endpoint {
  static let local = Endpoint(testing: "localhost:4000")

  init(testing text: String) {
    guard let endpoint = try? Endpoint(text) else { preconditionFailure("\(text) is no endpoint") }
    self = endpoint
  }
}

extension ChatMessage {
  /// A message whose text is its number. Message 0 was sent an hour before noon, each further message one second after
  /// the previous one.
  static func numbered(_ number: Int, in target: String = "#lobby", by author: String = "zoe") -> ChatMessage {
    let time = Timestamp(milliseconds: Timestamp.noon.milliseconds - 3_600_000 + Int64(number) * 1000)
    return ChatMessage(
      target: Target(testing: target), author: Nickname(testing: author), text: "\(number)", time: time,
      isOwn: author == "neha", sequence: number, id: number)
  }
}

extension [ChatMessage] {
  /// Numbered messages whose text is `disk full, 1`, the newest first, as the server finds them.
  static func found(_ numbers: ClosedRange<Int>, in target: String = "#lobby") -> [ChatMessage] {
    numbers.reversed().map { number in
      var message = ChatMessage.numbered(number, in: target)
      message.text = "disk full, \(number)"
      return message
    }
  }
}

extension Target {
  static let garden = Target(testing: "#garden")
}

extension Capabilities {
  /// Those of a server that takes only single lines.
  static let singleLines = Capabilities.all.subtracting(.lines)
}
