import FaceEvents
import PictureVolumes
import TestSupport
import Testing

@Suite("Picture store contract")
struct ContractTests {
  @Test("volumes on the real disk keep the contract", arguments: PictureStoreContract.cases)
  func realDisk(contract: PictureStoreContract.Case) async throws {
    try await withTemporaryFolder { folder in
      let store = try await PictureVolumes.open(directory: folder.volumes, marks: [:]).volumes
      try await contract.run(store)
      await store.close()
    }
  }

  @Test("volumes on the simulated disk keep the contract, however short its reads and writes are", arguments: PictureStoreContract.cases)
  func shortCalls(contract: PictureStoreContract.Case) async throws {
    let disk = FaultyDisk()
    for call in 0..<4_000 { disk.fail(call: call, with: .short) }
    var settings = PictureVolumesSettings()
    settings.volumeBytesMax = 4_096
    let store = try await PictureVolumes.open(directory: "/pictures", marks: [:], settings: settings, fileSystem: disk).volumes
    try await contract.run(store)
    await store.close()
  }
}
