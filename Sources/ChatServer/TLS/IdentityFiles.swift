/// Where a server keeps the key and the certificate that it made for itself.
struct IdentityFiles {
  let directory: String

  var key: PrivateFile { PrivateFile(path: directory + "/server.key") }
  var certificate: PrivateFile { PrivateFile(path: directory + "/server.crt") }

  /// - Returns: nil where there is none.
  func readKey() throws(IdentityError) -> [UInt8]? {
    key.restrict()
    return try read(key)
  }
  func readCertificate() throws(IdentityError) -> [UInt8]? { try read(certificate) }

  private func read(_ file: PrivateFile) throws(IdentityError) -> [UInt8]? {
    let contents: [UInt8]
    do {
      guard let found = try file.readIfThere() else { return nil }
      contents = found
    } catch {
      throw IdentityError(
        "cannot read \(file.path): \(error); let the one who runs the server own it: `chown USER \(file.path)`")
    }
    // What is no text holds neither a key nor a certificate, which the caller finds out.
    return (try? PEMText(contents))?.bytes ?? contents
  }

  /// One for this key, kept where it can be.
  func makeCertificate(_ key: [UInt8]) throws(IdentityError) -> [UInt8] {
    guard let ownKey = OwnKey(pem: key), let made = try? ownKey.makeCertificate() else { throw brokenKey }
    // Without it there will be another one with the next start, which nobody notices.
    return (try? certificate.make(made)) ?? made
  }

  var brokenKey: IdentityError {
    IdentityError(
      "cannot use \(key.path): it holds no key that the server made; put the right one back, or remove it together with "
        + "server.crt: the server then makes both anew, and everybody is asked to trust it again")
  }
}
