extension PortType {
  /// Reads a type from its notation.
  ///
  ///     type    = "tensor<" element ",[" dims "]>" | "table<" row ">" | "dataset" ["<" row ">"]
  ///             | "model" ["<" task ["," format] ">"] | "team<" type ">" | "sealed<" type ">"
  ///             | "stream<" type ">" | "text" | "bytes" | "json" | "state" | "settings"
  ///             | element | "utf8"
  ///     row     = column {"," column} ["," "..."] | "..."
  ///     column  = name ":" (element | "utf8" | "bytes" | tensor) {"@" tag}
  ///     dims    = [dim {"," dim}]
  ///     dim     = size | (symbol | "_") [":" min ".." [max]]
  ///
  /// - Throws: `PortTypeError` of code `syntax`, with the place and what was expected there.
  /// - Complexity: O(length), and O(columns²) for doubled columns.
  public init(parsing text: String) throws {
    var reader = PortTypeReader(text)
    self = try reader.whole()
  }
}

/// Reads the notation of types by recursive descent.
struct PortTypeReader {
  /// Types nest by constructors only (`team<sealed<dataset>>`); more is no honest type.
  private static let depthLimit = 8
  /// Bounds what one offer can make the host compare.
  private static let lengthLimit = 16_384

  private let scalars: [Unicode.Scalar]
  private var index = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  static func isWord(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, isWordStart(first) else { return false }
    return name.unicodeScalars.allSatisfy(isWordPart)
  }

  private static func isWordStart(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    isWordStart(scalar) || ("0"..."9").contains(scalar)
  }

  mutating func whole() throws -> PortType {
    guard scalars.count <= Self.lengthLimit else {
      throw error("a type longer than \(Self.lengthLimit) characters", at: 0, length: 1)
    }
    let type = try type(depth: 0)
    skipSpace()
    guard index == scalars.count else {
      throw error("expected the end of the type, found \(found)", length: scalars.count - index)
    }
    return type
  }

  // MARK: Types

  private static let keywords =
    ["tensor", "table", "dataset", "model", "team", "sealed", "stream"]
    + ["text", "bytes", "json", "state", "settings", "utf8"]
    + ElementType.allCases.map(\.rawValue)

  private mutating func type(depth: Int) throws -> PortType {
    skipSpace()
    let start = index
    guard depth < Self.depthLimit else {
      throw error("types stand deeper than \(Self.depthLimit) in one another", length: 1)
    }
    guard let word = takeWord() else { throw error("expected a type, found \(found)", length: 1) }
    switch word {
    case "text": return .text
    case "bytes": return .bytes
    case "json": return .json
    case "state": return .state
    case "settings": return .settings
    case "utf8": return .scalar(.utf8)
    case "tensor": return .tensor(try tensor())
    case "table":
      try expect("<", after: "table")
      let row = try row()
      try expect(">", after: "the last column")
      return .table(row)
    case "dataset":
      guard take("<") else { return .dataset(nil) }
      let row = try row()
      try expect(">", after: "the last column")
      return .dataset(row)
    case "model": return try model()
    case "team", "sealed", "stream":
      try expect("<", after: word)
      let inner = try type(depth: depth + 1)
      try expect(">", after: "the type in \(word)<…>")
      switch word {
      case "team": return .team(inner)
      case "sealed": return .sealed(inner)
      default: return .stream(inner)
      }
    default:
      if let element = ElementType(rawValue: word) { return .scalar(.element(element)) }
      let near = NearMiss.nearest(to: word, among: Self.keywords)
      throw error(
        "'\(word)' is no type", at: start, length: index - start,
        suggestion: near.map { "did you mean '\($0)'?" }
          ?? "types are \(Self.keywords.joined(separator: ", "))")
    }
  }

  private mutating func tensor() throws -> TensorType {
    try expect("<", after: "tensor")
    let dtype = try element()
    try expect(",", after: "the element type")
    try expect("[", after: "the comma: the dimensions stand in brackets")
    var dims: [Dim] = []
    if !take("]") {
      repeat { dims.append(try dim()) } while take(",")
      try expect("]", after: "the last dimension")
    }
    try expect(">", after: "the dimensions")
    return TensorType(dtype: dtype, dims: dims)
  }

  private mutating func element() throws -> ElementType {
    skipSpace()
    let start = index
    guard let word = takeWord() else {
      throw error("expected an element type such as f32, found \(found)", length: 1)
    }
    if let element = ElementType(rawValue: word) { return element }
    let names = ElementType.allCases.map(\.rawValue)
    throw error(
      "'\(word)' is no element type", at: start, length: index - start,
      suggestion: NearMiss.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
        ?? "element types are \(names.joined(separator: ", "))")
  }

  private mutating func dim() throws -> Dim {
    skipSpace()
    let start = index
    if let size = try takeNumber() { return .fixed(size) }
    guard let word = takeWord() else {
      throw error("expected a dimension: a name, a size or _, found \(found)", length: 1)
    }
    let extent: Dim.Extent = word == "_" ? .anonymous : .symbol(word)
    guard take(":") else { return Dim(extent) }
    skipSpace()
    guard let min = try takeNumber() else {
      throw error("expected the smallest size of '\(word)', found \(found)", length: 1)
    }
    try expect(".", after: "the smallest size: a range is written 1..64 or 1..")
    try expect(".", after: "the smallest size: a range is written 1..64 or 1..")
    let max = try takeNumber()
    if let max, max < min {
      throw error(
        "the range \(min)..\(max) is empty", at: start, length: index - start,
        suggestion: "write the smaller size first")
    }
    return Dim(extent, range: SizeRange(min: min, max: max))
  }

