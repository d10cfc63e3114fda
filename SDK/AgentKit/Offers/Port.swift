/// The kinds of values; the raw values are the ABI's.
public enum ValueKind: UInt32, Sendable, Hashable, CaseIterable {
  /// A dense array.
  case tensor = 1
  /// Rows in named columns.
  case table = 2
  /// One text.
  case text = 3
  /// Bytes.
  case bytes = 4
  /// One JSON document.
  case json = 5
  /// One number, truth value or text.
  case scalar = 6
  /// Rows that can be read again and again.
  case dataset = 7
  /// Named tensors and metadata.
  case model = 8
  /// Bytes that only their maker understands.
  case state = 9
  /// An object of settings.
  case settings = 10
}

/// One port of an offer: a name, a type, and when it must be there.
///
///     .table("rows", ["text": .utf8, "label": .utf8])
///     .model("model", task: "text.classify/1", format: "org.example.nb/1").bound
///     .tensor("context", .f32, ["rows", "joint"]).optional
public struct Port: Sendable, Hashable {
  /// Constructors over a kind; the bits are the ABI's.
  public struct Constructors: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt32
    /// Constructors from bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// One value a member of the team.
    public static let team = Constructors(rawValue: 1)
    /// Kept closed by the host until the one step that may open it.
    public static let sealed = Constructors(rawValue: 2)
    /// Many values, one after the other.
    public static let stream = Constructors(rawValue: 4)
  }

  /// What holds for the port; the bits are the ABI's.
  public struct Flags: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt32
    /// Flags from bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// The job runs without it.
    public static let optional = Flags(rawValue: 1)
    /// Given once, at the award.
    public static let bound = Flags(rawValue: 2)
    /// A tensor of any rank.
    public static let anyShape = Flags(rawValue: 4)
    /// A table that may have columns beyond those stated.
    public static let open = Flags(rawValue: 8)
  }

  /// The name by which steps bind it.
  public var name: String
  /// The kind of value.
  public var kind: ValueKind
  /// Constructors over the kind.
  public var constructors: Constructors = []
  /// What holds for the port.
  public var flags: Flags = []
  /// One line for a person.
  public var about = ""
  /// The element types that a tensor or scalar may have.
  public var types: [ElementType] = []
  /// The dimensions of a tensor, outermost first.
  public var dims: [Dim] = []
  /// The columns of a table or dataset.
  public var columns: [Column] = []
  /// The task that a model serves; empty: any.
  public var task = ""
  /// The format of a model's tensors; empty: any.
  public var format = ""
  /// Tags of the whole port, such as `pii`.
  public var tags: [String] = []

  /// A port of a kind, without anything else; the factories say more.
  public init(_ name: String, _ kind: ValueKind) {
    self.name = name
    self.kind = kind
  }

  /// The port, needed or not: the job runs without it.
  public var optional: Port { with(\.flags, flags.union(.optional)) }

  /// The port, given once at the award and not again at each job.
  public var bound: Port { with(\.flags, flags.union(.bound)) }

  /// The port with one value a member of the team.
  public var team: Port { with(\.constructors, constructors.union(.team)) }

  /// The port on what the host keeps closed until the one step that may open it.
  public var sealed: Port { with(\.constructors, constructors.union(.sealed)) }

  /// The port with many values, one after the other.
  public var stream: Port { with(\.constructors, constructors.union(.stream)) }

  /// The port with one line for a person.
  public func about(_ about: String) -> Port { with(\.about, about) }

  /// The port with tags such as `pii`.
  public func tagged(_ tags: String...) -> Port { with(\.tags, self.tags + tags) }

  private func with<Value>(_ path: WritableKeyPath<Port, Value>, _ value: Value) -> Port {
    var port = self
    port[keyPath: path] = value
    return port
  }
}
