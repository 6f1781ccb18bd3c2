// swift-tools-version: 6.2
import PackageDescription

// Continuous integration sets SWIFTCHAT_STRICT, so that a warning stops the build there, while a newer compiler's
// warnings never keep anybody from building a released version.
let strict: [SwiftSetting] =
  Context.environment["SWIFTCHAT_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

// Every edge points downwards; the interface and the network never see each other, and `swiftchat`
// is the only place where they meet.
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
    // The codec: what a line means, for both ends. NIOCore for its byte buffer.
    .target(
      name: "ChatProtocol",
      dependencies: [.product(name: "NIOCore", package: "swift-nio")],
      swiftSettings: strict
    ),
    // The rules: who is here, who may say what, who hears it. Crypto for the tokens by which it knows people again.
    .target(
      name: "ChatHub",
      dependencies: [
        "ChatProtocol", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: strict
    ),
    // The messages that were confirmed.
    .target(
      name: "ChatLog",
      dependencies: [
        "ChatProtocol", .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict
    ),
    // Sockets and fan-out around the hub and the log. NIOEmbedded for a handshake in memory, by which a certificate is
    // tried before it is shown to anybody.
    .target(
      name: "ChatServer",
      dependencies: [
        "ChatHub", "ChatLog", "ChatProtocol",
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
      swiftSettings: strict
    ),
    // The client's half of a conversation, and the socket around it.
    .target(
      name: "ChatClient",
      dependencies: [
        "ChatProtocol",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
      ],
      swiftSettings: strict
    ),
    // The screen as a value: events in, commands and cells out.
    .target(name: "ChatUI", dependencies: ["ChatProtocol"], swiftSettings: strict),
    // The only place that knows curses.
    .target(name: "Terminal", dependencies: ["ChatUI", "CNcurses"], swiftSettings: strict),
    .target(
      name: "CNcurses",
      linkerSettings: [
        .linkedLibrary("ncursesw", .when(platforms: [.linux])),
        .linkedLibrary("ncurses", .when(platforms: [.macOS])),
      ]
    ),
    // The command line, and the glue between client, screen and server. NIO for the crowd that measures the server.
    .executableTarget(
      name: "swiftchat",
      dependencies: [
        "ChatClient", "ChatLog", "ChatProtocol", "ChatServer", "ChatUI", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict
    ),
    // What the tests of several targets need.
    .target(
      name: "TestSupport", dependencies: [.product(name: "DequeModule", package: "swift-collections")],
      path: "Tests/TestSupport", swiftSettings: strict),
    // What a person in front of a client is told, for the tests that compare it with the log.
    .target(
      name: "TestClient", dependencies: ["ChatClient", "ChatProtocol"], path: "Tests/TestClient", swiftSettings: strict),
    // What holds for whatever bytes come in, for the tests and for the fuzzer.
    .target(
      name: "ProtocolProperties",
      dependencies: ["ChatProtocol", .product(name: "NIOCore", package: "swift-nio")],
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
      name: "ChatHubTests",
      dependencies: [
        "ChatHub", "ChatProtocol", "TestSupport", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ChatLogTests",
      dependencies: [
        "ChatLog", "ChatProtocol", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ChatServerTests",
      dependencies: [
        "ChatHub", "ChatLog", "ChatProtocol", "ChatServer", "TestSupport",
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
        "ChatClient", "ChatProtocol", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "X509", package: "swift-certificates"),
      ],
      swiftSettings: strict
    ),
    .testTarget(name: "ChatUITests", dependencies: ["ChatProtocol", "ChatUI", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "TerminalTests", dependencies: ["ChatUI", "Terminal", "TestSupport"], swiftSettings: strict),
    // Hub, log and clients together, over a network that fails.
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "ChatClient", "ChatHub", "ChatLog", "ChatProtocol", "TestClient", "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict
    ),
    // The command line's parts, without a process of their own.
    .testTarget(
      name: "SwiftchatTests",
      dependencies: [
        "ChatClient", "ChatProtocol", "TestSupport", "swiftchat",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict
    ),
    // The real binary, driven through a terminal and through netcat.
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["ChatClient", "ChatProtocol", "TestClient", "TestSupport", "swiftchat"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// Only where it is asked for, as it is of use with libFuzzer alone; see Tests/Fuzzing.
if Context.environment["SWIFTCHAT_FUZZER"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzzing", dependencies: ["ProtocolProperties"], path: "Tests/Fuzzing",
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
