import FaceEvents
import SQLiteStorage
import TestSupport
import Testing

@Suite struct ContractTests {
  @Test("As an event store:", arguments: EventStoreContract.cases)
  func keepsTheContractOfEventStore(_ contract: EventStoreContract.Case) async throws {
    try await withStore { try await contract.run($0) }
  }

  @Test("As a quarantine store:", arguments: QuarantineStoreContract.cases)
  func keepsTheContractOfQuarantineStore(_ contract: QuarantineStoreContract.Case) async throws {
    try await withStore({ $0.quarantineBytesMax = 500_000 }) { try await contract.run($0) }
  }

  @Test("As an event log:", arguments: EventLogContract.cases)
  func keepsTheContractOfEventLog(_ contract: EventLogContract.Case) async throws {
    try await withStore { try await contract.run($0) }
  }

  @Test("As a target store:", arguments: TargetStoreContract.cases)
  func keepsTheContractOfTargetStore(_ contract: TargetStoreContract.Case) async throws {
    try await withStore { try await contract.run($0) }
  }

  @Test("As an event catalog:", arguments: EventCatalogContract.cases)
  func keepsTheContractOfEventCatalog(_ contract: EventCatalogContract.Case) async throws {
    try await withStore { try await contract.run($0) }
  }
}
