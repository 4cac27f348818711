import Crypto
public import FaceEvents

/// What every ``PictureStore`` promises, whatever it is built on. A test target runs each case against a fresh, empty store.
public enum PictureStoreContract {
  public typealias Case = ContractCase<any PictureStore>

  public static let cases: [Case] = keeping + refusing
}

/// Pictures whose bytes nobody has to look at.
public enum SamplePictures {
  /// Different bytes for each `name`, and the digest that belongs to them.
  public static func picture(
    _ name: UInt64, byteCount: Int, role: PictureRole = .scene, receivedAt: Timestamp = Timestamp(milliseconds: 1_795_464_000_000)
  ) -> NewPicture {
    var state = name &* 0x9E37_79B9_7F4A_7C15 | 1
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    for _ in 0..<byteCount {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      bytes.append(UInt8(truncatingIfNeeded: state >> 56))
    }
    return NewPicture(role: role, digest: digest(of: bytes), bytes: SharedBytes(bytes), receivedAt: receivedAt)
  }

  public static func digest(of bytes: [UInt8]) -> ContentDigest {
    ContentDigest(bytes: Array(SHA256.hash(data: bytes))) ?? ContentDigest(words: (0, 0, 0, 0))
  }
}

extension PictureStore {
  func requirePictures(_ pictures: [NewPicture], at locations: [PictureLocation]) async throws {
    try requireEqual(locations.count, pictures.count, "locations")
    for (picture, location) in zip(pictures, locations) {
      let bytes = try await self.picture(at: location, digest: picture.digest)
      try require(bytes == picture.bytes, "a picture of \(picture.bytes.count) bytes comes back bit for bit")
    }
  }

  func requireDamaged(_ location: PictureLocation, _ digest: ContentDigest, _ what: String) async throws {
    do {
      _ = try await picture(at: location, digest: digest)
    } catch StorageError.damaged {
      return
    }
    throw ContractViolation(description: "\(what) gave a picture")
  }
}

extension PictureStoreContract {
  private static let keeping: [Case] = [
    Case("an empty batch has no locations and takes no room") { store in
      let before = store.usedBytes()
      try requireEqual(try await store.append([]), [], "locations")
      try requireEqual(store.usedBytes(), before, "bytes")
    },
    Case("pictures of every size come back bit for bit") { store in
      let sizes = [0, 1, 7, 8, 9, 63, 64, 65, 511, 512, 4_095, 4_096, 65_471, 65_472, 65_473, 65_536, 300_000]
      let pictures = sizes.enumerated().map { SamplePictures.picture(UInt64($0.offset), byteCount: $0.element) }
      try await store.requirePictures(pictures, at: try await store.append(pictures))
    },
    Case("a batch of all roles gets its locations in its own order") { store in
      let roles = PictureRole.allCases + PictureRole.allCases.reversed() + [.reference, .scene, .reference]
      let pictures = roles.enumerated().map { SamplePictures.picture(UInt64($0.offset), byteCount: 100 + $0.offset, role: $0.element) }
      let locations = try await store.append(pictures)
      try requireEqual(Set(locations).count, pictures.count, "different locations")
      try await store.requirePictures(pictures, at: locations)
    },
    Case("later batches leave earlier pictures as they are") { store in
      var pictures: [NewPicture] = []
      var locations: [PictureLocation] = []
      for name in 0..<UInt64(20) {
        let batch = (0..<(name % 4 + 1)).map { SamplePictures.picture(name << 8 | $0, byteCount: Int(name * 37 + $0)) }
        locations += try await store.append(batch)
        pictures += batch
      }
      try await store.requirePictures(pictures, at: locations)
    },
    Case("the same picture twice in a batch can be read at both places") { store in
      let picture = SamplePictures.picture(1, byteCount: 1_000, role: .reference)
      try await store.requirePictures([picture, picture], at: try await store.append([picture, picture]))
    },
    Case("a batch of thousands of pictures is kept") { store in
      let pictures = (0..<UInt64(3_000)).map { SamplePictures.picture($0, byteCount: Int($0 % 9)) }
      try await store.requirePictures(pictures, at: try await store.append(pictures))
    },
    Case("reads at once each get their own picture") { store in
      let pictures = (0..<UInt64(40)).map { SamplePictures.picture($0, byteCount: 3_000 + Int($0)) }
      let locations = try await store.append(pictures)
      try await withThrowingTaskGroup { group in
        for index in pictures.indices {
          group.addTask { try await store.requirePictures([pictures[index]], at: [locations[index]]) }
        }
        try await group.waitForAll()
      }
    },
    Case("what is kept takes room, and there is a figure for what is free") { store in
      let before = store.usedBytes()
      _ = try await store.append([SamplePictures.picture(1, byteCount: 5_000)])
      try require(store.usedBytes() >= before + 5_000, "used bytes grow by what was kept")
      try require(try store.freeBytes() > 0, "free bytes")
    },
  ]

  private static let refusing: [Case] = [
    Case("a picture is never given for another digest") { store in
      let pictures = [SamplePictures.picture(1, byteCount: 500), SamplePictures.picture(2, byteCount: 500)]
      let locations = try await store.append(pictures)
      try await store.requireDamaged(locations[0], pictures[1].digest, "the digest of another picture")
      try await store.requirePictures(pictures, at: locations)
    },
    Case("a location that was never given out is damaged, whatever it is") { store in
      let picture = SamplePictures.picture(1, byteCount: 500)
      let location = try await store.append([picture])[0]
      for distance: UInt64 in [1, 7, 8, 64, 72, 568, 4_096, 1 << 32, 1 << 62, 1 << 63, .max] {
        let other = PictureLocation(volume: location.volume, offset: location.offset &+ distance)
        try await store.requireDamaged(other, picture.digest, "a location \(distance) bytes on")
      }
      for volume in [0, 1, location.volume &+ 1, location.volume ^ 0xC000, .max] {
        try await store.requireDamaged(PictureLocation(volume: volume, offset: location.offset), picture.digest, "volume \(volume)")
      }
    },
  ]
}
