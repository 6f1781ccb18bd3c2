import ArgumentParser
import CommandSupport

/// `swiftchat config show`
struct ConfigShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print every setting of the client, and where its value comes from.",
    discussion: "The output is a valid settings file.")

  @OptionGroup var settings: ClientSettingsOption

  func run() throws {
    ignoreBrokenPipes()
    let source = try settings.source()
    let listing = ConfigurationListing(configuration: try source.read())
    // The path is the user's own text; a line feed in it would end the comment.
    let file = source.existingPath.map(TOMLText.string) ?? "no settings file"
    try StandardOutput.write("# \(file)\n\(listing)\n")
  }
}
