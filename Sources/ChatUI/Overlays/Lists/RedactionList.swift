import ChatModel
import ChatProtocol
import TerminalTypes

/// The messages of one conversation that the user may redact. The list does not change while it is open, so that a
/// message that arrives meanwhile cannot be chosen by mistake.
struct RedactionList: ChoiceList {
  /// Newest first; each has a sequence number.
  let messages: [ChatMessage]
  /// May be empty.
  let reason: String
  var choice = Choice()

  /// The limit for the list.
  static let maximum = 500

  init(_ messages: [ChatMessage], reason: String) {
    self.messages = messages
    self.reason = reason
  }

  // A click must not remove a message.
  var isClickEnter: Bool { false }

  private var chosen: ChatMessage? { messages.indices.contains(choice.index) ? messages[choice.index] : nil }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    let page = context.layout.listPage(itemRows: ListContent.messageRows(width: context.interface.size.columns))
    if choice.move(key, count: messages.count, page: page) { return .handled }
    switch context.action(for: key) {
    case .send:
      guard let chosen, let sequence = chosen.sequence else { return .closed }
      let request = AdminRequest.redact(chosen.target, sequence: sequence, reason: reason)
      return .closed { $0.ask(request) }
    case .quit: return .handled { $0.quit() }
    case .dismiss, .clearInput: return .closed
    default: return .handled
    }
  }

  func content(in interface: Interface) -> ListContent {
    let isNarrow = interface.size.columns < 40
    return ListContent(
      title: isNarrow ? "Remove which?" : "Remove which message?", state: isNarrow ? "" : "newest first",
      keys: "Enter: remove it · Esc: none", items: ListContent.items(messages, in: interface), choice: choice,
      itemRows: ListContent.messageRows(width: interface.size.columns))
  }
}

extension Interface {
  /// Handles `/remove`: lists the messages of the current tab that the user may redact.
  mutating func beginRedaction(reason: String) -> [InterfaceCommand] {
    let target = tabs.current.target
    let isOperator = connection.standing.isOperator
    let filter = filter
    let messages = tabs.current.transcript.entries.reversed().lazy.compactMap { entry -> ChatMessage? in
      guard let message = entry.message, let sequence = entry.sequence, message.isOwn || isOperator,
        !filter.hides(entry)
      else { return nil }
      return ChatMessage(
        target: target, author: message.author, text: message.text, time: entry.time, isOwn: message.isOwn,
        sequence: sequence)
    }
    let list = RedactionList(Array(messages.prefix(RedactionList.maximum)), reason: reason)
    guard !list.messages.isEmpty else {
      tell(.notice("nothing\(isOperator ? "" : " of yours") is shown here that can be removed"))
      return []
    }
    return open(list)
  }
}
