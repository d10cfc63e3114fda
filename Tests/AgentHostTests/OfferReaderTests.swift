import CadreABI
import Contracts
import Testing

@testable import AgentHost

@Suite("offers from C")
struct OfferReaderTests {
  /// An offer with one input port, one setting and one attribute, to be spoilt.
  private final class Draft {
    var offer = cadre_offer()
    var port = cadre_port()
    var column = cadre_column()
    var setting = cadre_setting()
    var dims = [cadre_dim()]
    var ports = 1
    let arena = TextArena()

    init() {
      offer.size = UInt32(CADRE_END_cadre_offer_floor_memory)
      offer.task = arena.copy("text.classify/1")
      port.size = UInt32(CADRE_END_cadre_port_device)
      port.kind = UInt32(CADRE_KIND_TENSOR)
      port.name = arena.copy("x")
      port.dtypes = 1 << UInt64(CADRE_F32)
      port.dim_count = 1
      dims[0] = cadre_dim(symbol: arena.copy("rows"), min: 0, max: -1, estimate: -1)
      column.size = UInt32(CADRE_END_cadre_column_flags)
      column.dtype = UInt32(CADRE_UTF8)
      column.name = arena.copy("text")
      setting.size = UInt32(CADRE_END_cadre_setting_choice_count)
      setting.dtype = UInt32(CADRE_I64)
      setting.name = arena.copy("hidden")
      setting.initial = arena.copy("8")
      offer.setting_count = 1
    }

    func useTable() {
      port.kind = UInt32(CADRE_KIND_TABLE)
      port.column_count = 1
    }

