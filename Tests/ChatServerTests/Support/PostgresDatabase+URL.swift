import ChatLog
import TestSupport

extension PostgresDatabase {
  var logURL: PostgresURL { url() }

  func url(as user: String = "swiftchat") -> PostgresURL {
    let text: String = url(as: user)
    guard let url = PostgresURL(text) else { preconditionFailure("no URL: \(text)") }
    return url
  }
}
