import ArrowTables
import CadreABI
import OpBridge

/// The table `cadre.data/1`, the same for every agent: each call names its host.
enum DataTable {
  /// The table; lives for ever.
  nonisolated(unsafe) static let pointer: UnsafePointer<cadre_data> = {
    let table = UnsafeMutablePointer<cadre_data>.allocate(capacity: 1)
    table.initialize(
      to: cadre_data(size: UInt32(CADRE_END_cadre_data_open), reserved: 0, info: info, open: open))
    return UnsafePointer(table)
  }()

  private static func view(
    _ host: UnsafePointer<cadre_host>?, _ handle: OpaquePointer?, _ place: String
  ) throws -> DatasetView {
    guard let view = try HostServices.of(host).datasets.find(handle) else {
      throw AgentError(
        .invalidArgument,
        "the dataset is NULL, or its job has ended, or it is another agent's", where: place)
    }
    return view
  }

  private static let info:
    @convention(c) (
      UnsafePointer<cadre_host>?, OpaquePointer?, UnsafeMutablePointer<cadre_dataset_info>?
    ) -> UnsafeMutablePointer<cadre_error>? = { host, dataset, out in
      ErrorObject.catching {
        try OutStruct.fill(
          out, end: CADRE_END_cadre_dataset_info_class_count,
          with: try view(host, dataset, "cadre_data.info").info, place: "cadre_data.info")
      }
    }

  private static let open:
    @convention(c) (
      UnsafePointer<cadre_host>?, OpaquePointer?, UnsafePointer<cadre_dataset_request>?,
      UnsafeMutablePointer<ArrowArrayStream>?
    ) -> UnsafeMutablePointer<cadre_error>? = { host, dataset, request, out in
      ErrorObject.catching {
        let view = try view(host, dataset, "cadre_data.open")
        guard let out else {
          throw AgentError(.invalidArgument, "out is NULL", where: "cadre_data.open")
        }
        let (rows, batch) = try view.rows(request)
        rows.exportStream(to: out, batchRows: batch)
      }
    }
}
