import ChatProtocol

extension Endpoint: CodedAsText {
  public static let codingName = "endpoint"
  public var codedText: String { description }
  public init?(coded text: String) {
    guard let endpoint = try? Endpoint(text) else { return nil }
    self = endpoint
  }
}

extension HostPort: CodedAsText {
  public static let codingName = "host"
  public var codedText: String { description }
  public init?(coded text: String) {
    guard let host = try? HostPort(text) else { return nil }
    self = host
  }
}

extension ShareLink: CodedAsText {
  public static let codingName = "link"
  public var codedText: String { description }
  public init?(coded text: String) {
    guard let link = try? ShareLink(text) else { return nil }
    self = link
  }
}
