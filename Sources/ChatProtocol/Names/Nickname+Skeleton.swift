/// A name that people tell from others by its look: that of a person, or that of a room.
package protocol NameWithLook {
  var text: String { get }
}

extension Nickname: NameWithLook {}
extension RoomName: NameWithLook {}

extension NameWithLook {
  /// What the name looks like, for whoever reads it in passing: equal where letters of other scripts, full width or
  /// mathematics stand in for those of another name (UTS #39, section 4), whatever their case. `paypal` written in
  /// Cyrillic is `paypal`; a letter with a mark is not the one without.
  ///
  /// To be compared with `==`, which knows that marks may be written in more than one order; no text to show or to keep.
  /// Among ASCII names it is too strict, see `resembles`: `Bill` and `Bi11` have the same.
  package var skeleton: String {
    var skeleton = ""
    // What is left out on the screen makes no difference.
    for scalar in DisplayText.sanitize(text).unicodeScalars {
      skeleton += ConfusableTable.prototype(of: scalar) ?? String(scalar).foldingCase()
    }
    return skeleton
  }

  package var isASCII: Bool { text.utf8.allSatisfy { $0 < 0x80 } }
}

extension Nickname {
  /// Whether one of two different names could be taken for the other. Two names of ASCII alone are left to their
  /// readers: who may use its letters has always been able to write `l` for `I`, and a name that was free stays so.
  package func resembles(_ other: Nickname) -> Bool {
    self != other && !(isASCII && other.isASCII) && skeleton == other.skeleton
  }
}
