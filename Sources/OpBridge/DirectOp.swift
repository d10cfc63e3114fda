import Autodiff
import TensorCore

/// An operation by element, run past the registry where nothing is recorded.
///
/// What is small is called often, and on 16 elements the way through the registry (arrays of operands,
/// a closure, a result with what gradients need) costs several times the operation. These operations take
/// no attributes and have one result, so nothing is lost on the short way; a test holds both against
/// each other.
enum DirectOp {
  case unary(UnaryOp)
  case binary(BinaryOp)
  case comparison(Comparison)

  /// The short way of an operation of the host; nil where it has none.
  init?(_ definition: OpDefinition) {
    guard let standard = try? OpRegistry.standard.find(definition.id), standard === definition,
      definition.defaultAttributes == .none, definition.version == 1
    else { return nil }
    let name = definition.name
    if let op = UnaryOp.allCases.first(where: { $0.name == name }) {
      self = .unary(op)
    } else if let op = BinaryOp.allCases.first(where: { $0.name == name }) {
      self = .binary(op)
    } else if let op = Comparison.allCases.first(where: { $0.name == name }) {
      self = .comparison(op)
    } else {
      return nil
    }
  }

  /// How many operands it takes.
  var inputCount: Int {
    if case .unary = self { 1 } else { 2 }
  }

  /// Computes the result.
  ///
  /// - Parameters:
  ///   - a: the first operand.
  ///   - b: the second one; nil where it takes one.
  ///   - context: kernels, memory, threads.
  @inline(__always)
  func run(_ a: Tensor, _ b: Tensor?, _ context: ComputeContext) throws(TensorError) -> Tensor {
    switch (self, b) {
    case (.binary(let op), let b?): try elementwise(op, a, b, context: context)
    case (.comparison(let op), let b?): try compare(op, a, b, context: context)
    case (.unary(let op), _): try elementwise(op, a, context: context)
    default: preconditionFailure("\(self) without its second operand")
    }
  }
}
