import Contracts
import Testing

@testable import Execution

@Suite struct EligibilityTests {
  private func classifier(_ columns: [Column]) -> Offer {
    Offer(
      agent: "spy", agentVersion: "1.0.0", task: TaskNames.classifyText,
      inputs: [Port("rows", .table(TableType(columns: columns)))], outputs: [])
  }

  @Test("an executing agent that declares a label column is not asked at all")
  func label() {
    let text = Column(name: "text", type: .utf8)
    let label = Column(name: "label", type: .utf8)
    #expect(Eligibility.columnObjection(to: classifier([text])) == nil)
    #expect(
      Eligibility.columnObjection(to: classifier([text, label]))
        == "it asks for the column 'label', which text.classify/1 may not read")
  }
}
