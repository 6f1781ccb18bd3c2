import ChatModel
import ChatProtocol
import TerminalTypes

/// The events of an interface from its start, so that another interface with the same events shows the same screen. The
/// parts are plain values for a file, which is untrusted input.
public enum Recording {
  /// The version of the format: a program reads only its own.
  public static let version = 1

  /// The state at the start.
  public struct Start: Codable, Sendable {
    /// `Recording.version`. Its name also tells what the file is.
    public var swiftchatRecording = Recording.version
    public var now: Timestamp
    public var size: Screen.Size
    var name: Nickname
    var server: Endpoint
    var offersHost: Bool
    var firstSend: UInt64
    var view: ViewSettings
    var preferences: Preferences
    var zone: RecordedZone
    /// The form of printed lines; nil for a screen.
    public var lineStyle: LineStyle?
    var memory: InterfaceMemory

    public init(
      _ settings: Interface.Settings, size: Screen.Size, now: Timestamp, memory: InterfaceMemory
    ) {
      self.now = now
      self.size = size
      name = settings.name
      server = settings.endpoint
      offersHost = settings.offersHost
      firstSend = settings.firstSend
      view = settings.view
      preferences = settings.preferences
      zone = RecordedZone(settings.localOffset, around: now)
      lineStyle = settings.lineStyle
      self.memory = memory
    }

    /// The interface at the start.
    public var interface: Interface {
      let settings = Interface.Settings(
        name: name, endpoint: server, offersHost: offersHost, firstSend: firstSend, view: view,
        preferences: preferences, lineStyle: lineStyle, localOffset: { [zone] in zone.offset(at: $0) })
      return Interface(settings: settings, size: size, now: now, memory: memory)
    }
  }

  /// Events that were applied together, between two screens.
  public struct Step: Codable, Sendable {
    public var time: Timestamp
    public var events: [InterfaceEvent]

    /// - Parameter events: secrets among them are left out.
    public init(time: Timestamp, events: [InterfaceEvent]) {
      self.time = time
      self.events = events.filter { event in
        switch event {
        // The interface ignores these two.
        case .server(_, .client(.token)), .server(_, .client(.pinned)): false
        default: true
        }
      }
    }
  }
}

extension Interface {
  /// Applies a step of a recording. The commands are not carried out.
  public mutating func play(_ step: Recording.Step) {
    _ = update(.time(step.time))
    for event in step.events { _ = update(event) }
    finishUpdates()
  }
}

/// A local time zone around the time of a recording.
struct RecordedZone: Codable, Hashable, Sendable {
  /// An offset from UTC in seconds, valid until the next period.
  private struct Period: Codable, Hashable {
    let from: Timestamp
    let offset: Int
  }

  private let first: Int
  private var periods: [Period] = []

  private static let day: Int64 = 86_400_000
  private static let minute: Int64 = 60_000
  /// In days. Older messages are shown with the offset of the earliest day.
  private static let before: Int64 = 800
  private static let after: Int64 = 30

  init(_ offset: LocalOffset, around now: Timestamp) {
    var time = now.milliseconds &- Self.before &* Self.day
    first = offset(Timestamp(milliseconds: time))
    var last = first
    for _ in 0..<(Self.before + Self.after) {
      let next = time &+ Self.day
      let new = offset(Timestamp(milliseconds: next))
      if new != last {
        var (low, high) = (time, next)
        while high &- low > Self.minute {
          let middle = low &+ (high &- low) / 2
          if offset(Timestamp(milliseconds: middle)) == last { low = middle } else { high = middle }
        }
        let change = high &- high % Self.minute
        periods.append(Period(from: Timestamp(milliseconds: change), offset: new))
        last = new
      }
      time = next
    }
  }

  /// At most 18 hours, so that a file cannot contain an offset that overflows.
  func offset(at time: Timestamp) -> Int {
    let offset = periods.last { $0.from <= time }?.offset ?? first
    return min(max(offset, -64_800), 64_800)
  }
}

extension Screen {
  /// The screen with a replacement for all characters that cannot be drawn safely: the texts of a recording may be
  /// anything.
  public var drawable: Screen {
    var screen = self
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        guard let character = self[row, column].character, character != " ",
          DisplayText.sanitize(String(character)) != String(character)
        else { continue }
        screen[row, column].character = "\u{fffd}"
      }
    }
    return screen
  }
}
