import TensorCore
import TensorKernels

/// Kernels called through their table, without tensors around them.
private struct Kernels {
  let table: UnsafePointer<tk_element_kernels>

  init(_ set: InstructionSet, _ words: CaseWords) throws {
    guard let kernels = tk_kernels_of(set.rawValue) else { throw NoSuchCase(words: words.text) }
    table = kernels.pointee.f32
  }
}

/// Memory as kernels want it, with numbers in it.
private final class Buffer {
  let address: UnsafeMutableRawPointer

  init(byteCount: Int) {
    address = .allocate(byteCount: max(byteCount, 64), alignment: 64)
    address.initializeMemory(as: UInt8.self, repeating: 0, count: max(byteCount, 64))
  }

  convenience init(floats count: Int) {
    self.init(byteCount: count * 4)
    address.copyMemory(from: randomFloats(count), byteCount: count * 4)
  }

  deinit { address.deallocate() }
}

/// A product alone: `matmul M K N plain`, or `packed`: B laid out ahead.
func matmulWork(_ words: CaseWords, _ context: ComputeContext, threads: Int) throws -> Work {
  let gemm = try Kernels(context.instructionSet, words).table.pointee.gemm
  guard let multiply = gemm.multiply, let workspace = gemm.workspace,
    let packedBytes = gemm.packed_bytes, let pack = gemm.pack_b
  else { throw NoSuchCase(words: words.text) }
  let (m, k, n) = (try words.number(0), try words.number(1), try words.number(2))
  let (a, b, c) = (Buffer(floats: m * k), Buffer(floats: k * n), Buffer(floats: m * n))
  let pool = threads > 1 ? tk_pool_create(UInt32(threads)) : nil
  var packed: Buffer?
  if try words.word(3) == "packed" {
    let made = Buffer(byteCount: packedBytes(n, k))
    pack(n, k, b.address, n, 1, made.address, pool, UInt32(threads))
    packed = made
  }
  var call = tk_gemm_call(
    batch: 1, m: m, n: n, k: k, a: a.address, a_row: k, a_column: 1, a_batch: 0, b: b.address,
    b_row: n, b_column: 1, b_batch: 0, packed_b: packed.map { UnsafeRawPointer($0.address) },
    c: c.address, c_row: n, c_batch: 0, accumulate: 0, activation: Int32(TK_IDENTITY),
    bias: nil, before: nil)
  let scratch = Buffer(byteCount: workspace(&call, UInt32(threads)))
  let request = call
  return Work {
    withExtendedLifetime((a, b, c, packed)) {
      withUnsafePointer(to: request) { multiply($0, scratch.address, pool, UInt32(threads)) }
    }
  }
}

/// A kernel on operands that stay in the first cache: what its arithmetic costs where memory costs
/// nothing.
///
/// `hot unary exp 2048`, `hot softmax 4 512`, `hot layer_norm 2 768`.
func hotWork(_ words: CaseWords, _ context: ComputeContext) throws -> Work {
  let table = try Kernels(context.instructionSet, words).table
  switch try words.word(0) {
  case "unary":
    let count = try words.number(2)
    guard let op = UnaryOp.allCases.first(where: { $0.name == (try? words.word(1)) }),
      let kernel = tk_unary_of(table, op.rawValue)
    else { throw NoSuchCase(words: words.text) }
    let (x, y) = (Buffer(floats: count), Buffer(floats: count))
    return Work { kernel(count, 1, x.address, y.address) }
  case "softmax":
    let (rows, columns) = (try words.number(1), try words.number(2))
    guard let kernel = table.pointee.softmax.softmax else { throw NoSuchCase(words: words.text) }
    let (x, y) = (Buffer(floats: rows * columns), Buffer(floats: rows * columns))
    return Work { kernel(rows, columns, x.address, y.address) }
  case "layer_norm":
    let (rows, columns) = (try words.number(1), try words.number(2))
    guard let kernel = table.pointee.norm.layer_norm else { throw NoSuchCase(words: words.text) }
    let (x, y) = (Buffer(floats: rows * columns), Buffer(floats: rows * columns))
    let (scale, shift) = (Buffer(floats: columns), Buffer(floats: columns))
    return Work {
      kernel(rows, columns, 1e-5, x.address, scale.address, shift.address, y.address, nil, nil)
    }
  default: throw NoSuchCase(words: words.text)
  }
}
