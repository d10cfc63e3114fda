import ArgumentParser
import Contracts
import Deployment
import Execution
import Foundation

/// `cadre predict`.
struct PredictCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Ask a deployed model.",
    discussion: """
      Texts come from --text, from a file with one text a line, or from standard input.

        cadre predict support --text "my card was charged twice"
        cadre predict support@prod --file messages.txt --json
        printf 'where is my parcel\\n' | cadre predict support:2
      """)

  @Argument(help: "A deployed model: NAME, NAME@ALIAS or NAME:VERSION.")
  var model: String
  @Option(name: .long, help: "A text. Repeatable.")
  var text: [String] = []
  @Option(name: .long, help: "A file with one text a line.", completion: .file())
  var file: String?
  @Option(name: .long, help: "How many classes to show for each text.")
  var top = 1
  @Flag(name: .long, help: "Print one JSON object a text.")
  var json = false

  func validate() throws {
    if !text.isEmpty, file != nil { throw ValidationError("give --text or --file, not both") }
    if top < 1 { throw ValidationError("--top takes a number from 1") }
  }

  func run() async throws {
    try await reporting {
      let reference = try ModelReference(parsing: model)
      let registered = try ModelRegistry(root: Home.current().registry).resolve(reference)
      let texts = try self.texts()
      let session = try await Session.open()
      let predictor = try await Predictor.load(
        folder: registered.folder, directory: session.directory, threads: session.threads)
      let predictions = try await predictor.predict(texts)
      await predictor.close()
      await session.directory.close()
      for (text, prediction) in zip(texts, predictions) {
        Console.standardOutput.line(line(text, prediction, labels: predictor.labels))
      }
    }
  }

  private func texts() throws -> [String] {
    if !text.isEmpty { return text }
    let name = file ?? "standard input"
    let bytes = try read(name)
    guard let content = String(validating: bytes, as: UTF8.self) else {
      throw ExecutionError(
        .invalidArgument, "\(name) is not UTF-8",
        remedy: "convert it, for example with iconv -t UTF-8")
    }
    // By scalars: to Swift, CR LF is one character that is not a line feed.
    var lines = content.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard !lines.isEmpty else {
      throw ExecutionError(
        .invalidArgument, "there is no text to classify in \(name)",
        remedy: "give --text, or lines of text")
    }
    return lines.map { String($0.last == "\r" ? $0.dropLast() : $0) }
  }

  /// The bytes of the file, of a pipe too, or of standard input.
  private func read(_ name: String) throws -> Data {
    if file == nil, Console(descriptor: STDIN_FILENO).isInteractive {
      Console.standardError.line("reading texts from the terminal, one a line; end with Ctrl-D")
    }
    let descriptor = file.map { open($0, O_RDONLY | O_CLOEXEC) } ?? STDIN_FILENO
    do {
      guard descriptor >= 0 else { throw CocoaError(.fileReadNoSuchFile) }
      defer { if descriptor != STDIN_FILENO { close(descriptor) } }
      return try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).readToEnd() ?? Data()
    } catch {
      throw ExecutionError(
        file == nil ? .invalidArgument : .notFound, "\(name) cannot be read",
        remedy: file == nil
          ? "give --text or --file" : "give the path of a file that may be read, no folder")
    }
  }

  private func line(_ text: String, _ prediction: Prediction, labels: [String]) -> String {
    let ranked = labels.indices.sorted {
      prediction.logProbabilities[$0] > prediction.logProbabilities[$1]
    }.prefix(top)
    if json {
      var fields: [Setting.Field] = [
        Setting.Field("text", .string(text)), Setting.Field("label", .string(prediction.label)),
        Setting.Field("probability", .double(prediction.probability)),
      ]
      if top > 1 {
        fields.append(
          Setting.Field(
            "top",
            .list(
              ranked.map {
                [
                  "label": .string(labels[$0]),
                  "probability": .double(exp(prediction.logProbabilities[$0])),
                ]
              })))
      }
      return Setting.object(fields).json
    }
    let classes = ranked.map {
      "\(labels[$0]) \(decimals(exp(prediction.logProbabilities[$0])))"
    }
    return classes.joined(separator: "  ") + "\t" + oneLine(text)
  }
}

/// A text as one line that no terminal takes for a command: control characters are shown, not sent.
func oneLine(_ text: String) -> String {
  text.unicodeScalars.reduce(into: "") { line, scalar in
    switch scalar {
    case "\n": line += "\\n"
    case "\r": line += "\\r"
    case "\t": line += "\\t"
    case _ where scalar.properties.generalCategory == .control:
      line += "\\u{\(String(scalar.value, radix: 16))}"
    default: line.unicodeScalars.append(scalar)
    }
  }
}
