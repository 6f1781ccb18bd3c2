import ChatUI

/// Turns the bytes that a terminal sends into keys, pastes and reports.
///
/// However the stream was split, the same events come out, as long as no delay passes within a sequence. Understands
/// what xterm, rxvt, tmux, screen, the Linux console and their many relatives send, whatever `TERM` says. Unknown
/// sequences are swallowed whole. It holds a paste up to its limit, and otherwise a few bytes.
///
///     key      = [ESC] char | [ESC] ESC "[" param* final | [ESC] ESC "O" digit* letter | ESC ESC
///     paste    = ESC "[200~" any* ESC "[201~"
///     string   = ESC ("]" | "P") any* (ESC "\" | BEL)
struct InputDecoder: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// How long to wait for the rest of something before it is taken for what it is so far.
  struct Delays: Hashable, Sendable {
    /// After ESC, which may be the Escape key or the beginning of a sequence.
    var escape: Duration = .milliseconds(25)
    /// Within a sequence or a character. Nobody types those, so that a slow line may take its time.
    var sequence: Duration = .seconds(1)
    /// Within a paste.
    var paste: Duration = .seconds(1)
  }

  /// When `expire` wants to be called; nil while nothing is half read.
  private(set) var deadline: Instant?

  private let delays: Delays
  private var state = State.ground
  /// Not inside its state, because taking it out and putting it back would copy it for each byte.
  private var paste: PasteCollector
  /// The last paste was taken for over, because nothing came for a while.
  private var isPasteOverdue = false
  private var events: [TerminalEvent] = []

  /// - Parameter pasteLimit: how many bytes of one paste are kept.
  init(delays: Delays = Delays(), pasteLimit: Int = 256 * 1024) {
    self.delays = delays
    paste = PasteCollector(limit: pasteLimit)
  }

  /// In each of them, `isAlt` means that an additional ESC came first.
  private enum State {
    case ground
    /// The first bytes of a character in UTF-8.
    case character(ScalarAssembler, isAlt: Bool)
    /// Behind ESC.
    case escape(isAlt: Bool)
    /// Behind ESC `[`.
    case control(ControlSequence, isAlt: Bool)
    /// Behind ESC `[[`, which begins a function key of the Linux console.
    case consoleFunction(isAlt: Bool)
    /// Behind ESC `O`.
    case shifted(ShiftedSequence, isAlt: Bool)
    /// Behind ESC `]` or ESC `P`.
    case string(CommandString, isAlt: Bool)
    case paste
  }

  /// - Parameter now: when the bytes arrived.
  mutating func decode(_ bytes: some Sequence<UInt8>, at now: Instant) -> [TerminalEvent] {
    var isEmpty = true
    for byte in bytes {
      if isEmpty { resumePaste(count: bytes.underestimatedCount, first: byte) }
      isEmpty = false
      take(byte)
    }
    if !isEmpty { deadline = delay.map { now.advanced(by: $0) } }
    return takeEvents()
  }

  /// Takes what is half read for what it is, if its time has come. Read what is waiting first: when the program was
  /// busy, the rest may have arrived long ago.
  mutating func expire(at now: Instant) -> [TerminalEvent] {
    guard let deadline, now >= deadline else { return [] }
    self.deadline = nil
    giveUp()
    return takeEvents()
  }

  private mutating func takeEvents() -> [TerminalEvent] {
    defer { events = [] }
    return events
  }

  private var delay: Duration? {
    switch state {
    case .ground: nil
    case .escape: delays.escape
    case .control(let sequence, _): sequence.isEmpty ? delays.escape : delays.sequence
    case .shifted(let sequence, _): sequence.isEmpty ? delays.escape : delays.sequence
    case .string(let string, _): string.isEmpty ? delays.escape : delays.sequence
    case .character, .consoleFunction: delays.sequence
    case .paste: delays.paste
    }
  }

  private mutating func giveUp() {
    switch state {
    case .ground: break
    case .character: emit(Key(.character("\u{fffd}")))
    case .escape(let isAlt):
      if isAlt { emit(Key(.escape)) }
      emit(Key(.escape))
    case .control(let sequence, let isAlt): if sequence.isEmpty { emitAlt("[", isAlt) }
    case .shifted(let sequence, let isAlt): if sequence.isEmpty { emitAlt("o", isAlt) }
    case .string(let string, let isAlt): if string.isEmpty { emitAlt(string.key, isAlt) }
    case .consoleFunction: break
    case .paste:
      endPaste()
      isPasteOverdue = true
    }
    state = .ground
  }

  /// So many bytes at once, and no sequence, are rather the rest of a paste that a bad link held up than keys: an end of
  /// line in it must not act as Enter.
  private static let burst = 8

  private mutating func resumePaste(count: Int, first: UInt8) {
    guard isPasteOverdue else { return }
    isPasteOverdue = false
    if count >= Self.burst, first != .escape { state = .paste }
  }
}

// MARK: One byte

