import Autodiff
import CadreABI
import TensorCore

/// An operation that an agent added through `cadre_ops.define`.
struct PluginOp: Sendable {
  let definition: OpDefinition
  private let functions: PluginFunctions

  private static let inputLimit = 4096
  private static let outputLimit = 64
  private static let nameLimit = 128

  /// Reads a definition field by field.
  ///
  /// - Parameters:
  ///   - description: borrowed for this call.
  ///   - host: as the agent sees it; valid until the agent is closed, like the functions.
  ///   - tensors: the agent's handles.
  init(
    _ description: UnsafePointer<cadre_op_definition>?, host: UnsafePointer<cadre_host>?,
    tensors: HandleTable<Tensor>
  ) throws {
    let place = "cadre_ops.define"
    func refuse(_ what: String) -> BridgeError {
      BridgeError(CADRE_INVALID_ARGUMENT, place, what)
    }
    guard let description,
      description.pointee.size >= UInt32(CADRE_END_cadre_op_definition_forward)
    else {
      throw refuse("the definition is NULL, or its size is below CADRE_END_..._forward")
    }
    let name = try Self.name(description.pointee.name)
    let id = "\(name)/\(description.pointee.version)"
    guard description.pointee.version >= 1 else { throw refuse("\(id): versions count from 1") }
    let (inputs, outputs) = (
      Int(description.pointee.input_count), Int(description.pointee.output_count)
    )
    guard inputs <= Self.inputLimit else {
      throw refuse("\(id): \(inputs) inputs; at most \(Self.inputLimit) are taken")
    }
    guard (1...Self.outputLimit).contains(outputs) else {
      throw refuse("\(id): \(outputs) outputs; 1 to \(Self.outputLimit) are taken")
    }
    guard let infer = description.pointee.infer, let forward = description.pointee.forward else {
      throw refuse("\(id): infer and forward must not be NULL")
    }
    var backward: PluginFunctions.Compute?
    if description.pointee.size >= UInt32(CADRE_END_cadre_op_definition_backward) {
      backward = description.pointee.backward
    }
    let functions = PluginFunctions(
      id: id, outputCount: outputs, host: host, data: description.pointee.data, infer: infer,
      forward: forward, tensors: tensors)
    self.functions = functions
    var vjp: OpDefinition.VectorJacobianProduct?
    if let backward { vjp = { try functions.pullBack($0, by: backward) } }
    definition = OpDefinition(
      name: name, version: Int(description.pointee.version), inputCount: inputs...inputs,
      outputs: .exactly(outputs), defaultAttributes: .opaque([]),
      summary: "defined by a plug-in", infer: { try functions.infer($0, $1) },
      forward: { try functions.run($0) },
      vjp: vjp)
  }

  private static func name(_ text: cadre_str) throws -> String {
    let bytes = text.clampedBytes(nameLimit + 1)
    let name = String(decoding: bytes, as: UTF8.self)
    let hasDot = name.dropFirst().dropLast().contains(".")
    guard bytes.count <= nameLimit, hasDot, bytes.allSatisfy(isNameByte) else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, "cadre_ops.define",
        "the name '\(name)' is none for an operation of a plug-in: letters, digits, _ and -, with "
          + "a dot in it, at most \(nameLimit) bytes, such as org.example.swish")
    }
    return name
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
    default: false
    }
  }

  /// Lets nobody call the agent's functions from now on.
  func close() { functions.close() }

  /// What a call gets after that.
  static func closed(_ id: String) -> BridgeError {
    BridgeError(
      CADRE_FAILED_PRECONDITION, id, "the agent that defined this operation is closed")
  }
}
