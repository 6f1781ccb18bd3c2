import ChatProtocol
import CommandSupport
import Platform

enum LoginName {
  /// The system account's name, reduced to a valid nickname.
  static var current: Nickname {
    let candidates = [environmentValue("USER"), environmentValue("LOGNAME"), accountName]
    return candidates.lazy.compactMap { $0 }.compactMap { Nickname($0) }.first ?? guest
  }

  private static var accountName: String? {
    guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return nil }
    return String(cString: name)
  }

  private static let guest: Nickname = {
    guard let name = Nickname("guest") else { preconditionFailure("a constant name is valid") }
    return name
  }()
}