    func read() throws -> Offer {
      try dims.withUnsafeBufferPointer { dims in
        try withUnsafePointer(to: &column) { column in
          try withUnsafePointer(to: Optional(column)) { columns in
            port.dims = dims.baseAddress
            port.columns = columns
            return try withUnsafePointer(to: &port) { port in
              try withUnsafePointer(to: &setting) { setting in
                let pointers = [UnsafePointer<cadre_port>?](repeating: port, count: ports)
                return try pointers.withUnsafeBufferPointer { pointers in
                  try withUnsafePointer(to: Optional(setting)) { settings in
                    offer.inputs = pointers.baseAddress
                    offer.input_count = UInt64(ports)
                    offer.settings = settings
                    return try OfferReader(agent: "org.example.a", version: "1").read(
                      &offer, index: 3
                    ).offer
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  @Test("dimensions: symbols with ranges, fixed sizes, any size")
  func dimensions() throws {
    let draft = Draft()
    draft.dims = [
      cadre_dim(symbol: draft.arena.copy("rows"), min: 1, max: 64, estimate: 8),
      cadre_dim(symbol: cadre_str(), min: 128, max: 128, estimate: -1),
      cadre_dim(symbol: cadre_str(), min: 0, max: -1, estimate: -1),
      cadre_dim(symbol: cadre_str(), min: 2, max: -1, estimate: -1),
    ]
    draft.port.dim_count = 4
    #expect(try draft.read().inputs[0].type.description == "tensor<f32,[rows:1..64,128,_,_:2..]>")
  }

  @Test("constructors, open rows, tags and flags")
  func kinds() throws {
    let draft = Draft()
    draft.useTable()
    draft.port.flags = UInt32(CADRE_PORT_OPEN | CADRE_PORT_BOUND | CADRE_PORT_OPTIONAL)
    draft.port.constructors = UInt32(CADRE_OF_TEAM | CADRE_OF_SEALED)
    let port = try draft.read().inputs[0]
    #expect(port.type.description == "team<sealed<table<text:utf8, ...>>>")
    #expect(port.bound && port.optional)
    draft.port.kind = UInt32(CADRE_KIND_DATASET)
    draft.port.column_count = 0
    draft.port.flags = 0
    draft.port.constructors = 0
    #expect(try draft.read().inputs[0].type.description == "dataset")
  }

  @Test("an offer that ends after its ports is whole; what is beyond has defaults")
  func short() throws {
    let draft = Draft()
    draft.offer.size = UInt32(CADRE_END_cadre_offer_output_count)
    draft.offer.max_jobs = 9
    let offer = try draft.read()
    #expect(offer.settings.isEmpty)
    #expect(offer.maxJobs == 1)
  }

  @Test("each bad field is refused with its place")
  func badFields() throws {
    let long = String(repeating: "x", count: 5000)
    let cases: [(String, (Draft) -> Void)] = [
      ("size", { $0.offer.size = UInt32(CADRE_END_cadre_offer_about) }),
      ("task", { $0.offer.task = $0.arena.copy("classify/1") }),
      ("task", { $0.offer.task = $0.arena.copy("text.classify/0") }),
      ("task", { $0.offer.task = $0.arena.copy("text.classify") }),
      ("task", { $0.offer.task = $0.arena.copy("Text.classify/1") }),
      ("task", { $0.offer.task = cadre_str(data: nil, size: 4) }),
      ("task", { $0.offer.task.size = .max }),
      ("about", { draft in draft.offer.about = draft.arena.copy(long) }),
      ("max_jobs", { $0.offer.max_jobs = .max }),
      ("outputs", { $0.offer.output_count = 1 }),
      ("outputs", { $0.offer.output_count = .max }),
      ("attributes", { $0.offer.attribute_count = 1 }),
      ("inputs[1].name", { $0.ports = 2 }),
      ("inputs[0].size", { $0.port.size = 16 }),
      ("inputs[0].name", { $0.port.name = cadre_str() }),
      ("inputs[0].name", { $0.port.name = $0.arena.copy("a b") }),
      (
        "inputs[0].name",
        { draft in
          let broken: [UInt8] = [0x61, 0xFF]
          draft.port.name = broken.withUnsafeBytes { draft.arena.copy($0) }
        }
      ),
      ("inputs[0].kind", { $0.port.kind = 99 }),
      ("inputs[0].constructors", { $0.port.constructors = 8 }),
      ("inputs[0].flags", { $0.port.flags = UInt32(CADRE_PORT_ANY_SHAPE) }),
      ("inputs[0].dtypes", { $0.port.dtypes = 0 }),
      ("inputs[0].dtypes", { $0.port.dtypes = 1 << 40 | 1 << UInt64(CADRE_F32) }),
      ("inputs[0].dtypes", { $0.port.dtypes = 1 << UInt64(CADRE_UTF8) }),
      ("inputs[0].dims", { $0.port.dim_count = 9 }),
      ("inputs[0].dims[0]", { $0.dims[0].min = -1 }),
      (
        "inputs[0].dims[0]",
        {
          $0.dims[0].min = 5
          $0.dims[0].max = 4
        }
      ),
      ("inputs[0].dims[0].symbol", { $0.dims[0].symbol = $0.arena.copy("two words") }),
      ("inputs[0].device", { $0.port.device = $0.arena.copy("gpu") }),
      (
        "inputs[0].columns[0].dtype",
        {
          $0.useTable()
          $0.column.dtype = UInt32(CADRE_F16)
        }
      ),
      (
        "inputs[0].columns[0].name",
        {
          $0.useTable()
          $0.column.name = cadre_str()
        }
      ),
      (
        "inputs[0].columns",
        {
          $0.useTable()
          $0.port.column_count = 1 << 40
        }
      ),
      ("settings[0].name", { $0.setting.name = cadre_str() }),
      ("settings[0].dtype", { $0.setting.dtype = 99 }),
      ("settings[0].initial", { $0.setting.initial = cadre_str() }),
      ("settings[0].initial", { $0.setting.initial = $0.arena.copy("{") }),
      ("settings[0].initial", { $0.setting.initial = $0.arena.copy("\"text\"") }),
      (
        "settings[0].initial",
        {
          $0.setting.min = 1
          $0.setting.max = 4
        }
      ),
      ("settings[0].min", { $0.setting.min = .nan }),
      ("settings[0].choices", { $0.setting.choice_count = 3 }),
      ("settings", { $0.offer.setting_count = 1 << 32 }),
    ]
    for (place, spoil) in cases {
      let draft = Draft()
      _ = try draft.read()
      spoil(draft)
      let error = #expect(throws: AgentError.self, "\(place)") { try draft.read() }
      #expect(error?.where == "offers[3].\(place)")
      #expect(error?.agent == "org.example.a")
      #expect(error?.message.contains("offer 3") == true)
    }
  }
}
