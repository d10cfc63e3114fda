// The op table as a library that Python can load: cadre_ops.create, import_dlpack, export_dlpack and info
// of one host. Compiled and run by DLPackInteropTests.
import CadreABI
import OpBridge
import TensorCore

private final class Owner: Sendable {}

private nonisolated(unsafe) let host: UnsafeMutablePointer<cadre_host> = {
  let pointer = UnsafeMutablePointer<cadre_host>.allocate(capacity: 1)
  var host = cadre_host()
  host.size = UInt32(CADRE_END_cadre_host_data)
  host.data = Unmanaged.passRetained(HostAnchor(ops: OpRuntime(), owner: Owner())).toOpaque()
  pointer.initialize(to: host)
  return pointer
}()

private nonisolated(unsafe) var ops: UnsafePointer<cadre_ops> { OpTable.pointer }

/// The handle of a DLPack tensor that is given; NULL when it is refused.
@_cdecl("interop_import")
public func interopImport(_ managed: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  var handle: OpaquePointer?
  let tensor = managed?.assumingMemoryBound(to: DLManagedTensorVersioned.self)
  if let error = ops.pointee.import_dlpack(host, tensor, &handle) {
    error.pointee.release(error)
    return nil
  }
  return UnsafeMutableRawPointer(handle)
}

/// A DLPack tensor that the caller owns.
@_cdecl("interop_export")
public func interopExport(_ handle: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  var managed: UnsafeMutablePointer<DLManagedTensorVersioned>?
  if let error = ops.pointee.export_dlpack(host, handle.map { OpaquePointer($0) }, &managed) {
    error.pointee.release(error)
  }
  return UnsafeMutableRawPointer(managed)
}

/// The address of a tensor's elements.
@_cdecl("interop_address")
public func interopAddress(_ handle: UnsafeMutableRawPointer?) -> UInt {
  var info = cadre_tensor_info()
  info.size = UInt32(CADRE_END_cadre_tensor_info_byte_count)
  if let error = ops.pointee.info(host, handle.map { OpaquePointer($0) }, &info) {
    error.pointee.release(error)
  }
  return UInt(bitPattern: info.data)
}

/// Releases a handle.
@_cdecl("interop_release")
public func interopRelease(_ handle: UnsafeMutableRawPointer?) {
  ops.pointee.release(host, handle.map { OpaquePointer($0) })
}

/// Handles that are alive.
@_cdecl("interop_count")
public func interopCount() -> Int { (try? HostAnchor.of(host).ops.handleCount) ?? -1 }
