import CadreABI

/// An assignment behind the opaque pointer that the host holds until `release`.
final class AssignmentObject {
  let assignment: any Assignment
  private let scope: BorrowScope

  init(_ assignment: any Assignment, scope: BorrowScope) {
    self.assignment = assignment
    self.scope = scope
  }

  /// Hands a reference to the host.
  func give() -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

  /// The object behind the host's pointer.
  static func behind(_ pointer: OpaquePointer?) throws(AgentFailure) -> AssignmentObject {
    guard let pointer else { throw AgentFailure(.internal, "the host names no assignment") }
    return Unmanaged<AssignmentObject>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }

  /// Takes the host's reference back and ends what the assignment borrowed.
  static func release(_ pointer: OpaquePointer?) {
    guard let pointer else { return }
    Unmanaged<AssignmentObject>.fromOpaque(UnsafeRawPointer(pointer)).takeRetainedValue()
      .scope.end()
  }

  func run(_ job: cadre_job, _ host: Host) throws {
    let borrows = BorrowScope("job")
    defer { borrows.end() }
    try assignment.run(Job(JobTable(host.table, job: job, scope: borrows), host: host))
  }
}
