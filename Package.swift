// swift-tools-version: 6.2
import PackageDescription

// Continuous integration sets SWIFTCHAT_STRICT, which turns warnings into errors. Builds of released versions do not,
// so that warnings of newer compilers do not break them.
let strict: [SwiftSetting] =
  Context.environment["SWIFTCHAT_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

// For targets whose classes are confined to one event loop. Only debug builds, which the tests use, check at run time that
// access to their properties is exclusive: in release builds the checks took a fifteenth of the time of a message.
let onEventLoop: [SwiftSetting] =
  strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

// Every dependency points downwards. The interface and the network code do not depend on each other; only `swiftchat`
// uses both.
let package = Package(
  name: "swiftchat",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "swiftchat", targets: ["swiftchat"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The C library of each system, and what is made of it in several targets.
    .target(name: "Platform", swiftSettings: strict),
    // The codec, for both client and server. NIOCore for its byte buffer.
    .target(
      name: "ChatProtocol",
      dependencies: ["Platform", .product(name: "NIOCore", package: "swift-nio")],
      swiftSettings: strict
    ),
    // Messages, events, commands and addresses that the client session and the interface share.
    .target(name: "ChatModel", dependencies: ["ChatProtocol", "Platform"], swiftSettings: strict),
    // The records that hub, log and server exchange, and that no client sees.
    .target(
      name: "ChatRecords",
      dependencies: ["ChatProtocol", .product(name: "NIOCore", package: "swift-nio")],
      swiftSettings: strict
    ),
    // The rules of the chat: sessions, permissions and recipients. Crypto for the tokens by which it recognizes
    // members.
    .target(
      name: "ChatHub",
      dependencies: [
        "ChatProtocol", "ChatRecords", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: strict
    ),
    // How requests are read and messages written, for each protocol over the hub.
    .target(
      name: "ChatDialects",
      dependencies: ["ChatHub", "ChatProtocol", "ChatRecords", .product(name: "NIOCore", package: "swift-nio")],
      swiftSettings: onEventLoop
    ),
    // The log of stored messages.
    .target(
      name: "ChatLog",
      dependencies: [
        "ChatProtocol", "ChatRecords", "CPostgres", "CSQLite", "Platform",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict
    ),
    .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
    // PostgreSQL's client library, which is loaded when it is first needed, and linked with nothing.
    .target(name: "CPostgres", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    // Sockets and fan-out around the hub and the log. NIOEmbedded for an in-memory handshake that tests a certificate
    // before use.
    .target(
      name: "ChatServer",
      dependencies: [
        "ChatDialects", "ChatHub", "ChatLog", "ChatProtocol", "ChatRecords", "Platform",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "X509", package: "swift-certificates"),
      ],
      swiftSettings: onEventLoop
    ),
    // The client session, and the socket around it.
    .target(
      name: "ChatClient",
      dependencies: [
        "ChatModel", "ChatProtocol", "Platform",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
      ],
      swiftSettings: strict
    ),
    // Cells, styles and keys: what a screen and a terminal exchange.
    .target(name: "TerminalTypes", swiftSettings: strict),
    // The interface as a value: takes events, returns commands and cells.
    .target(name: "ChatUI", dependencies: ["ChatModel", "ChatProtocol", "TerminalTypes"], swiftSettings: strict),
    // The only target that uses curses.
    .target(name: "Terminal", dependencies: ["CNcurses", "Platform", "TerminalTypes"], swiftSettings: strict),
    .target(
      name: "CNcurses",
      linkerSettings: [
        .linkedLibrary("ncursesw", .when(platforms: [.linux])),
        .linkedLibrary("ncurses", .when(platforms: [.macOS])),
      ]
    ),
    // Output and path arguments of all commands.
    .target(
      name: "CommandSupport",
      dependencies: ["Platform", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict
    ),
    // `swiftchat bench`, which measures the running binary. NIO for its clients.
    .target(
      name: "Benchmark",
      dependencies: [
        "ChatLog", "ChatModel", "ChatProtocol", "ChatRecords", "ChatUI", "CommandSupport", "Platform",
        "TerminalTypes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: strict
    ),
    // The command line, and the glue between client, screen and server.
    .executableTarget(
      name: "swiftchat",
      dependencies: [
        "Benchmark", "ChatClient", "ChatHub", "ChatLog", "ChatModel", "ChatProtocol", "ChatRecords", "ChatServer",
        "ChatUI", "CommandSupport", "Platform", "Terminal", "TerminalTypes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict
    ),
    // Helpers for the tests of several targets.
    .target(
      name: "TestSupport",
      dependencies: ["ChatProtocol", "Platform", .product(name: "DequeModule", package: "swift-collections")],
      path: "Tests/TestSupport", swiftSettings: strict),
    // Replaces `malloc` in the test program, to count allocations.
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    // The messages shown to a client's user, for tests that compare them with the log.
    .target(
      name: "TestClient", dependencies: ["ChatModel", "ChatProtocol"], path: "Tests/TestClient", swiftSettings: strict),
    // Properties that hold for any input bytes, for the tests and for the fuzzer.
    .target(
      name: "ProtocolProperties",
      dependencies: ["ChatProtocol", "ChatRecords", .product(name: "NIOCore", package: "swift-nio")],
      path: "Tests/ProtocolProperties",
      swiftSettings: strict
    ),
    .testTarget(
      name: "ChatProtocolTests",
      dependencies: [
        "ChatProtocol", "ProtocolProperties", "TestSupport", .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ChatRecordsTests",
      dependencies: ["ChatProtocol", "ChatRecords", "TestSupport", .product(name: "NIOCore", package: "swift-nio")],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ChatHubTests",
      dependencies: [
        "ChatDialects", "ChatHub", "ChatProtocol", "ChatRecords", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"), .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ChatLogTests",
      dependencies: [
        "ChatLog", "ChatProtocol", "ChatRecords", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ChatServerTests",
      dependencies: [
        "CAllocations", "ChatDialects", "ChatHub", "ChatLog", "ChatProtocol", "ChatRecords", "ChatServer", "Platform",
        "TestSupport",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      resources: [.copy("Transcripts")],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ChatClientTests",
      dependencies: [
        "ChatClient", "ChatModel", "ChatProtocol", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "X509", package: "swift-certificates"),
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ChatUITests", dependencies: ["ChatModel", "ChatProtocol", "ChatUI", "TerminalTypes", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TerminalTests", dependencies: ["Terminal", "TerminalTypes", "TestSupport"], swiftSettings: strict),
    // Hub, log and clients together, over an unreliable network.
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "ChatClient", "ChatDialects", "ChatHub", "ChatLog", "ChatModel", "ChatProtocol", "ChatRecords", "TestClient",
        "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict
    ),
    // Parts of the command line, without a child process.
    .testTarget(
      name: "SwiftchatTests",
      dependencies: [
        "Benchmark", "ChatClient", "ChatModel", "ChatProtocol", "ChatRecords", "ChatUI", "CommandSupport", "Platform",
        "Terminal", "TerminalTypes", "TestSupport", "swiftchat",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      exclude: ["Recordings"],
      swiftSettings: strict
    ),
    // The actual binary, driven through a terminal and through netcat.
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "ChatClient", "ChatLog", "ChatModel", "ChatProtocol", "Platform", "TestClient", "TestSupport", "swiftchat",
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// Only on request, because the target needs libFuzzer; see Tests/Fuzzing.
if Context.environment["SWIFTCHAT_FUZZER"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzzing", dependencies: ["ProtocolProperties"], path: "Tests/Fuzzing",
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