  private mutating func model() throws -> PortType {
    guard take("<") else { return .model(task: nil, format: nil) }
    let task = try modelWord("a task such as text.classify/1")
    let format = take(",") ? try modelWord("a format such as safetensors") : nil
    try expect(">", after: "the model's task and format")
    return .model(task: task == "_" ? nil : task, format: format == "_" ? nil : format)
  }

  private mutating func modelWord(_ expectation: String) throws -> String {
    skipSpace()
    let start = index
    while index < scalars.count,
      Self.isWordPart(scalars[index]) || "./-+".unicodeScalars.contains(scalars[index])
    { index += 1 }
    guard index > start else {
      throw error("expected \(expectation) or _, found \(found)", length: 1)
    }
    return text(from: start)
  }

  // MARK: Rows

  private mutating func row() throws -> TableType {
    var row = TableType(columns: [])
    repeat {
      skipSpace()
      if take(".") {
        try expect(".", after: "'.': open rows end in ...")
        try expect(".", after: "'..': open rows end in ...")
        row.open = true
        break
      }
      let start = index
      let column = try column()
      guard row.column(column.name) == nil else {
        throw error(
          "the column '\(column.name)' stands twice", at: start, length: index - start,
          suggestion: "remove one of them")
      }
      row.columns.append(column)
    } while take(",")
    return row
  }

  private mutating func column() throws -> Column {
    let name = try columnName()
    try expect(":", after: "the column name '\(name)': columns are written name:type")
    var column = Column(name: name, type: try columnType())
    while take("@") {
      let start = index
      guard let tag = takeWord() else {
        throw error("expected a label such as @pii, found \(found)", length: 1)
      }
      guard !column.tags.contains(tag) else {
        throw error("the label @\(tag) stands twice", at: start, length: index - start)
      }
      column.tags.append(tag)
    }
    return column
  }

  private mutating func columnName() throws -> String {
    skipSpace()
    let start = index
    if let word = takeWord() { return word }
    guard index < scalars.count, scalars[index] == "'" else {
      throw error(
        "expected a column name, found \(found)", length: 1,
        suggestion: "put a name that is no plain word in single quotes")
    }
    index += 1
    var name = String.UnicodeScalarView()
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      if scalar != "'" {
        name.append(scalar)
      } else if index < scalars.count, scalars[index] == "'" {
        name.append("'")
        index += 1
      } else {
        guard !name.isEmpty else { throw error("a column without a name", at: start, length: 2) }
        return String(name)
      }
    }
    throw error("a column name without its closing quote", at: start, length: index - start)
  }

  private mutating func columnType() throws -> ColumnType {
    skipSpace()
    let start = index
    guard let word = takeWord() else {
      throw error("expected a column type such as utf8, found \(found)", length: 1)
    }
    switch word {
    case "utf8": return .utf8
    case "bytes": return .bytes
    case "tensor": return .tensor(try tensor())
    default: break
    }
    if let element = ElementType(rawValue: word) { return .element(element) }
    let names = ["utf8", "bytes", "tensor"] + ElementType.allCases.map(\.rawValue)
    throw error(
      "'\(word)' is no column type", at: start, length: index - start,
      suggestion: NearMiss.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
        ?? "column types are \(names.joined(separator: ", "))")
  }

  // MARK: Characters

  private var found: String {
    index < scalars.count ? "'\(scalars[index])'" : "the end"
  }

  private mutating func skipSpace() {
    while index < scalars.count, scalars[index] == " " || scalars[index] == "\n" { index += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard index < scalars.count, scalars[index] == scalar else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ scalar: Unicode.Scalar, after place: String) throws {
    guard take(scalar) else {
      throw error("expected '\(scalar)' after \(place), found \(found)", length: 1)
    }
  }

  private mutating func takeWord() -> String? {
    skipSpace()
    guard index < scalars.count, Self.isWordStart(scalars[index]) else { return nil }
    let start = index
    while index < scalars.count, Self.isWordPart(scalars[index]) { index += 1 }
    return text(from: start)
  }

  private mutating func takeNumber() throws -> Int? {
    skipSpace()
    let start = index
    while index < scalars.count, ("0"..."9").contains(scalars[index]) { index += 1 }
    guard index > start else { return nil }
    guard let number = Int(text(from: start)) else {
      throw error("a size that does not fit 64 bits", at: start, length: index - start)
    }
    return number
  }

  private func text(from start: Int) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[start..<index])
    return String(view)
  }

  private func error(
    _ message: String, at offset: Int? = nil, length: Int = 0, suggestion: String? = nil
  ) -> PortTypeError {
    let start = offset ?? index
    return PortTypeError(
      code: .syntax, message: message, offset: start,
      length: min(length, scalars.count - start), suggestion: suggestion)
  }
}
