import ChatProtocol

/// A name that readers recognize by its appearance: a nickname or a room name.
package protocol NameWithSkeleton {
  var text: String { get }
}

extension Nickname: NameWithSkeleton {}
extension RoomName: NameWithSkeleton {}

extension NameWithSkeleton {
  /// The appearance of the name to a casual reader. Names have equal skeletons if they differ only in confusable
  /// letters of other scripts, full-width or mathematical letters (UTS #39, section 4), or letter case. `paypal` in
  /// Cyrillic letters has the skeleton of `paypal`; a letter with a mark differs from the letter without.
  ///
  /// Compare skeletons with `==`, which ignores the order of marks. They are not for display or storage. For two ASCII
  /// names the skeleton is too strict, see `resembles`: `Bill` and `Bi11` have the same skeleton.
  package var skeleton: String {
    var skeleton = ""
    // Characters that the screen leaves out are ignored.
    for scalar in DisplayText.sanitize(text).unicodeScalars {
      skeleton += ConfusableTable.prototype(of: scalar) ?? String(scalar).foldingCase()
    }
    return skeleton
  }

  package var isASCII: Bool { text.utf8.allSatisfy { $0 < 0x80 } }
}

extension Nickname {
  /// Whether two different names can be mistaken for each other. Two ASCII names never resemble each other: ASCII has
  /// always allowed `l` for `I`, and a name that was available must stay available.
  package func resembles(_ other: Nickname) -> Bool {
    self != other && !(isASCII && other.isASCII) && skeleton == other.skeleton
  }
}
