import ChatProtocol
import Crypto
import NIOSSL

/// What a server proves to be by: a private key, and the certificate with its public half.
struct ServerIdentity: Sendable {
  let pin: Pin
  /// Encrypts connections in its name.
  let context: NIOSSLContext
  /// Nobody will know it again.
  private(set) var isInMemory = false

  /// What is wrong with a key or a certificate.
  enum Flaw: Error {
    case noCertificate
    case noKey
    case encryptedKey
    /// They do not belong together.
    case mismatch
    /// Of so many certificates one is damaged.
    case brokenChain
    /// No client can agree with it: why.
    case unusable(String)
  }

  /// - Parameters:
  ///   - certificate: PEM: the server's own, and then those of who signed it, as far as they are to be shown.
  ///   - key: PEM.
  ///   - count: how many certificates there should be; nil: that is not known.
  init(certificate: [UInt8], key: [UInt8], chain count: Int? = nil) throws(Flaw) {
    // BoringSSL is not to be asked for what is not there.
    guard !certificate.isEmpty, let chain = try? NIOSSLCertificate.fromPEMBytes(certificate), let leaf = chain.first
    else { throw .noCertificate }
    guard count ?? chain.count == chain.count else { throw .brokenChain }
    guard !key.isEmpty else { throw .noKey }
    // Without an answer to its question for a password, BoringSSL would ask on the terminal.
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
    // Not before the context was made: it refuses certificates whose kind of key is not known, and this would trap.
    guard let publicKey = try? leaf.extractPublicKey().toSPKIBytes(),
      let pin = Pin(Array(SHA256.hash(data: publicKey)))
    else { throw .noCertificate }
    if let reason = HandshakeTrial.problem(with: context) { throw .unusable(reason) }
    self.pin = pin
  }

  /// A new one, or the last where that was such a one, too.
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
