import ChatModel
import ChatProtocol

/// The text of a state file of `tail`: a heading, and then records that are appended. A later record replaces an
/// earlier one of the same kind and conversation. An incomplete last line, after a crash, is ignored.
///
///     swiftchat-tail 1 HOST:PORT NAME TIME
///     token TOKEN
///     at #lobby EPOCH SEQUENCE TIME|- [DEVICE INODE OFFSET LENGTH]
struct TailStateText: Equatable {
  static let version = "1"

  /// The place of a line of output in a regular file.
  struct Place: Equatable {
    var device: UInt64
    var inode: UInt64
    /// In bytes.
    var offset: Int
    var length: Int
  }

  let server: String
  let name: Nickname
  /// Time of the first run.
  let created: Timestamp
  var token: String?
  /// In the order in which the conversations were first printed.
  private(set) var positions: [TailPosition] = []
  /// The last record, if it is a position: the program may have ended before the line was written.
  private(set) var last: (position: TailPosition, previous: TailPosition?, place: Place?)?

  init(server: String, name: Nickname, created: Timestamp) {
    self.server = server
    self.name = name
    self.created = created
  }

  /// - Returns: nil if the text is no state file.
  init?(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // The text after the last line end is empty, or an incomplete line.
    lines.removeLast()
    guard let heading = lines.first.map(Self.words), heading.count == 5, heading[0] == "swiftchat-tail",
      heading[1] == Self.version, let name = Nickname(heading[3]), let created = Timestamp(String(heading[4]))
    else { return nil }
    self.init(server: String(heading[2]), name: name, created: created)
    for line in lines.dropFirst() { guard read(Self.words(of: line)) else { return nil } }
  }

  /// Split by bytes: a space and a combining mark, with which a name may begin, are one `Character`.
  private static func words(of line: Substring) -> [Substring] {
    line.utf8.split(separator: UInt8(ascii: " ")).map { Substring($0) }
  }

  private mutating func read(_ words: [Substring]) -> Bool {
    last = nil
    switch words.first {
    case "token" where words.count == 2: token = String(words[1])
    case "at" where words.count == 5 || words.count == 9:
      guard let target = Target(words[1]), let epoch = Epoch(words[2]), let sequence = words[3].asCount
      else {
        return false
      }
      let time = Timestamp(String(words[4]))
      guard time != nil || words[4] == "-" else { return false }
      var place: Place?
      if words.count == 9 {
        guard let device = UInt64(words[5]), let inode = UInt64(words[6]), let offset = Int(words[7]),
          let length = Int(words[8]), offset >= 0, length >= 0
        else { return false }
        place = Place(device: device, inode: inode, offset: offset, length: length)
      }
      note(TailPosition(target: target, epoch: epoch, sequence: sequence, time: time), at: place)
    default: return false
    }
    return true
  }

  /// A line is about to be printed, or printing begins after the position.
  mutating func note(_ position: TailPosition, at place: Place? = nil) {
    let index = positions.firstIndex { $0.target == position.target }
    last = (position, index.map { positions[$0] }, place)
    if let index { positions[index] = position } else { positions.append(position) }
  }

  /// The last line was not written.
  mutating func takeBack() {
    guard let last else { return }
    positions.removeAll { $0.target == last.position.target }
    if let previous = last.previous { positions.append(previous) }
    self.last = nil
  }

  // MARK: Writing

  /// The contents of a new file. All lines count as written, so that no places are recorded.
  var text: String {
    var text = "swiftchat-tail \(Self.version) \(server) \(name) \(created)\n"
    if let token { text += Self.line(token: token) }
    for position in positions { text += Self.line(position, at: nil) }
    return text
  }

  static func line(token: String) -> String { "token \(token)\n" }

  static func line(_ position: TailPosition, at place: Place?) -> String {
    let time = position.time?.description ?? "-"
    let place = place.map { " \($0.device) \($0.inode) \($0.offset) \($0.length)" } ?? ""
    return "at \(position.target) \(position.epoch) \(position.sequence) \(time)\(place)\n"
  }

  static func == (left: TailStateText, right: TailStateText) -> Bool { left.text == right.text }
}
