import ChatProtocol
import Crypto
import X509

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Pin {
  /// What clients know the server of a directory by.
  /// - Returns: nil where it has no certificate, and is not encrypted.
  /// - Throws: `Failure` where the certificate cannot be read.
  init?(ofServerIn directory: String) throws {
    let path = "\(directory)/server.crt"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let key: [UInt8]
    do {
      let certificate = try Certificate(pemEncoded: String(contentsOfFile: path, encoding: .utf8))
      key = try certificate.publicKey.serializeAsPEM().derBytes
    } catch {
      throw Failure("cannot read the server's certificate, \(path): \(error)")
    }
    self.init(Array(SHA256.hash(data: key)))
  }
}
