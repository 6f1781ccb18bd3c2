import ChatProtocol
import Crypto
import Foundation
import NIOSSL
import X509

/// A server's key with a self-signed certificate.
struct TestCertificate: Sendable {
  private let key = P256.Signing.PrivateKey()

  /// The key's SubjectPublicKeyInfo, encoded by Crypto.
  var pin: Pin {
    guard let pin = Pin(Array(SHA256.hash(data: key.publicKey.derRepresentation))) else {
      preconditionFailure("SHA-256 has 32 bytes")
    }
    return pin
  }

  /// - Parameter versions: TLS versions without the dot: 11 is TLS 1.1.
  func context(versions: ClosedRange<Int>) throws -> NIOSSLContext {
    let name = try DistinguishedName { CommonName("swiftchat") }
    let certificate = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey), notValidBefore: .distantPast,
      notValidAfter: Date(timeIntervalSince1970: 4_000_000_000), issuer: name, subject: name,
      signatureAlgorithm: .ecdsaWithSHA256, extensions: .init(), issuerPrivateKey: .init(key))
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [
        .certificate(try NIOSSLCertificate(bytes: Array(certificate.serializeAsPEM().pemString.utf8), format: .pem))
      ],
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem)))
    configuration.minimumTLSVersion = Self.version(versions.lowerBound)
    configuration.maximumTLSVersion = Self.version(versions.upperBound)
    return try NIOSSLContext(configuration: configuration)
  }

  private static func version(_ number: Int) -> TLSVersion {
    switch number {
    case ...10: .tlsv1
    case 11: .tlsv11
    case 12: .tlsv12
    default: .tlsv13
    }
  }
}
