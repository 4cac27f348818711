// Faces are personal data: whatever is printed, logged or put into an error by default shows ids, never who somebody is or what was sent.
// Mirrors are closed too, because string interpolation of a container and `dump` go through them.

extension FaceEvent: CustomStringConvertible, CustomReflectable {
  public var description: String { "event \(id) (\(lane.word), \(form.rawValue), \(pictures.count) pictures)" }
  public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}

extension Person: CustomStringConvertible, CustomReflectable {
  public var description: String { "person (\(personClass.word))" }
  public var customMirror: Mirror { Mirror(self, children: ["personClass": personClass]) }
}

extension RequestSource: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(address) \(path)" }
  public var customMirror: Mirror { Mirror(self, children: ["address": address, "path": path]) }
}

extension StatusReport: CustomStringConvertible, CustomReflectable {
  public var description: String { "status report (\(form.rawValue))" }
  public var customMirror: Mirror { Mirror(self, children: ["form": form.rawValue]) }
}

extension EventQuery: CustomStringConvertible, CustomReflectable {
  public var description: String { "event query (at most \(limit))" }
  public var customMirror: Mirror { Mirror(self, children: ["limit": limit]) }
}

extension QuarantinedRequest: CustomStringConvertible, CustomReflectable {
  public var description: String { "quarantined request \(digest)" }
  public var customMirror: Mirror { Mirror(self, children: ["digest": digest]) }
}