extension InputDecoder {
  private mutating func take(_ byte: UInt8) {
    switch state {
    case .ground: begin(byte)
    case .character(let assembler, let isAlt): takeCharacter(byte, assembler, isAlt)
    case .escape(let isAlt): takeEscaped(byte, isAlt)
    case .control(let sequence, let isAlt): takeControl(byte, sequence, isAlt)
    case .consoleFunction(let isAlt):
      state = .ground
      guard (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(byte) else { return begin(byte) }
      emit(Key(.function(Int(byte - UInt8(ascii: "A")) + 1)), isAlt: isAlt)
    case .shifted(let sequence, let isAlt): takeShifted(byte, sequence, isAlt)
    case .string(let string, let isAlt): takeString(byte, string, isAlt)
    case .paste: takePasted(byte)
    }
  }

  private mutating func begin(_ byte: UInt8) {
    state = byte == .escape ? .escape(isAlt: false) : .ground
    if byte != .escape { takePlain(byte, isAlt: false) }
  }

  private mutating func takePlain(_ byte: UInt8, isAlt: Bool) {
    state = .ground
    if byte < 0x80 {
      emit(Key(ascii: byte), isAlt: isAlt)
    } else if let assembler = ScalarAssembler(lead: byte) {
      state = .character(assembler, isAlt: isAlt)
    } else {
      emit(Key(.character("\u{fffd}")))
    }
  }

  private mutating func takeCharacter(_ byte: UInt8, _ assembler: ScalarAssembler, _ isAlt: Bool) {
    var assembler = assembler
    switch assembler.append(byte) {
    case .incomplete: state = .character(assembler, isAlt: isAlt)
    case .scalar(let scalar):
      state = .ground
      // C1 controls, which no key sends.
      if scalar.value >= 0xa0 { emit(Key(.character(Character(scalar))), isAlt: isAlt) }
    case .invalid:
      emit(Key(.character("\u{fffd}")))
      begin(byte)
    }
  }

  private mutating func takeEscaped(_ byte: UInt8, _ isAlt: Bool) {
    switch byte {
    case UInt8(ascii: "["): state = .control(ControlSequence(), isAlt: isAlt)
    case UInt8(ascii: "O"): state = .shifted(ShiftedSequence(), isAlt: isAlt)
    case UInt8(ascii: "]"), UInt8(ascii: "P"): state = .string(CommandString(introducer: byte), isAlt: isAlt)
    case .escape:
      if isAlt { emit(Key(.escape)) }
      state = .escape(isAlt: true)
    default:
      if isAlt { emit(Key(.escape)) }
      takePlain(byte, isAlt: true)
    }
  }

  private mutating func takeControl(_ byte: UInt8, _ sequence: ControlSequence, _ isAlt: Bool) {
    var sequence = sequence
    switch byte {
    case UInt8(ascii: "[") where sequence.isEmpty: state = .consoleFunction(isAlt: isAlt)
    case UInt8(ascii: "$") where sequence.isOneNumber, 0x40...0x7e:
      state = .ground
      finish(sequence.meaning(final: byte), isAlt)
    case 0x20...0x3f:
      sequence.append(byte)
      state = .control(sequence, isAlt: isAlt)
    default:
      // Nothing that belongs here: the sequence was cut off.
      if sequence.isEmpty { emitAlt("[", isAlt) }
      begin(byte)
    }
  }

  private mutating func finish(_ meaning: ControlSequence.Meaning?, _ isAlt: Bool) {
    switch meaning {
    case nil: break
    case .key(let key): emit(key, isAlt: isAlt)
    case .pasteBegins:
      if isAlt { emit(Key(.escape)) }
      state = .paste
    case .focus(let hasFocus):
      if isAlt { emit(Key(.escape)) }
      events.append(.focus(hasFocus))
    }
  }

  private mutating func takeShifted(_ byte: UInt8, _ sequence: ShiftedSequence, _ isAlt: Bool) {
    var sequence = sequence
    if sequence.append(byte) {
      state = .shifted(sequence, isAlt: isAlt)
    } else if let key = sequence.key(final: byte) {
      state = .ground
      emit(key, isAlt: isAlt)
    } else {
      if sequence.isEmpty { emitAlt("o", isAlt) }
      begin(byte)
    }
  }

  private mutating func takeString(_ byte: UInt8, _ string: CommandString, _ isAlt: Bool) {
    var string = string
    switch string.append(byte) {
    case .continues: state = .string(string, isAlt: isAlt)
    case .ended: state = .ground
    case .brokenOff: begin(byte)
    case .brokenOffByEscape:
      state = .escape(isAlt: false)
      take(byte)
    case .isKey:
      emitAlt(string.key, isAlt)
      begin(byte)
    }
  }

  private mutating func takePasted(_ byte: UInt8) {
    if byte == .interrupt {
      // The way out of a paste that never ends; terminals do not let this byte through from a clipboard.
      endPaste()
      begin(byte)
    } else if paste.append(byte) {
      endPaste()
    }
  }

  private mutating func endPaste() {
    state = .ground
    if let text = paste.finish() { events.append(.paste(text)) }
  }

  private mutating func emit(_ key: Key, isAlt: Bool = false) {
    events.append(.key(isAlt ? key.withAlt : key))
  }

  /// A sequence's beginning turned out to be a key with Alt.
  private mutating func emitAlt(_ character: Character, _ isEscapeFirst: Bool) {
    if isEscapeFirst { emit(Key(.escape)) }
    emit(.alt(character))
  }
}

extension UInt8 {
  static let escape: UInt8 = 0x1b
  static let interrupt: UInt8 = 0x03
}
