import FaceEvents

/// What the writer remembers of committed rows, to spare look-ups. Changed only after a commit.
struct StoreCaches {
  var boxes = BoundedCache<String, Int64>(capacity: 2_048)
  var endpoints = BoundedCache<EndpointName, Int64>(capacity: 4_096)
  var references = BoundedCache<ContentDigest, StoredReference>(capacity: 4_096)

  mutating func remember(_ learned: LearnedKeys) {
    for (code, key) in learned.boxes { boxes.insert(key, for: code) }
    for (name, key) in learned.endpoints { endpoints.insert(key, for: name) }
    for (digest, reference) in learned.references { references.insert(reference, for: digest) }
  }
}

/// What one transaction has looked up or inserted. It becomes common knowledge when the transaction commits, and is forgotten otherwise.
struct LearnedKeys {
  var boxes: [String: Int64] = [:]
  var endpoints: [EndpointName: Int64] = [:]
  var references: [ContentDigest: StoredReference] = [:]
}

/// The natural key of an endpoint; without an id it stands for the events of the box that name none.
struct EndpointName: Hashable {
  var box: Int64
  var id: String?
}

struct StoredReference {
  var location: PictureLocation
  var byteCount: Int
}
