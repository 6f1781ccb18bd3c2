import ChatLog
import Crypto

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The key that all servers of a shared log have, so that clients find the same pin on each of them. The log keeps it
/// encrypted with a file of the operator, so that a copy of the database cannot pretend to be the server.
struct SharedKey {
  private let path: String
  private let sealing: SymmetricKey

  private static let minimumBytes = 32
  private static let context = Data("swiftchat store key 1".utf8)

  /// - Parameter path: the file with the operator's secret.
  init(path: String) throws(IdentityError) {
    self.path = path
    let secret: [UInt8]
    do {
      secret = try CredentialFile(path: path).read()
    } catch {
      throw IdentityError("cannot read \(path): \(error); choose another with --store-key")
    }
    guard secret.count >= Self.minimumBytes else {
      throw IdentityError(
        "cannot use \(path): it has \(secret.count) bytes, and needs at least \(Self.minimumBytes) random ones; make it "
          + "with `openssl rand -out \(path) 32` on one host, and copy it to the others")
    }
    sealing = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: secret), info: Self.context, outputByteCount: 32)
  }

  /// The key in the log. If there is none, it becomes the one of this server.
  /// - Parameter own: the key to store, as PEM.
  /// - Returns: the key of all servers, as PEM.
  func shared(_ own: [UInt8], in log: any SharedLog) throws -> [UInt8] {
    let sealed = try ChaChaPoly.seal(Data(own), using: sealing, authenticating: Self.context).combined
    let stored = try log.sealedKey(orStoring: Array(sealed))
    guard let box = try? ChaChaPoly.SealedBox(combined: Data(stored)),
      let key = try? ChaChaPoly.open(box, using: sealing, authenticating: Self.context)
    else {
      throw IdentityError(
        "the server's key in the database was encrypted with another file than \(path); copy the file of the other "
          + "servers to this host")
    }
    return Array(key)
  }
}

extension ServerIdentity {
  /// The identity that the servers of a shared log have in common.
  static func shared(_ settings: TLSSettings, in log: any SharedLog, keyFile: String) throws -> ServerIdentity {
    // The first server contributes the key that its clients know already.
    let kept = settings.directory.flatMap { try? IdentityFiles(directory: $0).readKey() }
    let own = kept.flatMap { OwnKey(pem: $0) } ?? OwnKey()
    let pem = try SharedKey(path: keyFile).shared(own.pem, in: log)
    guard let key = OwnKey(pem: pem) else {
      throw IdentityError("the server's key in the database is damaged; remove the row of swiftchat.server_key")
    }
    do {
      // Clients identify the server by its key alone: each server makes a certificate of its own.
      return try ServerIdentity.shared(certificate: key.makeCertificate(), key: pem)
    } catch {
      throw IdentityError("cannot use the server's key in the database: \(error)")
    }
  }
}
