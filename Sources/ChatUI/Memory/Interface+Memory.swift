import ChatModel
import ChatProtocol

extension Interface {
  /// The state of a server to save for the next run; nil if the server is not open.
  /// - Parameter unconfirmed: the session's unconfirmed messages (`ClientMemory.unconfirmed`), of which the interface only
  ///   shows its own copy.
  public func memory(of server: Endpoint, unconfirmed: [OutgoingMessage]) -> InterfaceMemory? {
    servers.index(of: server).map { servers[$0].memory(unconfirmed: unconfirmed) }
  }
}

extension OpenServer {
  func memory(unconfirmed: [OutgoingMessage]) -> InterfaceMemory { InterfaceMemory(tabs, unconfirmed, ignored) }

  /// Restores a saved state. Unconfirmed messages will be sent again under their ids.
  /// - Parameter printsLines: whether lines are printed: an earlier run has printed the restored entries. The lobby is
  ///   then the current tab, so that the target of typed lines does not depend on an earlier run.
  mutating func restore(_ memory: InterfaceMemory, printsLines: Bool = false) {
    tabs = memory.restored
    ignored = memory.ignoredPeople
    guard printsLines else { return }
    for index in tabs.tabs.indices { tabs[index].transcript.journal = [] }
    tabs.select(0)
  }

  /// Conversations whose draft is too long to be saved.
  var unkeptDrafts: [Target] {
    // Counts the bytes of the drafts as `memory` does.
    var bytes = InterfaceMemory.maximumDraftBytes
    return tabs.tabs.filter { !bytes.take($0.editor.text.typed) }.map(\.target)
  }

  /// Describes the text that would be lost.
  var typedTextInWords: String { tabs.typedTextInWords(rosters.guests) }
}

extension InterfaceMemory {
  /// The part of this memory that can be shown: the content of a file may be anything.
  public var checked: InterfaceMemory {
    let list = restored
    return InterfaceMemory(list, list.unconfirmed, ignoredPeople)
  }

  fileprivate var ignoredPeople: IgnoredPeople {
    IgnoredPeople((ignored ?? []).prefix(IgnoredPeople.maximum).compactMap { Nickname(spaced: $0) })
  }

  fileprivate init(_ list: TabList, _ unconfirmed: [OutgoingMessage], _ ignored: IgnoredPeople) {
    // A room that the user has left is kept only if it has typed text.
    let kept = list.tabs.filter { $0.room == nil || $0.isJoined || $0.holdsTypedText }
    // Each kind of text has its own limit, so that received messages cannot displace typed text.
    var drafts = InterfaceMemory.maximumDraftBytes
    var history = InterfaceMemory.maximumHistoryBytes
    var said = InterfaceMemory.maximumBytes
    let sends = unconfirmed.compactMap { sent in
      // The tab may be open under another spelling of the name.
      RememberedSend(sent, to: list.index(of: sent.target).map { list[$0].target } ?? sent.target)
    }
    // In send order.
    let sorted = sends.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    self.init(
      tabs: kept.map { $0.remembered(drafts: &drafts, history: &history, messages: &said) },
      current: kept.firstIndex { $0.target == list.current.target } ?? 0,
      unconfirmed: Array(sorted.prefix(InterfaceMemory.maximumUnconfirmed)),
      ignored: ignored.names.sorted().map(\.text))
  }

  fileprivate var restored: TabList {
    let current = tabs.indices.contains(current) ? Target(remembered: tabs[current].target) : nil
    var list = TabList(tabs.prefix(TabList.maximumTabs).compactMap { Tab($0) }, current: current)
    var seen: Set<SendID> = []
    for remembered in unconfirmed.prefix(InterfaceMemory.maximumUnconfirmed) {
      guard let sent = remembered.message, seen.insert(sent.id).inserted else { continue }
      list.add(sent)
    }
    return list
  }
}

extension RememberedSend {
  /// - Returns: nil if the text is empty.
  fileprivate init?(_ sent: OutgoingMessage, to target: Target) {
    let text = sent.text.typed
    guard text.isMessage else { return nil }
    self.init(
      id: sent.id.rawValue, target: target.text, text: text, time: sent.time.milliseconds,
      wasTransmitted: sent.wasTransmitted, epoch: sent.epoch?.text)
  }

  /// The message; nil if the target or the text is invalid.
  public var message: OutgoingMessage? {
    guard let target = Target(remembered: target) else { return nil }
    let text = text.typed
    guard text.isMessage, text.utf8.count <= LineEditor.maximumBytes else { return nil }
    return OutgoingMessage(
      id: SendID(id), target: target, text: text, time: Timestamp(milliseconds: time),
      epoch: epoch.flatMap { Epoch($0) }, wasTransmitted: wasTransmitted)
  }
}

extension String {
  /// Whether the text can be sent: it is not empty, or the no-break space of a blank line between others.
  fileprivate var isMessage: Bool { self == "\u{a0}" || !trimmingSpaces.isEmpty }
}
