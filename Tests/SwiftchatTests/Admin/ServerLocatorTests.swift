import ArgumentParser
import ChatLog
import Foundation
import TestSupport
import Testing

@testable import swiftchat

/// Locating the server on this machine by its settings.
@Suite
struct ServerLocatorTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["config", "config/swiftchat", "etc", "lib"] { try folder.makeFolder(name) }
  }

  private var path: String { folder.path }

  private func find(
    port: Int? = nil, data: String? = nil, file: String? = nil, _ variables: [String: String] = [:]
  ) throws -> [String] {
    var environment = ["HOME": "\(path)/home", "XDG_STATE_HOME": "\(path)/state", "XDG_CONFIG_HOME": "\(path)/config"]
    environment.merge(variables) { $1 }
    return try locator(port: port, data: data, file: file, environment).directories()
  }

  private func locator(
    port: Int? = nil, data: String? = nil, file: String? = nil, _ environment: [String: String]
  ) -> ServerLocator {
    ServerLocator(
      port: port, data: data, file: file, environment: { environment[$0] }, variables: Array(environment.keys),
      system: ServerLocator.System(file: "\(path)/etc/server.toml", data: "\(path)/lib"))
  }

  private func write(_ name: String, _ text: String) throws { try folder.write(name, text.utf8) }

  @Test
  func `the server is located by flags, then by the environment, then by the file`() throws {
    try folder.remove("lib")
    #expect(try find() == ["\(path)/state/swiftchat"])
    #expect(try find(port: 5001) == ["\(path)/state/swiftchat/port-5001"])
    #expect(try find(["SWIFTCHAT_PORT": "5002"]) == ["\(path)/state/swiftchat/port-5002"])
    try write("config/swiftchat/server.toml", "port = 5003\n")
    #expect(try find() == ["\(path)/state/swiftchat/port-5003"])
    #expect(try find(["SWIFTCHAT_PORT": "4000"]) == ["\(path)/state/swiftchat"])
    try write("config/swiftchat/server.toml", "data = \"/srv/file\"\n")
    #expect(try find() == ["/srv/file"])
    #expect(try find(port: 5001) == ["/srv/file"])
    #expect(try find(["SWIFTCHAT_DATA": "/srv/environment"]) == ["/srv/environment"])
    #expect(try find(data: "/srv/flag", ["SWIFTCHAT_DATA": "/srv/environment"]) == ["/srv/flag"])
    try write("other.toml", "data = \"/srv/other\"\n")
    #expect(try find(["SWIFTCHAT_CONFIG": "\(path)/other.toml"]) == ["/srv/other"])
    #expect(try find(file: "\(path)/other.toml", ["SWIFTCHAT_CONFIG": "/nowhere"]) == ["/srv/other"])
    // An ephemeral server has its socket next to its key.
    #expect(try find(["SWIFTCHAT_EPHEMERAL": "true"]) == ["\(path)/state/swiftchat"])
  }

  @Test
  func `the server locator ignores invalid settings that do not affect the location`() throws {
    try folder.remove("lib")
    try write("config/swiftchat/server.toml", "idel-timeout = 3\nport = 5003\nmotd = 7\n[nothing]\n")
    #expect(try find(["SWIFTCHAT_IDLE_TIMEOUT": "x"]) == ["\(path)/state/swiftchat/port-5003"])
    try write("config/swiftchat/server.toml", "port = 5003\n[[\n")
    let error = #expect(throws: ConfigurationError.self) { try find() }
    #expect(error?.description.contains("server.toml, line 2: ") == true)
    #expect(error?.description.contains("--data") == true)
    #expect(try find(data: "/srv/flag") == ["/srv/flag"])
  }

  @Test
  func `the server locator tries a system service after the user's own server, if its directory is readable`() throws {
    #expect(try find() == ["\(path)/state/swiftchat", "\(path)/lib"])
    // A system service is not tried for another port.
    #expect(try find(port: 5001) == ["\(path)/state/swiftchat/port-5001"])
    #expect(try find(["SWIFTCHAT_PORT": "5001"]) == ["\(path)/state/swiftchat/port-5001"])
    #expect(try find(["SWIFTCHAT_DATA": "/srv/d"]) == ["/srv/d"])
    try folder.makeFolder("srv")
    try write("etc/server.toml", "port = 5001\ndata = \"\(path)/srv\"\n")
    #expect(try find() == ["\(path)/state/swiftchat", "\(path)/lib", "\(path)/srv"])
    #expect(try find(port: 5001) == ["\(path)/state/swiftchat/port-5001", "\(path)/lib", "\(path)/srv"])
    #expect(try find(port: 4000) == ["\(path)/state/swiftchat"])
    try write("etc/server.toml", "[[")
    #expect(try find() == ["\(path)/state/swiftchat", "\(path)/lib"])
  }

  @Test(.enabled(if: geteuid() != 0, "root may enter every directory"))
  func `the closed directory of a system service counts only for a command that then says so`() throws {
    let own = "\(path)/state/swiftchat"
    do {
      #expect(chmod("\(path)/lib", 0) == 0)
      defer { chmod("\(path)/lib", 0o700) }
      #expect(try locator(environment).directories() == [own])
      #expect(try locator(environment).directories(includesClosed: true) == [own, "\(path)/lib"])
      #expect(try locator(port: 5001, environment).directories(includesClosed: true) == ["\(own)/port-5001"])
    }
    try folder.remove("lib")
    #expect(try locator(environment).directories(includesClosed: true) == [own])
  }

  private var environment: [String: String] {
    ["HOME": "\(path)/home", "XDG_STATE_HOME": "\(path)/state", "XDG_CONFIG_HOME": "\(path)/config"]
  }

  @Test
  func `the database of a system service is found where the user has no log`() throws {
    try write("etc/server.toml", "store = \"postgresql://u@h/d\"\n")
    #expect(try locator(environment).store()?.description == "postgresql://u@h/d")
    #expect(try locator(port: 4000, environment).store()?.description == "postgresql://u@h/d")
    #expect(try locator(port: 5001, environment).store() == nil)
    #expect(try locator(data: "\(path)/lib", environment).store() == nil)
    let otherPort = environment.merging(["SWIFTCHAT_PORT": "5001"]) { $1 }
    #expect(try locator(otherPort).store() == nil)
    try write("config/swiftchat/server.toml", "port = 5001\n")
    #expect(try locator(environment).store() == nil)
    try folder.remove("config/swiftchat/server.toml")
    try write("other.toml", "port = 4000\n")
    #expect(try locator(file: "\(path)/other.toml", environment).store() == nil)
    try folder.makeFolder("state")
    try folder.makeFolder("state/swiftchat")
    _ = try SQLiteLog(directory: "\(path)/state/swiftchat")
    #expect(try locator(environment).store() == nil)
    try write("config/swiftchat/server.toml", "store = \"postgresql://own@h/d\"\n")
    #expect(try locator(environment).store()?.description == "postgresql://own@h/d")
  }

  @Test
  func `settings of a system service that cannot be read do not count as settings without a database`() throws {
    for text in ["store = postgresql://u@h/d\n", "store = \"postgresql://u@h/d\n", "[["] {
      try write("etc/server.toml", text)
      let error = #expect(throws: ConfigurationError.self) { try locator(environment).store() }
      #expect(error?.description.contains("\(path)/etc/server.toml") == true, "\(String(describing: error))")
      #expect(error?.description.contains("--data") == true)
      let ofFiles = #expect(throws: ConfigurationError.self) {
        try locator(data: "\(path)/lib", environment).storeForFiles()
      }
      #expect(ofFiles?.description.contains("--store") == true, "\(String(describing: ofFiles))")
      #expect(ofFiles?.description.contains("--data") == false, "the directory is named already")
    }
    #expect(try locator(data: "\(path)/lib", environment).store() == nil)
    // A file that nobody can open, not even root.
    try folder.remove("etc/server.toml")
    let file = folder.file("etc/server.toml")
    try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: file)
    #expect(throws: ConfigurationError.self) { try locator(environment).store() }
    #expect(throws: ConfigurationError.self) { try locator(port: 4000, environment).store() }
    #expect(try locator(port: 5001, environment).store() == nil)
  }

  @Test
  func `a log is copied to the database of a system service only from its own directories`() throws {
    try folder.makeFolder("srv")
    try folder.makeFolder("mine")
    try write("etc/server.toml", "store = \"postgresql://u@h/d\"\ndata = \"\(path)/srv\"\n")
    #expect(try locator(environment).storeForFiles()?.description == "postgresql://u@h/d")
    for name in ["lib", "lib/", "srv"] {
      let found = try locator(data: "\(path)/\(name)", environment).storeForFiles()
      #expect(found?.description == "postgresql://u@h/d", "\(name)")
    }
    #expect(try locator(data: "\(path)/mine", environment).storeForFiles() == nil)
    #expect(try locator(data: "\(path)/missing", environment).storeForFiles() == nil)
    #expect(try locator(port: 5001, environment).storeForFiles() == nil)
    // The user's own settings count for every directory.
    try write("config/swiftchat/server.toml", "store = \"postgresql://own@h/d\"\n")
    #expect(
      try locator(data: "\(path)/mine", environment).storeForFiles()?.description == "postgresql://own@h/d")
  }

  @Test
  func `log import looks for the database of the server that its options name`() throws {
    let command = try LogImportCommand.parse(["--port", "5001", "--data", "/srv/d", "--config", "/srv/c.toml"])
    let locator = command.log.server.locator
    #expect(locator.port == 5001)
    #expect(locator.data == "/srv/d")
    #expect(locator.file == "/srv/c.toml")
  }

  @Test
  func `the server locator reports that there is no place to look`() {
    for (variables, words) in [
      (["SWIFTCHAT_PORT": "0"], "port 0"), (["HOME": "", "XDG_STATE_HOME": ""], "no home"),
      (["SWIFTCHAT_PORT": "x"], "SWIFTCHAT_PORT is 'x'"), (["SWIFTCHAT_CONFIG": "/nowhere"], "/nowhere"),
      (["SWIFTCHAT_DATA": "~x"], "SWIFTCHAT_DATA is '~x'"), (["SWIFTCHAT_DAT": "/srv"], "did you mean SWIFTCHAT_DATA?"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try find(variables) }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }
}
