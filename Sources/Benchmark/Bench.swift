import ArgumentParser

/// Measures the running binary, so that anyone can verify the published figures.
package struct Bench: ParsableCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Measure this binary on this machine.",
    discussion: """
      Each measures a server or a client that it starts itself, checks that what it measured was done right, and leaves \
      nothing behind; messages stay on a server that --target names, and in the database of cluster. Figures of a debug \
      build, or beside other work, say little.

      Examples:
        swiftchat bench fanout                  a hundred clients, ten talk
        swiftchat bench dm --disk               fifty pairs, every message stored
        swiftchat bench connect                 how many can log in
        swiftchat bench ping --load who         the answer to one while all others are busy
        swiftchat bench history                 catching up on what was missed
        swiftchat bench idle --clients 1000     what a silent connection costs
        swiftchat bench screen                  how soon a key is seen
        swiftchat bench cluster --store URL     three servers on one database
        swiftchat bench log                     storing and finding a million messages
      """,
    subcommands: [
      FanoutBench.self, DirectBench.self, ConnectBench.self, PingBench.self, HistoryBench.self, IdleBench.self,
      ScreenBench.self, LogBench.self, ClusterBench.self,
    ]
  )

  package init() {}
}
