import ChatModel
import ChatProtocol

extension NameRefusal {
  /// Advice and its reason, the advice first; fits in 80 columns.
  func sentence(about name: Nickname) -> String {
    switch self {
    case .taken: "Choose another name: \(name) is taken."
    case .invalid: "Choose another name: \(name) is not allowed here."
    case .shapeless: "Choose another name: this one has an invisible or unknown character."
    case .reserved: "Choose another, or import its key: \(name) is owned."
    case .kept: "Choose another name: the server keeps \(name) for itself."
    case .confusable: "Choose another name: \(name) looks like another."
    }
  }
}
