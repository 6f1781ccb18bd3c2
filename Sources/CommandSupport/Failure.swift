/// An error that the user at the command line can act on: printed as one line, with exit code 1.
package struct Failure: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
