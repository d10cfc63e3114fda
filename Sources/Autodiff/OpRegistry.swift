import TensorCore

/// Operations by name and version: the one table that a host and its plug-ins compute through.
///
///     let registry = OpRegistry.standard
///     let matmul = try registry.find("matmul/1")
///     let y = try matmul.run([x, w], attributes: .matmul(.init()), context: context, tape: tape)
///
/// A value: adding an operation to one copy leaves the others as they are.
public struct OpRegistry: Sendable {
  private var definitions: [String: OpDefinition]

  /// The operations that every host has.
  public static let standard = OpRegistry(standardOps)

  /// Makes a registry of the given operations; of two with one id the last one stays.
  ///
  /// - Parameter definitions: the operations.
  public init(_ definitions: [OpDefinition] = []) {
    self.definitions = Dictionary(
      definitions.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
  }

  /// Adds an operation, for example one that a plug-in brings.
  ///
  /// - Parameter definition: the operation.
  /// - Throws: `AutodiffError.Code.duplicateOp` when its id is taken.
  public mutating func register(_ definition: OpDefinition) throws(AutodiffError) {
    guard definitions[definition.id] == nil else {
      throw AutodiffError(
        .duplicateOp, op: definition.id,
        message: "is registered already; choose another name or the next version")
    }
    definitions[definition.id] = definition
  }

  /// Looks an operation up.
  ///
  /// - Parameter id: name and version, such as `matmul/1`.
  /// - Throws: `AutodiffError.Code.unknownOp`, naming the versions that do exist.
  /// - Complexity: O(1); keep the result where the call is hot.
  public func find(_ id: String) throws(AutodiffError) -> OpDefinition {
    if let definition = definitions[id] { return definition }
    let name = id.prefix { $0 != "/" }
    let versions = definitions.values.filter { $0.name == name }.map(\.id).sorted()
    let remedy =
      versions.isEmpty
      ? "there are: \(all.map(\.id).joined(separator: ", "))"
      : "there is \(versions.joined(separator: ", "))"
    throw AutodiffError(.unknownOp, op: id, message: "is not registered; \(remedy)")
  }

  /// Looks an operation up and runs it; see `OpDefinition.run(_:attributes:context:tape:)`.
  ///
  /// - Parameters:
  ///   - id: name and version, such as `matmul/1`.
  ///   - inputs: the operands.
  ///   - attributes: of the operation's kind.
  ///   - context: kernels, memory, generator.
  ///   - tape: where to record; nil for no gradient.
  /// - Returns: the outputs.
  public func run(
    _ id: String, _ inputs: [Tensor], attributes: OpAttributes = .none, context: ComputeContext,
    tape: Tape? = nil
  ) throws -> [Tensor] {
    try find(id).run(inputs, attributes: attributes, context: context, tape: tape)
  }

  /// All operations, sorted by id.
  public var all: [OpDefinition] { definitions.values.sorted { $0.id < $1.id } }
}
