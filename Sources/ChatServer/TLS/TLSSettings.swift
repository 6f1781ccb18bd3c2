/// How connections are encrypted. Who speaks TLS and who does not come in at the same port.
public struct TLSSettings: Hashable, Sendable {
  public enum Mode: String, CaseIterable, Sendable {
    /// Each as they like.
    case auto
    /// Who is not on the host must speak TLS.
    case required
    /// Nobody speaks TLS.
    case off
  }

  /// PEM files.
  public struct Files: Hashable, Sendable {
    /// The server's certificate first; those of who signed it may follow.
    public var certificate: String
    public var key: String

    public init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }
  }

  public var mode: Mode
  /// A certificate that the operator has; nil: the server makes its own.
  public var files: Files?
  /// Where the server keeps the key and the certificate that it made, `server.key` and `server.crt`; nil: in memory,
  /// others with every start.
  public var directory: String?

  public init(mode: Mode = .auto, files: Files? = nil, directory: String? = nil) {
    self.mode = mode
    self.files = files
    self.directory = directory
  }
}
