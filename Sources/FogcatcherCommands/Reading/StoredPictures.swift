import FaceEvents

/// The pictures of one stored event, in its order; a picture that cannot be read is the error.
struct StoredPictures {
  var pictures: [Result<SharedBytes, StorageError>]

  static func read(of stored: StoredEvent, from store: any PictureStore) async -> StoredPictures {
    var pictures: [Result<SharedBytes, StorageError>] = []
    for (picture, location) in zip(stored.event.pictures, stored.locations) {
      do {
        pictures.append(.success(try await store.picture(at: location, digest: picture.digest)))
      } catch {
        pictures.append(.failure(error))
      }
    }
    return StoredPictures(pictures: pictures)
  }

  /// The bytes of all; nil when one is missing.
  var complete: [SharedBytes]? {
    let bytes = pictures.compactMap { try? $0.get() }
    return bytes.count == pictures.count ? bytes : nil
  }
}
