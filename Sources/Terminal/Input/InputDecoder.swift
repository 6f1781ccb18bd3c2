import TerminalTypes

/// Decodes the bytes that a terminal sends into keys, pastes and reports.
///
/// The events do not depend on how the stream is split, as long as no delay expires within a sequence. The decoder
/// understands xterm, rxvt, tmux, screen, the Linux console and their many relatives, for any value of `TERM`. Unknown
/// sequences are dropped as a whole, and so are control strings, which no key sends. Memory use is bounded: a paste up
/// to its limit, otherwise a few bytes.
///
///     key      = [ESC] char | [ESC] CSI param* final | [ESC] SS3 digit* letter | ESC ESC
///     paste    = CSI "200~" any* CSI "201~" | several lines that arrive at once
///     mouse    = CSI "<" number ";" number ";" number ("M" | "m") | CSI "M" any any any
///     string   = (OSC | DCS | APC | PM | SOS) any* (ST | BEL)
///
/// Each of CSI, SS3, OSC … is ESC and one more byte, or the C1 control of that meaning.
struct InputDecoder: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// The time to wait for the rest of an incomplete sequence before decoding the bytes so far.
  struct Delays: Hashable, Sendable {
    /// After ESC, which may be the Escape key or the beginning of a sequence.
    var escape: Duration = .milliseconds(25)
    /// Within a sequence or a character. These are not typed, so that a slow connection may take its time.
    var sequence: Duration = .seconds(1)
    /// Within a paste with markers.
    var paste: Duration = .seconds(1)
    /// Within a paste without markers.
    var unmarkedPaste: Duration = .milliseconds(100)
    /// The time during which the rest of an abandoned sequence is still recognised.
    var rest: Duration = .seconds(10)
  }

  /// When to call `expire`; nil if nothing is incomplete.
  private(set) var deadline: Instant?

  private let delays: Delays
  private let erase: UInt8
  private var state = State.ground
  /// Not part of `state`, because each byte would copy it on extraction.
  private var paste: PasteCollector
  /// The sequence that was given up last, in case its rest arrives.
  private var overdue: Overdue?
  /// Whether the bytes being decoded arrived at once and contain several lines.
  private var isBurst = false
  private var background: RGB?
  private var events: [TerminalEvent] = []

  /// - Parameters:
  ///   - erase: the byte that Backspace sends: 0x7f or 0x08.
  ///   - pasteLimit: the bytes kept of one paste: more than the input takes, which reports the truncation.
  init(delays: Delays = Delays(), erase: UInt8 = .delete, pasteLimit: Int = 1 << 20) {
    self.delays = delays
    self.erase = erase == .backspace ? .backspace : .delete
    paste = PasteCollector(limit: pasteLimit)
  }

  /// `isAlt` means that an additional ESC came first.
  private enum State {
    case ground
    /// Within a UTF-8 character.
    case character(ScalarAssembler, isAlt: Bool)
    /// After ESC.
    case escape(isAlt: Bool)
    /// After ESC `[`.
    case control(ControlSequence, isAlt: Bool)
    /// After ESC `[[`, which begins a function key of the Linux console.
    case consoleFunction(isAlt: Bool)
    /// After ESC `O`.
    case shifted(ShiftedSequence, isAlt: Bool)
    /// After ESC `]`, ESC `P` and the other string introducers.
    case string(CommandString, isAlt: Bool)
    /// Within a mouse report of the old form, with this number of bytes missing. A crashed program may have left such
    /// reports on.
    case mouse(Int)
    case paste(isMarked: Bool)
  }

  private struct Overdue {
    var state: State
    var until: Instant
  }

  /// - Parameter now: the arrival time of the bytes.
  mutating func decode(_ bytes: some Sequence<UInt8>, at now: Instant) -> [TerminalEvent] {
    let bytes = Array(bytes)
    guard !bytes.isEmpty else { return takeEvents() }
    resume(with: bytes, at: now)
    let previous = isWithinString ? deadline : nil
    isBurst = mayBeginPaste(bytes) && Self.isSeveralLines(bytes[...])
    for (index, byte) in bytes.enumerated() {
      let isSequence = isWithinSequence
      take(byte)
      // A paste may come together with a report: a click pastes, and gives the terminal the focus.
      if isSequence, !isBurst, case .ground = state { isBurst = Self.isSeveralLines(bytes[(index + 1)...]) }
    }
    isBurst = false
    deadline = delay.map { now.advanced(by: $0) }
    // A truncated string must end although the user types on: single keys do not extend its deadline.
    if isWithinString, bytes.count < Self.burst, let previous { deadline = previous }
    return takeEvents()
  }

  /// Returns and clears the terminal's background colour if the latest bytes reported it.
  mutating func takeBackground() -> RGB? {
    defer { background = nil }
    return background
  }

  /// Decodes an incomplete sequence as what it is so far, if its deadline has passed. Read waiting input first: if the
  /// program was busy, the rest may have arrived long ago.
  mutating func expire(at now: Instant) -> [TerminalEvent] {
    guard let deadline, now >= deadline else { return [] }
    self.deadline = nil
    giveUp(at: now)
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
    case .control(let sequence, _): sequence.canBeKey ? delays.escape : delays.sequence
    case .shifted(let sequence, _): sequence.canBeKey ? delays.escape : delays.sequence
    case .string(let string, _): string.canBeKey ? delays.escape : delays.sequence
    case .character, .consoleFunction, .mouse: delays.sequence
    case .paste(let isMarked): isMarked ? delays.paste : delays.unmarkedPaste
    }
  }

  /// Whether the bytes neither continue nor begin a sequence. A C1 control begins one, as ESC does.
  private func mayBeginPaste(_ bytes: [UInt8]) -> Bool {
    switch state {
    case .ground:
      let first = bytes[0] == 0xc2 ? bytes.dropFirst().first : bytes[0]
      return first.map { !(0x80..<0xa0).contains($0) } ?? true
    case .character: return true
    default: return false
    }
  }

  private var isWithinSequence: Bool {
    switch state {
    case .ground, .character, .paste: false
    case .escape, .control, .consoleFunction, .shifted, .string, .mouse: true
    }
  }

  private var isWithinString: Bool {
    if case .string(let string, _) = state { !string.canBeKey } else { false }
  }

  private mutating func giveUp(at now: Instant) {
    overdue = Overdue(state: state, until: now.advanced(by: delays.rest))
    switch state {
    case .ground: break
    case .character: emit(Key(.character("\u{fffd}")))
    case .escape(let isAlt):
      if isAlt { emit(Key(.escape)) }
      emit(Key(.escape))
    case .control(let sequence, let isAlt): if sequence.canBeKey { emitAlt("[", isAlt) }
    case .shifted(let sequence, let isAlt): if sequence.canBeKey { emitAlt("o", isAlt) }
    case .string(let string, let isAlt):
      if string.canBeKey { emitAlt(string.key, isAlt) }
      if string.isOnlyEscape { emit(Key(.escape)) }
    case .consoleFunction, .mouse: break
    case .paste: endPaste()
    }
    state = .ground
  }

  /// This many bytes at once that are no sequence are a paste rather than keys: a line end in them must not act as
  /// Enter.
  private static let burst = 8

  /// Whether the bytes are several lines of text, as a terminal without paste markers sends a paste.
  private static func isSeveralLines(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= burst else { return false }
    func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != .delete || byte == UInt8(ascii: "\t") }
    guard let end = bytes.firstIndex(where: { !isText($0) }), end > bytes.startIndex,
      bytes[end].isEndOfLine
    else { return false }
    return bytes[end...].first { !$0.isEndOfLine }.map(isText) ?? false
  }

  /// Continues a sequence that was given up, because a bad connection may have delayed its rest. The rest arrives at
  /// once and has the form of the missing part.
  private mutating func resume(with bytes: [UInt8], at now: Instant) {
    guard let overdue, case .ground = state else { return }
    self.overdue = nil
    guard now < overdue.until, let first = bytes.first else { return }
    let isRest =
      switch overdue.state {
      case .ground, .character, .consoleFunction, .mouse, .shifted: false
      case .escape: Self.isRestBehindEscape(bytes)
      case .control: ControlSequence.isRest(bytes)
      case .string: CommandString.isEnd(bytes)
      case .paste: bytes.count >= Self.burst && first != .escape
      }
    if isRest { state = overdue.state }
  }

  private static func isRestBehindEscape(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first else { return false }
    if first == UInt8(ascii: "[") { return bytes.count > 2 && ControlSequence.isRest(bytes.dropFirst()) }
    return CommandString.introducers.contains(first) && CommandString.isEnd(bytes)
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
    case .mouse(let missing): state = missing > 1 ? .mouse(missing - 1) : .ground
    case .paste(let isMarked): takePasted(byte, isMarked: isMarked)
    }
  }

  private mutating func begin(_ byte: UInt8) {
    if byte == .escape {
      state = .escape(isAlt: false)
    } else if isBurst, byte != .interrupt {
      takePasted(byte, isMarked: false)
    } else {
      takePlain(byte, isAlt: false)
    }
  }

  private mutating func takePlain(_ byte: UInt8, isAlt: Bool) {
    state = .ground
    if byte < 0x80 {
      emit(Key(ascii: byte, erase: erase), isAlt: isAlt)
    } else if takeC1(byte) {
      return
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
      guard scalar.value < 0xa0 else { return emit(Key(.character(Character(scalar))), isAlt: isAlt) }
      _ = takeC1(UInt8(truncatingIfNeeded: scalar.value))
    case .invalid:
      emit(Key(.character("\u{fffd}")))
      begin(byte)
    }
  }

  /// - Returns: whether the byte is a C1 control that begins a sequence or string.
  private mutating func takeC1(_ byte: UInt8) -> Bool {
    guard (0x80..<0xa0).contains(byte) else { return false }
    let introducer = byte - 0x40
    switch introducer {
    case UInt8(ascii: "["): state = .control(ControlSequence(isCertain: true), isAlt: false)
    case UInt8(ascii: "O"): state = .shifted(ShiftedSequence(isCertain: true), isAlt: false)
    case _ where CommandString.introducers.contains(introducer):
      state = .string(CommandString(introducer: introducer, isCertain: true), isAlt: false)
    default: return false
    }
    return true
  }

  private mutating func takeEscaped(_ byte: UInt8, _ isAlt: Bool) {
    switch byte {
    case UInt8(ascii: "["): state = .control(ControlSequence(), isAlt: isAlt)
    case UInt8(ascii: "O"): state = .shifted(ShiftedSequence(), isAlt: isAlt)
    case _ where CommandString.introducers.contains(byte):
      state = .string(CommandString(introducer: byte), isAlt: isAlt)
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
    case UInt8(ascii: "M") where sequence.isEmpty: state = .mouse(3)
    case UInt8(ascii: "$") where sequence.isOneNumber, 0x40...0x7e:
      state = .ground
      finish(sequence.meaning(final: byte), isAlt)
    case 0x20...0x3f:
      sequence.append(byte)
      state = .control(sequence, isAlt: isAlt)
    default:
      // The byte does not belong to a sequence: the sequence was cut off.
      if sequence.canBeKey { emitAlt("[", isAlt) }
      begin(byte)
    }
  }

  private mutating func finish(_ meaning: ControlSequence.Meaning?, _ isAlt: Bool) {
    switch meaning {
    case nil: break
    case .key(let key): emit(key, isAlt: isAlt)
    case .pasteBegins:
      if isAlt { emit(Key(.escape)) }
      state = .paste(isMarked: true)
    case .focus(let hasFocus):
      if isAlt { emit(Key(.escape)) }
      events.append(.focus(hasFocus))
    case .mouse(let event):
      if isAlt { emit(Key(.escape)) }
      events.append(.mouse(event))
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
      if sequence.canBeKey { emitAlt("o", isAlt) }
      begin(byte)
    }
  }

  private mutating func takeString(_ byte: UInt8, _ string: CommandString, _ isAlt: Bool) {
    var string = string
    switch string.append(byte) {
    case .continues: state = .string(string, isAlt: isAlt)
    case .ended:
      state = .ground
      if string.isOSC, let color = RGB(report: string.beginning) { background = color }
    case .brokenOff: begin(byte)
    case .brokenOffByEscape:
      state = .escape(isAlt: false)
      take(byte)
    case .isKey:
      emitAlt(string.key, isAlt)
      begin(byte)
    case .isKeyBeforeEscape:
      emitAlt(string.key, isAlt)
      state = .escape(isAlt: false)
      take(byte)
    }
  }

  private mutating func takePasted(_ byte: UInt8, isMarked: Bool) {
    state = .paste(isMarked: isMarked)
    if !isMarked, byte == .escape {
      // Terminals remove ESC from pasted text: it begins a report or a key.
      endPaste()
      begin(byte)
    } else if byte == .interrupt {
      // Ctrl+C ends a paste whose end marker never comes; terminals remove this byte from pasted text.
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

  /// Emits the beginning of a sequence as a key with Alt.
  private mutating func emitAlt(_ character: Character, _ isEscapeFirst: Bool) {
    if isEscapeFirst { emit(Key(.escape)) }
    emit(.alt(character))
  }
}

extension UInt8 {
  static let escape: UInt8 = 0x1b
  static let interrupt: UInt8 = 0x03
  static let backspace: UInt8 = 0x08
  static let delete: UInt8 = 0x7f

  var isEndOfLine: Bool { self == 0x0a || self == 0x0d }
}
