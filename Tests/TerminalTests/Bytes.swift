import TerminalTypes
import Testing

@testable import Terminal

/// A sequence with ESC written as `^[`, as cat -v does.
func bytes(_ text: String) -> [UInt8] {
  var result: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "^"), rest.first == UInt8(ascii: "[") {
      rest.removeFirst()
      result.append(0x1b)
    } else {
      result.append(byte)
    }
  }
  return result
}

/// A decoder with a clock that the test sets.
struct Typist {
  var decoder: InputDecoder
  var now = ContinuousClock.now
  var events: [TerminalEvent] = []

  init(pasteLimit: Int = 256 * 1024, erase: UInt8 = 0x7f) {
    decoder = InputDecoder(erase: erase, pasteLimit: pasteLimit)
  }

  mutating func type(_ bytes: some Sequence<UInt8>) { events += decoder.decode(bytes, at: now) }

  mutating func wait(_ duration: Duration) {
    now += duration
    events += decoder.expire(at: now)
  }

  /// Waits until no sequence is incomplete.
  mutating func rest() {
    while let deadline = decoder.deadline {
      now = deadline
      events += decoder.expire(at: now)
    }
  }
}

/// All events of the bytes in one piece, including those after a timeout.
func decode(_ bytes: [UInt8]) -> [TerminalEvent] {
  var typist = Typist()
  typist.type(bytes)
  typist.rest()
  return typist.events
}

/// The events for each way to split the bytes in two, and for single bytes.
func decodeSplit(_ bytes: [UInt8]) -> Set<[TerminalEvent]> {
  var results: Set<[TerminalEvent]> = []
  for cut in 0...bytes.count {
    var typist = Typist()
    typist.type(bytes[..<cut])
    typist.wait(.milliseconds(10))
    typist.type(bytes[cut...])
    typist.rest()
    results.insert(typist.events)
  }
  var typist = Typist()
  for byte in bytes {
    typist.type([byte])
    typist.wait(.milliseconds(24))
  }
  typist.rest()
  results.insert(typist.events)
  return results
}
