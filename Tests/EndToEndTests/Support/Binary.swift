import Foundation
import Testing

/// The `swiftchat` executable that was built together with these tests.
enum Binary {
  /// The path of the executable. A missing executable fails the test at the caller's source location.
  static func path(sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    var folder = URL(fileURLWithPath: image).deletingLastPathComponent()
    // On Linux the tests are an executable in the build folder. On macOS they are a library three folders further down,
    // in Contents/MacOS of a bundle.
    for _ in 0...3 {
      let candidate = folder.appendingPathComponent("swiftchat").path
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue,
        FileManager.default.isExecutableFile(atPath: candidate)
      {
        return candidate
      }
      folder.deleteLastPathComponent()
    }
    let found: String? = nil
    return try #require(found, "no swiftchat was built beside \(image)", sourceLocation: sourceLocation)
  }

  /// The executable or library that contains the tests.
  private static var image: String {
    #if os(Linux)
      // dladdr would return argv[0], which may be relative to a folder that is no longer the current one.
      return URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    #else
      // On macOS the main executable is the package manager's helper, which loads the tests.
      var information = Dl_info()
      guard dladdr(#dsohandle, &information) != 0, let name = information.dli_fname else {
        return CommandLine.arguments[0]
      }
      return String(cString: name)
    #endif
  }
}
