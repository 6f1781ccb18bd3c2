import ArgumentParser

@main
struct SwiftchatCommand: ParsableCommand {}
