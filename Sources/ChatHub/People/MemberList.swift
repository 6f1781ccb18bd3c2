import ChatProtocol

/// The lines of a long list of members, the same for many sessions: a dialect encodes them once.
public final class MemberList: Sendable {
  public struct Line: Hashable, Sendable {
    public let message: ServerMessage
    public let tags: Tags
  }

  /// In login order.
  public let lines: [Line]

  init(_ lines: [Line]) { self.lines = lines }

  /// The reference of the batch that contains the list. A session's other batches have numbers, and this one ends before
  /// another one of its kind begins.
  static let reference = "who"
  /// The parts of a list that depend on the reader.
  enum Form: Hashable, Sendable {
    case plain
    case tagged
    /// Also with the identities behind the names.
    case identified

    init(_ capabilities: Capabilities) {
      self =
        !capabilities.contains(.tags) ? .plain : Session.isSynchronized(capabilities) ? .identified : .tagged
    }
  }
}

extension MemberList: Hashable {
  public static func == (left: MemberList, right: MemberList) -> Bool { left === right || left.lines == right.lines }
  public func hash(into hasher: inout Hasher) { hasher.combine(lines) }
}

/// The long lists that were sent since the last change of the members.
struct MemberLists: Sendable {
  private struct Key: Hashable {
    let room: RoomName
    let form: MemberList.Form
  }

  private var lists: [Key: MemberList] = [:]

  /// Few rooms have many members.
  private static let maximum = 8

  /// The list that was sent last; nil if there is none, or if something may have changed since.
  subscript(room: RoomName, form: MemberList.Form) -> MemberList? { lists[Key(room: room, form: form)] }

  mutating func keep(_ list: MemberList, of room: RoomName, in form: MemberList.Form) {
    if lists.count >= Self.maximum { lists.removeAll() }
    lists[Key(room: room, form: form)] = list
  }

  /// Must be called at every change of members, away messages or owners of names.
  mutating func removeAll() { if !lists.isEmpty { lists.removeAll() } }
}
