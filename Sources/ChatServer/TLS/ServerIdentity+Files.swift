// Loading and creating the files. All functions block.

extension ServerIdentity {
  /// Loads the identity that the settings name. Files that the server makes itself are created if missing.
  /// - Parameters:
  ///   - last: the identity used before. One that exists only in memory is reused.
  ///   - warn: receives problems that do not prevent the server from starting.
  /// - Returns: nil if TLS is off.
  /// - Throws: if existing files are unusable: clients would take a new key for an attack.
  static func load(
    _ settings: TLSSettings, after last: ServerIdentity? = nil, warn: (String) -> Void
  ) throws(IdentityError) -> ServerIdentity? {
    if settings.mode == .off { return nil }
    if let files = settings.files { return try given(files) }
    guard let directory = settings.directory else { return try inMemory(after: last) }
    return try own(IdentityFiles(directory: directory), after: last, warn: warn)
  }

  private static func given(_ files: TLSSettings.Files) throws(IdentityError) -> ServerIdentity {
    let certificate = try read(files.certificate, "the certificate", option: "--cert")
    let key = try read(files.key, "the key", option: "--key")
    do {
      return try ServerIdentity(certificate: certificate.bytes, key: key.bytes, chain: certificate.certificates)
    } catch {
      switch error {
      case .brokenChain:
        throw IdentityError(
          "cannot use \(files.certificate): not all of its \(certificate.certificates) certificates can be read")
      case .unusable(let reason): throw IdentityError("cannot use \(files.certificate): \(reason)")
      case .noCertificate where certificate.certificates > 0:
        throw IdentityError(
          "cannot use \(files.certificate): its certificate is damaged, or its type or usage does not suit a server; "
            + HandshakeTrial.advice)
      case .noKey where key.holdsKey:
        throw IdentityError(
          "cannot use \(files.key): its private key is damaged, or of a type that cannot be used; "
            + HandshakeTrial.advice)
      case .noCertificate:
        throw IdentityError(
          "cannot use \(files.certificate): it holds no certificate in PEM; choose another with --cert")
      case .noKey:
        throw IdentityError("cannot use \(files.key): it holds no private key in PEM; choose another with --key")
      case .encryptedKey:
        throw IdentityError(
          "cannot use \(files.key): the key is encrypted; decrypt it with `openssl pkey -in \(files.key) -out FILE`")
      case .mismatch:
        throw IdentityError(
          "cannot use \(files.certificate): \(files.key) is not its key; name two that belong together, the server's "
            + "own certificate first in its file")
      }
    }
  }

  private static func read(
    _ path: String, _ what: String, option: String
  ) throws(IdentityError) -> PEMText {
    let contents: [UInt8]
    do {
      contents = try CredentialFile(path: path).read()
    } catch {
      throw IdentityError("cannot read \(what) from \(path): \(error); choose another with \(option)")
    }
    do {
      return try PEMText(contents)
    } catch {
      throw IdentityError("cannot use \(path): \(error.reason); choose another with \(option)")
    }
  }

  private static func own(
    _ files: IdentityFiles, after last: ServerIdentity?, warn: (String) -> Void
  ) throws(IdentityError) -> ServerIdentity {
    guard let key = try files.readKey() else {
      guard try files.readCertificate() == nil else {
        throw IdentityError(
          "cannot use \(files.certificate.path): the key to it, \(files.key.path), is gone; put it back, or remove the "
            + "certificate: the server then makes both anew, and everybody is asked to trust it again")
      }
      return try make(files, after: last, warn: warn)
    }
    return try complete(files, key: key)
  }

  /// Checks whether `load` would succeed, without creating files.
  /// - Throws: the error that `load` would throw.
  static func check(_ settings: TLSSettings) throws(IdentityError) {
    if settings.mode == .off { return }
    if let storeKey = settings.storeKey { _ = try SharedKey(path: storeKey) }
    if let files = settings.files {
      _ = try given(files)
      return
    }
    guard let directory = settings.directory else { return }
    let files = IdentityFiles(directory: directory)
    let (key, certificate) = (try files.readKey(), try files.readCertificate())
    switch (key, certificate) {
    case (nil, nil): return
    // The certificate is missing and would be created.
    case (let key?, nil): guard OwnKey(pem: key) != nil else { throw files.brokenKey }
    default: _ = try own(files, after: nil, warn: { _ in })
    }
  }

  private static func make(
    _ files: IdentityFiles, after last: ServerIdentity?, warn: (String) -> Void
  ) throws(IdentityError) -> ServerIdentity {
    let key: [UInt8]
    do {
      try PrivateDirectory.make(files.directory)
      key = try files.key.make(OwnKey().pem)
    } catch {
      warn(
        "cannot keep the server's key in \(files.directory): \(error); with the next start it is another one, and "
          + "everybody is asked to trust the server again; name another directory with --data")
      return try inMemory(after: last)
    }
    return try complete(files, key: key)
  }

  /// Recreates a missing certificate: clients identify the server by its key alone.
  private static func complete(_ files: IdentityFiles, key: [UInt8]) throws(IdentityError) -> ServerIdentity {
    let kept = try files.readCertificate()
    let certificate = if let kept { kept } else { try files.makeCertificate(key) }
    do {
      return try ServerIdentity(certificate: certificate, key: key)
    } catch {
      switch error {
      case .noKey, .encryptedKey: throw files.brokenKey
      case .unusable(let reason): throw IdentityError("cannot use \(files.certificate.path): \(reason)")
      case .noCertificate, .brokenChain:
        throw IdentityError(
          "cannot use \(files.certificate.path): it holds no certificate; remove it: the server then makes another one "
            + "with the same key")
      case .mismatch:
        throw IdentityError(
          "cannot use \(files.certificate.path): it belongs to another key than \(files.key.path); remove it: the server "
            + "then makes one for this key")
      }
    }
  }
}
