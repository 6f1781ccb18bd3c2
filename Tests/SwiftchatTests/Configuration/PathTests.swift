import Testing

@testable import CommandSupport
@testable import swiftchat

/// Paths, hosts and names in settings.
@Suite
struct PathTests {
  @Test
  func `paths are read`() throws {
    #expect(try PathText.resolve("~", home: "/home/neha") == "/home/neha")
    #expect(try PathText.resolve("~/chat x", home: "/home/neha") == "/home/neha/chat x")
    for same in ["a", "./~a", "/a/~/b", "./$a", "a$b", " a"] { #expect(try PathText.resolve(same, home: "/h") == same) }
    for refused in ["", "~neha/x", "$HOME/x", "${HOME}", "a\u{0}b"] {
      #expect(throws: PathText.Problem.self) { try PathText.resolve(refused, home: "/h") }
    }
    for home in [nil, "", "h"] { #expect(throws: PathText.Problem.self) { try PathText.resolve("~/x", home: home) } }
  }

  @Test
  func `each path setting is read, in the file and in the environment`() throws {
    for name in ["data", "motd", "tls.cert", "tls.key"] {
      let variable = try #require(ServerSetting.named(name)?.variable)
      for value in ["~neha/x", "$HOME/x"] {
        let inFile = #expect(throws: ConfigurationError.self) {
          try ServerConfiguration(toml: "\(name) = \"\(value)\"", file: "f", only: [name])
        }
        #expect(inFile?.description.contains("f, line 1: \(name) is \"\(value)\", which begins with") == true)
        let inEnvironment = #expect(throws: ConfigurationError.self) {
          try ServerConfiguration(environment: { $0 == variable ? value : nil })
        }
        #expect(inEnvironment?.description.contains("\(variable) is '\(value)', which begins with") == true)
      }
    }
  }

  @Test
  func `configuration reads hosts to listen on`() throws {
    for (text, host) in [
      ("[::1]", "::1"), ("::1", "::1"), ("Localhost", "localhost"), ("192.0.2.7", "192.0.2.7"), ("0.0.0.0", "0.0.0.0"),
      ("::", "::"), ("fe80::7%enP1s2", "fe80::7%enP1s2"), ("[fe80::7%25enP1s2]", "fe80::7%enP1s2"),
      ("chat.example.org.", "chat.example.org"),
    ] {
      #expect(try ListenHost.resolve(text) == host)
    }
    for (text, words) in [
      ("", "empty"), ("*", "listens on all"), ("127.0.0.1:4000", "has a port"), ("[::1]:4000", "has a port"),
      ("chat:4000", "has a port"),
      ("a b", "no host"), ("http://x", "no host"), ("[::1", "no host"), ("192.0.2.7/24", "no host"),
      ("\u{a0}localhost", "no host"),
    ] {
      let problem = #expect(throws: ListenHost.Problem.self) { try ListenHost.resolve(text) }
      #expect(problem?.reason.contains(words) == true, "\(text): \(String(describing: problem))")
    }
  }

  @Test
  func `a misspelled word is corrected only to a similar one`() {
    let words = ["connect", "serve", "invite", "admin", "log", "identity", "trust", "bench", "help"]
    for (word, meant) in [
      ("conect", "connect"), ("connct", "connect"), ("sevre", "serve"), ("server", "serve"), ("admn", "admin"),
      ("identiy", "identity"),
      ("lgo", "log"), ("hlep", "help"), ("benhc", "bench"),
    ] {
      #expect(Spelling.closest(to: word, among: words) == meant)
    }
    for word in [
      "", "a", "lo", "example", "192.0.2.7", "localhost", "chat.example.org", String(repeating: "x", count: 100_000),
    ] {
      #expect(Spelling.closest(to: word, among: words) == nil)
    }
    #expect(SwiftchatCommand.misspelling(in: ["conect", "--name", "neha"])?.contains("did you mean 'connect'") == true)
    for arguments in [
      [], ["connect", "conect"], ["--help"], ["-h"], ["localhost"], ["help", "serv"], ["server:4000"],
    ] {
      #expect(SwiftchatCommand.misspelling(in: arguments) == nil, "\(arguments)")
    }
  }

  @Test
  func `an unknown variable is reported with a suggestion`() throws {
    try ServerConfiguration.checkVariables(
      ServerSetting.all.compactMap(\.variable) + ["SWIFTCHAT_CONFIG", "SWIFT", "HOME"]
        + ["SWIFTCHAT_PLACE", "SWIFTCHAT_AUTHOR", "SWIFTCHAT_TEXT"])
    for (name, hint) in [
      ("SWIFTCHAT_TLS", "MODE or SWIFTCHAT_TLS_CERT or SWIFTCHAT_TLS_KEY or SWIFTCHAT_TLS_STORE_KEY?"),
      ("SWIFTCHAT_PROT", "did you mean SWIFTCHAT_PORT?"),
      ("SWIFTCHAT_IDLETIMEOUT", "did you mean SWIFTCHAT_IDLE_TIMEOUT?"),
      ("SWIFTCHAT_FOO", "unset it"), ("SWIFTCHAT_", "unset it"), ("SWIFTCHAT_\u{1b}[2J", "'SWIFTCHAT_?[2J'"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try ServerConfiguration.checkVariables(["HOME", name]) }
      #expect(error?.description.contains(hint) == true, "\(String(describing: error))")
    }
  }
}
