/// The files of the key and the certificate that the server made.
struct IdentityFiles {
  let directory: String

  var key: CredentialFile { CredentialFile(path: directory + "/server.key") }
  var certificate: CredentialFile { CredentialFile(path: directory + "/server.crt") }

  /// - Returns: nil if the file does not exist.
  func readKey() throws(IdentityError) -> [UInt8]? {
    key.restrict()
    return try read(key)
  }
  func readCertificate() throws(IdentityError) -> [UInt8]? { try read(certificate) }

  private func read(_ file: CredentialFile) throws(IdentityError) -> [UInt8]? {
    let contents: [UInt8]
    do {
      guard let found = try file.readIfThere() else { return nil }
      contents = found
    } catch {
      throw IdentityError(
        "cannot read \(file.path): \(error); let the one who runs the server own it: `chown USER \(file.path)`")
    }
    // Non-text content holds neither a key nor a certificate; the caller reports that.
    return (try? PEMText(contents))?.bytes ?? contents
  }

  /// Creates a certificate for the key, and stores it if possible.
  func makeCertificate(_ key: [UInt8]) throws(IdentityError) -> [UInt8] {
    guard let ownKey = OwnKey(pem: key), let made = try? ownKey.makeCertificate() else { throw brokenKey }
    // If it cannot be stored, the next start creates another one; clients pin the key, so they do not notice.
    return (try? certificate.make(made)) ?? made
  }

  var brokenKey: IdentityError {
    IdentityError(
      "cannot use \(key.path): it holds no key that the server made; put the right one back, or remove it together with "
        + "server.crt: the server then makes both anew, and everybody is asked to trust it again")
  }
}
