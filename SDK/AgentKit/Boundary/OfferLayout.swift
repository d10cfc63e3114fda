import CadreABI

/// Lays offers out as the C structs that the host reads between `open` and `close`.
struct OfferLayout {
  let arena: Arena

  func offer(_ offer: Offer) -> UnsafePointer<cadre_offer> {
    let attributes = offer.attributes.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    return UnsafePointer(
      arena.one(
        cadre_offer(
          size: UInt32(CADRE_END_cadre_offer_floor_memory), flags: offer.flags.rawValue,
          task: arena.str(offer.task), about: arena.str(offer.about),
          inputs: pointers(offer.inputs.map(port)), input_count: UInt64(offer.inputs.count),
          outputs: pointers(offer.outputs.map(port)), output_count: UInt64(offer.outputs.count),
          settings: pointers(offer.settings.map(setting)),
          setting_count: UInt64(offer.settings.count),
          attributes: arena.strs(attributes), attribute_count: UInt64(offer.attributes.count),
          max_jobs: UInt32(clamping: offer.maxJobs),
          floor_threads: UInt32(clamping: offer.floorThreads), floor_memory: offer.floorMemory)))
  }

  private func pointers<Struct>(
    _ structs: [UnsafePointer<Struct>]
  ) -> UnsafePointer<UnsafePointer<Struct>?>? {
    arena.array(structs.map(Optional.some))
  }

  private func port(_ port: Port) -> UnsafePointer<cadre_port> {
    let dtypes = port.types.reduce(UInt64(0)) { $0 | 1 << UInt64($1.rawValue) }
    return UnsafePointer(
      arena.one(
        cadre_port(
          size: UInt32(CADRE_END_cadre_port_device), kind: port.kind.rawValue,
          constructors: port.constructors.rawValue, flags: port.flags.rawValue,
          name: arena.str(port.name), about: arena.str(port.about), dtypes: dtypes,
          dims: arena.array(port.dims.map(dim)), dim_count: UInt64(port.dims.count),
          columns: pointers(port.columns.map(column)), column_count: UInt64(port.columns.count),
          task: arena.str(port.task), format: arena.str(port.format),
          labels: arena.strs(port.tags), label_count: UInt64(port.tags.count),
          device: cadre_str())))
  }

  private func dim(_ dim: Dim) -> cadre_dim {
    cadre_dim(
      symbol: arena.str(dim.symbol), min: Int64(dim.min), max: Int64(dim.max ?? -1),
      estimate: Int64(dim.estimate ?? -1))
  }

  private func column(_ column: Column) -> UnsafePointer<cadre_column> {
    UnsafePointer(
      arena.one(
        cadre_column(
          size: UInt32(CADRE_END_cadre_column_flags),
          dtype: ElementType(column.type).rawValue, name: arena.str(column.name),
          labels: arena.strs(column.tags), label_count: UInt32(column.tags.count),
          flags: column.nullable ? UInt32(CADRE_COLUMN_NULLABLE) : 0)))
  }

  private func setting(_ setting: SettingSpec) -> UnsafePointer<cadre_setting> {
    UnsafePointer(
      arena.one(
        cadre_setting(
          size: UInt32(CADRE_END_cadre_setting_choice_count), dtype: setting.type.rawValue,
          flags: setting.flags.rawValue, reserved: 0, name: arena.str(setting.name),
          about: arena.str(setting.about), initial: arena.str(setting.initial?.text ?? ""),
          min: setting.range?.lowerBound ?? 1, max: setting.range?.upperBound ?? 0,
          choices: arena.strs(setting.choices.map(\.text)),
          choice_count: UInt64(setting.choices.count))))
  }
}
