import CadreABI

/// A dataset's handle with `cadre.data/1`.
///
/// `@unchecked Sendable`: handle and table are constant; the scope says until when they may be used.
struct DatasetTable: @unchecked Sendable {
  private let host: HostTable
  private let data: UnsafePointer<cadre_data>
  private let dataset: OpaquePointer
  private let port: String
  private let scope: BorrowScope

  init(
    _ host: HostTable, _ dataset: OpaquePointer, port: String, scope: BorrowScope
  ) throws(AgentFailure) {
    self.host = host
    data = try host.require(CADRE_DATA_ID, cadre_data.self)
    self.dataset = dataset
    self.port = port
    self.scope = scope
  }

  func info() throws(AgentFailure) -> (rowCount: Int?, classes: [String]) {
    let ask = try need(
      data.pointee.size, CADRE_END_cadre_data_info, "cadre_data.info", data.pointee.info)
    var info = cadre_dataset_info()
    info.size = UInt32(CADRE_END_cadre_dataset_info_class_count)
    info.rows = -1
    try check(ask(host.pointer, dataset, &info))
    let classes = (0..<Int(clamping: info.classes == nil ? 0 : info.class_count)).map {
      info.classes[$0].text
    }
    return (info.rows < 0 ? nil : Int(info.rows), classes)
  }

  func open(
    rows: Int, columns: [String], order: (seed: UInt64, epoch: Int)?,
    shard: (index: Int, of: Int)?
  ) throws(AgentFailure) -> TableReader {
    try scope.check(port)
    let open = try need(
      data.pointee.size, CADRE_END_cadre_data_open, "cadre_data.open", data.pointee.open)
    let names = Arena()
    var request = cadre_dataset_request()
    request.size = UInt32(CADRE_END_cadre_dataset_request_shard_count)
    request.batch = UInt32(clamping: rows)
    request.columns = names.strs(columns)
    request.column_count = UInt64(columns.count)
    if let order {
      request.shuffle = 1
      request.seed = order.seed
      request.epoch = UInt64(clamping: order.epoch)
    }
    if let shard {
      request.shard = UInt32(clamping: shard.index)
      request.shard_count = UInt32(clamping: shard.of)
    }
    var stream = ArrowArrayStream()
    try withExtendedLifetime(names) { () throws(AgentFailure) in
      try check(open(host.pointer, dataset, &request, &stream))
    }
    do { return try TableReader(consuming: &stream) } catch { throw AgentFailure(error) }
  }
}
