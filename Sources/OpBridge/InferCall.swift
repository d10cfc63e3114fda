import Autodiff
import CadreABI
import TensorCore

/// One call of `cadre_ops.infer`.
enum InferCall {
  /// More inputs than any operation takes.
  static let inputLimit = 4096

  /// Answers the question in a signature.
  ///
  /// - Parameters:
  ///   - signature: its `output_count` becomes that of the operation; as many outputs are filled as
  ///     there is room for.
  ///   - definition: the operation.
  static func answer(
    _ signature: UnsafeMutablePointer<cadre_op_signature>?, for definition: OpDefinition
  ) throws {
    let place = definition.id
    guard let signature,
      signature.pointee.size >= UInt32(CADRE_END_cadre_op_signature_outputs)
    else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place,
        "the signature is NULL, or its size is below CADRE_END_cadre_op_signature_outputs")
    }
    let outputs = try definition.inferOutputs(
      inputs(signature, place: place),
      attributes: AttributeDecoder.decode(signature.pointee.attributes, for: definition))
    let room = Int(signature.pointee.output_count)
    if room > 0, !outputs.isEmpty, signature.pointee.outputs == nil {
      throw BridgeError(CADRE_INVALID_ARGUMENT, place, "the signature's outputs are NULL")
    }
    for (index, output) in outputs.prefix(room).enumerated() {
      let out = signature.pointee.outputs[index]
      // Lengths are one field: all of them, or none.
      let isWhole = out.map { $0.pointee.size >= UInt32(CADRE_END_cadre_tensor_shape_lengths) }
      try OutStruct.fill(
        out,
        end: isWhole == false
          ? CADRE_END_cadre_tensor_shape_rank : CADRE_END_cadre_tensor_shape_lengths,
        with: output.boundary, place: "\(place), output \(index)")
    }
    signature.pointee.output_count = UInt32(outputs.count)
  }

  private static func inputs(
    _ signature: UnsafeMutablePointer<cadre_op_signature>, place: String
  ) throws -> [TensorSpec] {
    let count = Int(signature.pointee.input_count)
    guard count <= inputLimit else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place, "\(count) inputs; at most \(inputLimit) are taken")
    }
    guard count > 0 else { return [] }
    guard let inputs = signature.pointee.inputs else {
      throw BridgeError(CADRE_INVALID_ARGUMENT, place, "the signature's inputs are NULL")
    }
    return try (0..<count).map { try TensorSpec(inputs[$0], place: "\(place), input \($0)") }
  }
}
