public import ArgumentParser
public import FaceEvents

// The words of the field as arguments: FaceEvents itself knows no command line.

extension PersonClass: ExpressibleByArgument {
  public init?(argument: String) { self.init(word: argument) }
}

extension Lane: ExpressibleByArgument {
  public init?(argument: String) { self.init(word: argument.lowercased()) }
}

extension EventID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension EventFormat: ExpressibleByArgument {}
