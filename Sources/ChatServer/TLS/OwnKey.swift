import Crypto
import Platform
import X509

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The server's generated key: on the curve P-256, which every TLS library supports.
struct OwnKey {
  private let key: P256.Signing.PrivateKey

  init() { key = P256.Signing.PrivateKey() }

  /// - Returns: nil if the text is no such key.
  init?(pem: [UInt8]) {
    guard let text = String(validating: pem, as: UTF8.self),
      let key = try? P256.Signing.PrivateKey(pemRepresentation: text)
    else { return nil }
    self.key = key
  }

  var pem: [UInt8] { Array((key.pemRepresentation + "\n").utf8) }

  /// A hundred years: clients pin the key, and an expired certificate would only lock them out.
  private static let validity: TimeInterval = 100 * 365.25 * 86_400
  /// Tolerance for wrong clocks.
  private static let allowance: TimeInterval = 86_400

  /// A self-signed certificate as PEM.
  func makeCertificate() throws -> [UInt8] {
    let names = ["localhost", Self.hostName].compactMap { $0 }
    let subject = try DistinguishedName { CommonName("swiftchat") }
    let now = Date()
    let certificate = try Certificate(
      version: .v3,
      // Positive and shorter than 20 bytes, as RFC 5280 (4.1.2.2) requires.
      serialNumber: Certificate.SerialNumber(bytes: [0x40] + (0..<15).map { _ in UInt8.random(in: .min ... .max) }),
      publicKey: Certificate.PublicKey(key.publicKey),
      notValidBefore: now - Self.allowance, notValidAfter: now + Self.validity,
      issuer: subject, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.serverAuth])
        SubjectAlternativeNames(names.map { .dnsName($0) })
      },
      issuerPrivateKey: Certificate.PrivateKey(key))
    return Array((try certificate.serializeAsPEM().pemString + "\n").utf8)
  }

  /// Nil if the host's name is not allowed in a certificate.
  private static var hostName: String? {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return nil }
    let name = String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let isUsable = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    return name.isEmpty || name == "localhost" || !isUsable ? nil : name
  }
}
