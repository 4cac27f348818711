import FaceEvents
import PictureVolumes

/// Sets aside what a verification found, and remembers what is lost for good.
struct Repair {
  let data: OpenData
  let directory: String

  /// - Returns: what was found before, with what was done about it.
  func run() async throws -> VerifyOutcome {
    var known = try KnownDamage(dataDirectory: directory)
    var found = try await Verification(store: data.store, volumes: data.volumes, known: known).run()
    if !found.volumeFindings.isEmpty {
      let actions = try await data.volumes.repair(found.volumeFindings, quarantine: "\(directory)/quarantine/volumes")
      found.repairs = actions.map { "repair: \($0)" }
    }
    guard !found.isClean else { return found }
    // Setting aside changes what rows meet, so what is left is found out by reading again.
    let left = try await Verification(store: data.store, volumes: data.volumes, known: known).run()
    if !left.damages.isEmpty {
      try known.add(left.damages)
      found.repairs.append("repair: \(left.damages.count) damages cannot be brought back and are listed in quarantine/known-damage.txt")
    }
    return found
  }
}
