/// What repair did about one finding.
public struct RepairAction: Sendable, Equatable {
  public enum Outcome: Sendable, Equatable {
    /// The bytes are in this file of the quarantine directory, and the volume says that they are set aside.
    case setAside(copy: String)
    /// The bytes are in this file of the quarantine directory, and the volume ends before them.
    case cut(copy: String)
    case headerRewritten
    /// A clause that says why nothing was done.
    case nothing(String)
  }

  public var finding: VolumeFinding
  public var outcome: Outcome
}

extension RepairAction: CustomStringConvertible {
  public var description: String {
    switch outcome {
    case .setAside(let copy): "\(finding): set aside, copied to \(copy)"
    case .cut(let copy): "\(finding): cut off, copied to \(copy)"
    case .headerRewritten: "\(finding): written again"
    case .nothing(let reason): "\(finding): nothing done, \(reason)"
    }
  }
}
