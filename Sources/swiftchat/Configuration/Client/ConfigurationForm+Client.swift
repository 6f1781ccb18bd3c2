import ChatModel
import ChatProtocol
import ChatUI

extension ConfigurationForm where Value == Nickname {
  static let nickname = ConfigurationForm(
    allowed: "a name: \(ErrorCode.invalidUsername.explanation)", write: { TOMLText.string($0.text) },
    read: { $0.word.flatMap { Nickname($0) } })
}

extension Nickname {
  /// For the sample file.
  static let example: Nickname = {
    guard let name = Nickname("neha") else { preconditionFailure("a constant name is valid") }
    return name
  }()
}

extension ConfigurationForm where Value == ShareLink {
  /// The address of a server, or a link to it.
  static let link = ConfigurationForm(
    allowed: "an address",
    write: { TOMLText.string($0.pin == nil && $0.invitation == nil ? "\($0.endpoint)" : "\($0)") },
    read: { $0.word.flatMap { try? ShareLink($0) } },
    refusal: { value in
      guard let text = value.word else { return nil }
      do throws(ShareLinkError) { _ = try ShareLink(text) } catch { return "which is not an address: \(error)" }
      return nil
    })
}

extension ShareLink {
  /// For the sample file.
  static let example: ShareLink = {
    guard let link = try? ShareLink("chat.example.org:4000") else { preconditionFailure("a constant link is valid") }
    return link
  }()
}

extension ConfigurationForm where Value == Pin {
  static let pin = ConfigurationForm(
    allowed: "a pin, which has 43 letters, digits, - and _", write: { TOMLText.string($0.text) },
    read: { $0.word.flatMap { Pin($0) } })
}

extension Pin {
  /// For the sample file.
  static let example: Pin = {
    guard let pin = Pin("gGhFSpGxgC2c-XptaIaS2Xrkyagw5NrzScHjoFsEBZY") else {
      preconditionFailure("a constant pin is valid")
    }
    return pin
  }()
}

extension ConfigurationForm where Value == String {
  /// The name of a server in the settings, or an address.
  static let server = ConfigurationForm(
    allowed: "the name of a server, or an address", write: TOMLText.string,
    read: { value in value.word.flatMap { (try? ShareLink($0)) == nil ? nil : $0 } },
    refusal: { ConfigurationForm<ShareLink>.link.refusal($0) })
}

extension ConfigurationForm where Value == [String] {
  static let servers = list(
    "1 to \(Interface.maximumServers) names of servers, or addresses", count: 1...Interface.maximumServers
  ) { word in
    (try? ShareLink(word)) == nil ? nil : word
  }

  static let rooms = list("at most 100 rooms, each with its #", count: 0...100) { RoomName($0)?.text }

  /// A program and its arguments.
  static let command = list("a program and its arguments, as separate texts", count: 1...32) { word in
    word.utf8.contains(0) ? nil : word
  }
}
