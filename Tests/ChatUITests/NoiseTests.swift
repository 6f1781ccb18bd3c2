import TestSupport
import ChatProtocol
import Testing

@testable import ChatUI

@Suite("Noise")
struct NoiseTests {
  private static let symbols: [Key.Symbol] = [
    .enter, .tab, .backspace, .delete, .escape, .insert, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown,
    .function(1), .function(6), .function(8), .function(11),
  ]
  private static let bound = KeyMap.standard.groups.flatMap(\.bindings).flatMap { $0.keys + $0.aliases }

  private func key(_ random: inout SeededGenerator) -> Key {
    switch random.number(0...3) {
    case 0: return random.pick(Self.bound)
    case 1: return Key(random.pick(Self.symbols), Key.Modifiers(rawValue: UInt8(random.number(0...7))))
    default:
      guard let character = random.rawText(upTo: 2).first else { return Key(.enter) }
      return Key(.character(character), random.number(0...9) == 0 ? .alt : [])
    }
  }

  private func network(_ random: inout SeededGenerator) -> NetworkEvent {
    let (name, text) = (random.name(), random.text())
    let id = SendID(UInt64(random.number(1...40)))
    let days = Int64(random.number(-3...3)) * 86_400_000
    let time = Timestamp(milliseconds: random.number(0...50) == 0 ? .max : Timestamp.noon.milliseconds + days)
    switch random.number(0...20) {
    case 0: return .connecting(place: text)
    case 1: return .online(name, place: text, isPlain: random.flip())
    case 2:
      return .offline(
        reason: text, retryIn: random.flip() ? .milliseconds(random.number(0...90_000)) : nil,
        isNobodyThere: random.flip())
    case 3: return .lag(.milliseconds(random.number(-5...100_000)), wasAsked: random.flip())
    case 4...8:
      return .roomMessage(author: name, text: text, time: time, answering: random.number(0...3) == 0 ? id : nil)
    case 9, 10:
      return .directMessage(
        author: name, with: random.name(), text: text, time: time, answering: random.number(0...3) == 0 ? id : nil)
    case 11: return .confirmed(id, at: time)
    case 12: return .failed(id, reason: text)
    case 13:
      return .roster((0..<random.number(0...40)).map { _ in Person(random.name(), away: random.flip() ? text : nil) })
    case 14: return .joined(name)
    case 15: return .left(name, reason: text)
    case 16: return .away(name, text: text)
    case 17: return .back(name)
    case 18: return .notice(text)
    case 19: return .messageOfTheDay(text)
    default: return random.flip() ? .alert(text) : .nameRefused(name, reason: text, suggestion: random.name())
    }
  }

  private func event(_ random: inout SeededGenerator) -> InterfaceEvent {
    switch random.number(0...19) {
    case 0: return .resized(Screen.Size(rows: random.number(1...60), columns: random.number(1...200)))
    case 1: return .paste((0..<random.number(1...8)).map { _ in random.rawText() }.joined(separator: "\n"))
    case 2: return .focused(random.flip())
    case 3:
      return .time(Timestamp(milliseconds: Timestamp.noon.milliseconds + Int64(random.number(-1000...10_000_000))))
    case 4: return .host(random.flip() ? .started(invitation: random.text()) : .failed(reason: random.text()))
    case 5...11: return .network(network(&random))
    default: return .key(key(&random))
    }
  }

  @Test("breaks neither the screen nor the program")
  func noise() throws {
    var random = SeededGenerator()
    for _ in 0..<10 {
      var interface = Interface(
        settings: Interface.Settings(
          name: random.name(), place: "localhost:4000", offersHost: random.flip(), localOffset: { _ in 3600 }),
        size: Screen.Size(rows: random.number(1...60), columns: random.number(1...200)), now: .noon)
      for _ in 0..<300 {
        let event = event(&random)
        _ = interface.update(event)
        let screen = interface.render()
        try #require(screen.size == interface.size)
        try #require(isWhole(screen), "\(random) after \(event):\n\(screen.rows.joined(separator: "\n"))")
        if let cursor = screen.cursor {
          try #require((0..<screen.size.rows).contains(cursor.row), "\(random)")
          try #require((0..<screen.size.columns).contains(cursor.column), "\(random)")
        }
        try #require(interface.tabs.tabs.indices.contains(interface.tabs.currentIndex), "\(random)")
      }
    }
  }

  /// Whether each cluster has exactly its cells.
  private func isWhole(_ screen: Screen) -> Bool {
    guard screen.cells.count == screen.size.rows * screen.size.columns else { return false }
    for row in 0..<screen.size.rows {
      var column = 0
      while column < screen.size.columns {
        guard let character = screen[row, column].character else { return false }
        let width = character.cellWidth
        guard width > 0, character.isDrawable, column + width <= screen.size.columns else { return false }
        for extra in 1..<max(width, 2) where extra < width && screen[row, column + extra].character != nil {
          return false
        }
        column += width
      }
    }
    return true
  }
}
