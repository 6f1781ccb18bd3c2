/// The encryption of connections. TLS and plain connections share one port.
public struct TLSSettings: Hashable, Sendable {
  public enum Mode: String, CaseIterable, Sendable {
    /// Clients may use TLS or plain connections.
    case auto
    /// Clients outside the host must use TLS.
    case required
    /// TLS is not available.
    case off
  }

  /// PEM files.
  public struct Files: Hashable, Sendable {
    /// The server's certificate first; those of its issuers may follow.
    public var certificate: String
    public var key: String

    public init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }
  }

  public var mode: Mode
  /// The operator's certificate; nil: the server generates its own.
  public var files: Files?
  /// The directory of the generated key and certificate, `server.key` and `server.crt`; nil: in memory, new at every
  /// start.
  public var directory: String?
  /// The operator's secret, with which the key of all servers of a shared log is encrypted; nil: each has its own.
  public var storeKey: String?

  public init(mode: Mode = .auto, files: Files? = nil, directory: String? = nil) {
    self.mode = mode
    self.files = files
    self.directory = directory
  }
}
