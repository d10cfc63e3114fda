import Autodiff
import CadreABI
import TensorCore

/// The table `cadre.ops/1`, the same for every agent: each call names its host.
public enum OpTable {
  /// The table; lives for ever.
  public nonisolated(unsafe) static let pointer: UnsafePointer<cadre_ops> = {
    let table = UnsafeMutablePointer<cadre_ops>.allocate(capacity: 1)
    table.initialize(
      to: cadre_ops(
        size: UInt32(CADRE_END_cadre_ops_infer), reserved: 0, find: find, run: run,
        create: create, retain: retain, release: release, info: info,
        import_dlpack: importDLPack, export_dlpack: exportDLPack, define: define, infer: infer))
    return UnsafePointer(table)
  }()

  private typealias Host = UnsafePointer<cadre_host>
  private typealias Failure = UnsafeMutablePointer<cadre_error>

  private static let find: @convention(c) (Host?, cadre_str, UInt32) -> OpaquePointer? = {
    host, name, version in
    guard let runtime = try? HostAnchor.of(host).ops,
      let name = String(validating: name.clampedBytes(256), as: UTF8.self)
    else { return nil }
    return runtime.operations.handle("\(name)/\(version)")
  }

  private static let run:
    @convention(c) (
      Host?, UnsafePointer<cadre_op_context>?, OpaquePointer?,
      UnsafeMutablePointer<cadre_op_request>?
    ) -> Failure? = { host, context, op, request in
      do {
        try HostAnchor.withOps(of: host) { runtime in
          if try !DirectCall.run(runtime, context, op, request) {
            try OpCall.run(runtime, context, op, request)
          }
        }
        return nil
      } catch {
        return ErrorObject.make(error)
      }
    }

  private static let define:
    @convention(c) (Host?, UnsafePointer<cadre_op_definition>?) -> Failure? = { host, definition in
      ErrorObject.catching {
        let runtime = try HostAnchor.of(host).ops
        try runtime.operations.add(
          PluginOp(definition, host: host, tensors: runtime.tensors))
      }
    }

  private static let infer:
    @convention(c) (Host?, OpaquePointer?, UnsafeMutablePointer<cadre_op_signature>?) -> Failure? =
      { host, op, signature in
        ErrorObject.catching {
          guard let definition = try HostAnchor.of(host).ops.operations.find(op) else {
            throw OpCall.noOperation(op, "infer")
          }
          try InferCall.answer(signature, for: definition)
        }
      }

  private static let create:
    @convention(c) (
      Host?, UnsafePointer<cadre_tensor_spec>?, UnsafeMutablePointer<OpaquePointer?>?
    ) -> Failure? = { host, spec, out in
      ErrorObject.catching {
        let place = "cadre_ops.create"
        let runtime = try HostAnchor.of(host).ops
        guard let spec, let out, spec.pointee.size >= UInt32(CADRE_END_cadre_tensor_spec_rank)
        else {
          throw BridgeError(
            CADRE_INVALID_ARGUMENT, place,
            "spec or out is NULL, or spec's size is below CADRE_END_cadre_tensor_spec_rank")
        }
        let made = try TensorSpec(
          abi: spec.pointee.dtype, shape: spec.pointee.shape, rank: spec.pointee.rank, place: place)
        var elements: UnsafeRawPointer?
        if spec.pointee.size >= UInt32(CADRE_END_cadre_tensor_spec_elements) {
          elements = spec.pointee.elements
        }
        let tensor: Tensor
        if let elements {
          let bytes = UnsafeRawBufferPointer(
            start: elements, count: made.shape.elementCount * made.dtype.byteSize)
          tensor = try Tensor.copying(bytes, as: made, account: runtime.memory)
        } else {
          tensor = try Tensor.zeros(made, account: runtime.memory)
        }
        out.pointee = try runtime.handle(tensor)
      }
    }

  private static let retain: @convention(c) (Host?, OpaquePointer?) -> Void = { host, tensor in
    _ = try? HostAnchor.withOps(of: host) { $0.tensors.retain(tensor) }
  }

  private static let release: @convention(c) (Host?, OpaquePointer?) -> Void = { host, tensor in
    _ = try? HostAnchor.withOps(of: host) { $0.tensors.release(tensor) }
  }

  private static let info:
    @convention(c) (Host?, OpaquePointer?, UnsafeMutablePointer<cadre_tensor_info>?) -> Failure? = {
      host, tensor, out in
      ErrorObject.catching {
        let place = "cadre_ops.info"
        let view = try HostAnchor.of(host).ops.view(tensor, place)
        try OutStruct.fill(
          out, end: CADRE_END_cadre_tensor_info_byte_count,
          with: cadre_tensor_info(
            size: 0, dtype: view.tensor.dtype.abi, shape: view.shape,
            rank: UInt64(view.tensor.shape.rank), data: view.data,
            byte_count: UInt64(view.tensor.byteCount)), place: place)
      }
    }

  private static let importDLPack:
    @convention(c) (
      Host?, UnsafeMutablePointer<DLManagedTensorVersioned>?, UnsafeMutablePointer<OpaquePointer?>?
    ) -> Failure? = { host, managed, out in
      ErrorObject.catching {
        guard let managed else {
          throw BridgeError(
            CADRE_INVALID_ARGUMENT, "cadre_ops.import_dlpack", "the tensor is NULL")
        }
        // Taken over before anything else is checked: what is given is freed in every case.
        let tensor = try DLPackImport.take(managed)
        let runtime = try HostAnchor.of(host).ops
        guard let out else {
          throw BridgeError(CADRE_INVALID_ARGUMENT, "cadre_ops.import_dlpack", "out is NULL")
        }
        out.pointee = try runtime.handle(tensor)
      }
    }

  private static let exportDLPack:
    @convention(c) (
      Host?, OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<DLManagedTensorVersioned>?>?
    ) -> Failure? = { host, tensor, out in
      ErrorObject.catching {
        let place = "cadre_ops.export_dlpack"
        let tensor = try HostAnchor.of(host).ops.tensor(tensor, place)
        guard let out else { throw BridgeError(CADRE_INVALID_ARGUMENT, place, "out is NULL") }
        out.pointee = try DLPackExport.give(tensor)
      }
    }
}
