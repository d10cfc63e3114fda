import TensorKernels

/// Operations on one number.
///
/// The raw values are those of `tk_unary.h`.
public enum UnaryOp: Int32, Sendable, Hashable, CaseIterable {
  /// `-x`.
  case negate = 0
  /// `alpha · x`.
  case scale
  /// `|x|`; gradient 0 at 0.
  case abs
  /// `eˣ`, within 2 ULP.
  case exp
  /// Natural logarithm, within 2 ULP; -∞ at 0, NaN below.
  case log
  /// `√x`; NaN below 0.
  case sqrt
  /// `1 / √x`.
  case rsqrt
  /// Sine; the argument in radians.
  case sin
  /// Cosine; the argument in radians.
  case cos
  /// Hyperbolic tangent, within 2 ULP.
  case tanh
  /// The error function, within 2 ULP.
  case erf
  /// `1 / (1 + e⁻ˣ)`.
  case sigmoid
  /// `max(x, 0)`; NaN stays NaN. Gradient 0 at 0.
  case relu
  /// `x` above 0, else `alpha · x`.
  case leakyRelu
  /// `x` above 0, else `alpha · (eˣ − 1)`.
  case elu
  /// `x · Φ(x)` with the normal distribution Φ (Hendrycks and Gimpel 2016).
  case gelu
  /// The same with tanh in place of erf: `x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`.
  case geluTanh
  /// `x · sigmoid(x)` (Elfwing et al. 2017).
  case silu

  /// What the gradient of an operation is made from.
  public enum Saved: Sendable, Hashable {
    /// The gradient of the result alone.
    case nothing
    /// The operand.
    case input
    /// The result.
    case output
  }

  /// What the gradient is made from, beside the gradient of the result.
  public var gradientReads: Saved {
    switch self {
    case .negate, .scale: .nothing
    case .exp, .sqrt, .rsqrt, .tanh, .sigmoid, .relu: .output
    case .abs, .log, .sin, .cos, .erf, .leakyRelu, .elu, .gelu, .geluTanh, .silu: .input
    }
  }

  /// The name in errors: `exp`, `leaky_relu`.
  public var name: String {
    switch self {
    case .negate: "neg"
    case .scale: "scale"
    case .abs: "abs"
    case .exp: "exp"
    case .log: "log"
    case .sqrt: "sqrt"
    case .rsqrt: "rsqrt"
    case .sin: "sin"
    case .cos: "cos"
    case .tanh: "tanh"
    case .erf: "erf"
    case .sigmoid: "sigmoid"
    case .relu: "relu"
    case .leakyRelu: "leaky_relu"
    case .elu: "elu"
    case .gelu: "gelu"
    case .geluTanh: "gelu_tanh"
    case .silu: "silu"
    }
  }

  /// Whether one element costs tens of instructions, so that few of them are worth a thread.
  var isTranscendental: Bool {
    switch self {
    case .negate, .scale, .abs, .relu, .leakyRelu, .sqrt, .rsqrt: false
    default: true
    }
  }
}

/// Operations on two numbers.
///
/// The raw values are those of `tk_binary.h`.
public enum BinaryOp: Int32, Sendable, Hashable, CaseIterable {
  /// `a + b`.
  case add = 0
  /// `a - b`.
  case subtract
  /// `a · b`.
  case multiply
  /// `a / b`; floating point only.
  case divide
  /// `aᵇ`; floating point only, special cases as in C.
  case power
  /// The larger; NaN where either is NaN.
  case maximum
  /// The smaller; NaN where either is NaN.
  case minimum

  /// The name in errors: `add`, `mul`.
  public var name: String {
    switch self {
    case .add: "add"
    case .subtract: "sub"
    case .multiply: "mul"
    case .divide: "div"
    case .power: "pow"
    case .maximum: "maximum"
    case .minimum: "minimum"
    }
  }
}

/// Comparisons of two numbers, false where either is NaN but for `notEqual`.
///
/// The raw values are those of `tk_binary.h`.
public enum Comparison: Int32, Sendable, Hashable, CaseIterable {
  /// `a == b`.
  case equal = 0
  /// `a != b`.
  case notEqual
  /// `a < b`.
  case less
  /// `a <= b`.
  case lessEqual
  /// `a > b`.
  case greater
  /// `a >= b`.
  case greaterEqual

  /// The name in errors: `less_equal`.
  public var name: String {
    switch self {
    case .equal: "equal"
    case .notEqual: "not_equal"
    case .less: "less"
    case .lessEqual: "less_equal"
    case .greater: "greater"
    case .greaterEqual: "greater_equal"
    }
  }
}

/// How many elements are worth a thread of their own, and so how work is split.
enum Grain {
  /// Where memory bounds: 512 KiB of f32, so that a part stays in the second cache and begins at
  /// whole pages.
  static let elements = 128 * 1024
  /// Where arithmetic bounds.
  static let transcendental = 16 * 1024

  /// The grain of an elementwise operation.
  ///
  /// Kernels write past the caches where one call writes 8 MiB or more. Parts of a result of 32 MiB
  /// are made that large, or they would push each other out of the last cache; a smaller one still
  /// fits there, and two threads write it twice as fast in small parts (exp of 16 MiB: 0.22 ms
  /// against 0.40).
  static func of(_ count: Int, width: Int, _ usual: Int) -> Int {
    count * width >= 4 * Int(TK_STREAM_BYTES) ? Int(TK_STREAM_BYTES) / width : usual
  }
}
