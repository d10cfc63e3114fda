import Foundation
import TensorCore

/// One case of `Golden/operations.json`: what NumPy says about an operation.
struct GoldenCase: Decodable, Sendable {
  let name: String
  let inputs: [GoldenTensor]
  let outputs: [GoldenTensor]
  let parameters: Parameters

  /// All parameters that any case has.
  struct Parameters: Decodable, Sendable {
    var alpha: Double?
    var axes: [Int]?
    var axis: Int?
    var keep: Bool?
    var correction: Double?
    var to: String?
    var transposeA: Bool?
    var transposeB: Bool?
    var transposeW: Bool?
    var activation: String?
    var lengths: [Int]?
    var before: [Int]?
    var after: [Int]?
    var value: Double?
    var begins: [Int]?
    var ends: [Int?]?
    var steps: [Int]?
    var shape: [Int]?
    var descending: Bool?
    var smallest: Bool?
    var k: Int?
  }

  static func all() throws -> [GoldenCase] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/operations.json")
    return try JSONDecoder().decode([GoldenCase].self, from: Data(contentsOf: file))
  }

  /// Whether the case can be run in f64 as well.
  var isReal: Bool { inputs.contains { $0.dtype == nil } }
}

/// A tensor as the golden file holds it: dtype, shape, elements.
struct GoldenTensor: Decodable, Sendable {
  /// Nil for floating point, which runs in f32 and in f64.
  let dtype: DType?
  let shape: [Int]
  let elements: [Double]

  init(from decoder: any Decoder) throws {
    var parts = try decoder.unkeyedContainer()
    dtype = DType(named: try parts.decode(String.self))
    shape = try parts.decode([Int].self)
    elements = try parts.decode([GoldenNumber].self).map(\.value)
  }

  func tensor(_ real: DType) throws -> Tensor {
    switch dtype ?? real {
    case .f32: try Tensor(elements.map { Float($0) }, shape)
    case .f64: try Tensor(elements, shape)
    case .i32: try Tensor(elements.map { Int32($0) }, shape)
    case .i64: try Tensor(elements.map { Int64($0) }, shape)
    default:
      try elements.map { UInt8($0) }.withUnsafeBytes {
        try Tensor.copying($0, as: TensorSpec(dtype ?? .u8, Shape(shape)))
      }
    }
  }
}

/// A number, or the text `nan`, `inf` or `-inf`, which JSON has no number for.
private struct GoldenNumber: Decodable {
  let value: Double

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      value = number
    } else {
      value = Double(try container.decode(String.self)) ?? .nan
    }
  }
}
