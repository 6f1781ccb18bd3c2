import ChatProtocol

/// Submitted input.
enum Submission: Sendable {
  case text(String)
  case command(SlashCommand, arguments: String)
  /// A slash before a word that is no command: never sent as chat.
  case unknownCommand(String)

  /// `//` at the start is sent as one slash.
  init(_ input: String) {
    guard input.hasPrefix("/") else {
      self = .text(input)
      return
    }
    guard !input.hasPrefix("//") else {
      self = .text(String(input.dropFirst()))
      return
    }
    let word = input.dropFirst().prefix { !$0.isWhitespace }
    guard let command = SlashCommand.named(word) else {
      self = .unknownCommand(String(word))
      return
    }
    self = .command(command, arguments: input.dropFirst(word.count + 1).trimmingSpaces)
  }

  /// The part that is sent as messages.
  var text: String {
    switch self {
    case .text(let text): return text
    case .command(let command, let arguments):
      switch command.sends {
      case .messages, .directMessages: return arguments
      case .nothing: return ""
      }
    case .unknownCommand: return ""
    }
  }
}

extension StringProtocol {
  /// A typed word, sanitized and short enough to quote in a sentence.
  var sanitizedWord: String { DisplayText.sanitize(String(self)).truncated(to: 24) }

  var trimmingSpaces: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
