import ChatProtocol

extension MessageKind {
  /// The value of `kind` in JSON output.
  var jsonName: String {
    switch self {
    case .text: "text"
    case .topic: "topic"
    case .redacted: "removed"
    }
  }
}
