import ChatHub
import ChatProtocol
import Testing

extension HubHarness {
  static let allCapabilities = ["tags", "presence", "rooms", "history", "resume", "marks"]

  /// Logs in with all capabilities; returns the session and its token.
  func logInTagged(_ name: String, token: String? = nil, _ capabilities: [String] = allCapabilities) -> (
    SessionID, String
  ) {
    let id = connect(capabilities)
    let answers = send(as: id, "\(token.map { "@token=\($0) " } ?? "")LOGIN \(name)")
    discardOutput()
    return (id, Self.token(in: answers))
  }

  /// - Parameter cursors: as written in the request.
  func resume(_ token: String, _ cursors: String = "", _ capabilities: [String] = allCapabilities) -> (
    SessionID, [String]
  ) {
    let id = connect(capabilities)
    return (id, send(as: id, "RESUME \(token)\(cursors.isEmpty ? "" : " ")\(cursors)"))
  }

  /// The token in the `OK` among these lines; empty if there is none.
  static func token(in lines: [String]) -> String {
    for line in lines {
      guard let range = line.firstRange(of: "token=") else { continue }
      return String(line[range.upperBound...].prefix { $0 != ";" && $0 != " " })
    }
    return ""
  }

  /// The epoch of the direct conversation with the user, from these lines.
  static func epoch(of name: String, in lines: [String]) -> String {
    for line in lines {
      let words = line.split(separator: " ").drop { $0.hasPrefix("@") && $0.contains("=") }
      if words.count == 4, words.first == "SYNC", words.dropFirst().first == "@\(name)" {
        return String(words.dropFirst(2).first ?? "")
      }
    }
    return ""
  }
}

extension [String] {
  /// The lines without their tags.
  var untagged: [String] {
    map { line in
      guard line.hasPrefix("@"), let space = line.firstIndex(of: " ") else { return line }
      return String(line[line.index(after: space)...])
    }
  }
}
