import ChatProtocol
import Crypto
import NIOSSL

/// The server's identity: a private key, and a certificate with its public key.
struct ServerIdentity: Sendable {
  let pin: Pin
  /// The TLS context for connections under this identity.
  let context: NIOSSLContext
  /// The identity is not stored, and is lost when the process ends.
  private(set) var isInMemory = false
  /// The key is that of the servers of a shared log.
  private(set) var isShared = false

  /// A defect of a key or certificate.
  enum IdentityFlaw: Error {
    case noCertificate
    case noKey
    case encryptedKey
    /// The key does not belong to the certificate.
    case mismatch
    /// One of several certificates is damaged.
    case brokenChain
    /// The reason why no client can complete a handshake with it.
    case unusable(String)
  }

  /// - Parameters:
  ///   - certificate: PEM: the server's certificate, then those of its issuers, if any.
  ///   - key: PEM.
  ///   - count: the expected number of certificates; nil if unknown.
  init(certificate: [UInt8], key: [UInt8], chain count: Int? = nil) throws(IdentityFlaw) {
    // BoringSSL must not be called with empty input.
    guard !certificate.isEmpty, let chain = try? NIOSSLCertificate.fromPEMBytes(certificate), let leaf = chain.first
    else { throw .noCertificate }
    guard count ?? chain.count == chain.count else { throw .brokenChain }
    guard !key.isEmpty else { throw .noKey }
    // Without a passphrase callback, BoringSSL would prompt on the terminal.
    guard let privateKey = try? NIOSSLPrivateKey(bytes: key, format: .pem, passphraseCallback: { $0([UInt8]()) }) else {
      throw String(decoding: key, as: UTF8.self).contains("ENCRYPTED") ? .encryptedKey : .noKey
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
    configuration.minimumTLSVersion = .tlsv12
    do {
      context = try NIOSSLContext(configuration: configuration)
    } catch NIOSSLError.failedToLoadCertificate {
      throw .noCertificate
    } catch {
      throw .mismatch
    }
    // Must follow the creation of the context: that rejects unknown key types, on which this call would trap.
    guard let publicKey = try? leaf.extractPublicKey().toSPKIBytes(),
      let pin = Pin(Array(SHA256.hash(data: publicKey)))
    else { throw .noCertificate }
    if let reason = HandshakeTrial.problem(with: context) { throw .unusable(reason) }
    self.pin = pin
  }

  /// An identity whose key the servers of a shared log have in common.
  static func shared(certificate: [UInt8], key: [UInt8]) throws(IdentityFlaw) -> ServerIdentity {
    var identity = try ServerIdentity(certificate: certificate, key: key)
    identity.isShared = true
    return identity
  }

  /// A new in-memory identity, or the last one if that was in memory, too.
  static func inMemory(after last: ServerIdentity?) throws(IdentityError) -> ServerIdentity {
    if let last, last.isInMemory { return last }
    let key = OwnKey()
    do {
      var identity = try ServerIdentity(certificate: key.makeCertificate(), key: key.pem)
      identity.isInMemory = true
      return identity
    } catch {
      throw IdentityError("cannot make a certificate: \(error)")
    }
  }
}
