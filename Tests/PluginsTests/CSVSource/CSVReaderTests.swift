import AgentKit
import Foundation
import RowSources
import Testing

@testable import CSVParsing

/// A folder with files, removed with the test.
final class Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "csv-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String, _ text: String) throws -> String {
    let file = url.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file.path
  }
}

private func settings(_ path: JSONValue, _ others: JSONValue = [:]) throws -> CSVSettings {
  let given = try Settings(["path": path]).overridden(by: Settings(others))
  return try CSVSettings(
    given.completed(by: Offer.source("csv", about: "", settings: CSVSettings.specs).settings))
}

private func caught(_ body: () throws -> Void) -> AgentFailure? {
  do {
    try body()
    return nil
  } catch {
    return AgentFailure(error)
  }
}

@Suite struct CSVReaderTests {
  @Test("the chosen columns come first under their new names, the others follow")
  func columns() throws {
    let folder = try Folder()
    let path = try folder.file("a.csv", "id,category,message\n7,greeting,\"hello, you\"\n8,,bye\n")
    let table = try CSVReader.table(
      settings(.string(path), ["text": "message", "label": "category"]))
    #expect(table.columns.map(\.name) == ["text", "label", "id"])
    #expect(try table.strings("text") == ["hello, you", "bye"])
    #expect(try table.strings("label") == ["greeting", nil])
    #expect(try table.strings("id") == ["7", "8"])
  }

  @Test("named parts add a column part, and their columns are joined by name")
  func parts() throws {
    let folder = try Folder()
    let train = try folder.file("train.csv", "text,label,n\na,x,1\n")
    let test = try folder.file("test.csv", "label,text,extra\ny,b,2\n")
    let table = try CSVReader.table(settings(["train": .string(train), "test": .string(test)]))
    #expect(table.columns.map(\.name) == ["text", "label", "n", "extra", "part"])
    #expect(try table.strings("text") == ["a", "b"])
    #expect(try table.strings("part") == ["train", "test"])
    #expect(try table.strings("n") == ["1", nil])
    #expect(try table.strings("extra") == [nil, "2"])
  }

  @Test("a column that has one of our names by chance is kept under another one")
  func collision() throws {
    let folder = try Folder()
    let path = try folder.file("a.csv", "text,message,label,part\nid1,hello,x,9\n")
    let table = try CSVReader.table(settings(["all": .string(path)], ["text": "message"]))
    #expect(table.columns.map(\.name) == ["text", "label", "source_text", "source_part", "part"])
    #expect(try table.strings("text") == ["hello"])
    #expect(try table.strings("source_text") == ["id1"])
  }

  @Test("without a header columns are numbered; tab is a delimiter's name")
  func headless() throws {
    let folder = try Folder()
    let path = try folder.file("a.tsv", "hello\tgreeting\nbye\tfarewell\n")
    let table = try CSVReader.table(
      settings(
        .string(path),
        ["header": false, "delimiter": "tab", "text": "column_1", "label": "column_2"]))
    #expect(try table.strings("label") == ["greeting", "farewell"])
  }

  @Test("a ragged row names itself, its line and both widths")
  func ragged() throws {
    let folder = try Folder()
    let path = try folder.file("a.csv", "text,label\n\"two\nlines\",x\na,b,c\n")
    let failure = try #require(caught { _ = try CSVReader.table(settings(.string(path))) })
    #expect(failure.code == .invalidArgument)
    #expect(failure.place == "\(path):4")
    #expect(failure.message.hasPrefix("row 2 has 3 fields, the header has 2"))
  }

  @Test("a missing column names those that are there, and another delimiter is suspected")
  func missingColumn() throws {
    let folder = try Folder()
    let path = try folder.file("a.csv", "body,label\na,b\n")
    let missing = try #require(caught { _ = try CSVReader.table(settings(.string(path))) })
    #expect(missing.message.contains("no column 'text'; it has 'body', 'label'"))
    #expect(missing.message.contains("`text`"))
    let other = try folder.file("b.csv", "text;label\na;b\n")
    let suspected = try #require(caught { _ = try CSVReader.table(settings(.string(other))) })
    #expect(suspected.message.contains("`delimiter`"))
  }

  @Test("a header that says a name twice is refused")
  func duplicate() throws {
    let folder = try Folder()
    let path = try folder.file("a.csv", "text,label,text\na,b,c\n")
    let failure = try #require(caught { _ = try CSVReader.table(settings(.string(path))) })
    #expect(failure.message.contains("'text' stands twice, as number 1 and 3"))
  }

  @Test("an empty file, a header alone, a folder and no file are four different errors")
  func nothing() throws {
    let folder = try Folder()
    let empty = try folder.file("empty.csv", "")
    let header = try folder.file("header.csv", "text,label\n")
    func message(_ path: String) -> AgentFailure? {
      caught { _ = try CSVReader.table(settings(.string(path))) }
    }
    #expect(message(empty)?.message.contains("the file is empty") == true)
    #expect(message(header)?.message.contains("no rows") == true)
    #expect(message(header)?.place == header)
    #expect(message(folder.url.path)?.message.contains("folder") == true)
    #expect(message(empty + "x")?.code == .notFound)
  }

  @Test("a stop is honoured while reading")
  func stop() throws {
    let folder = try Folder()
    let path = try folder.file("a.csv", "text,label\na,b\n")
    let failure = caught {
      _ = try CSVReader.table(settings(.string(path))) {
        throw AgentFailure(.cancelled, "stop")
      }
    }
    #expect(failure?.code == .cancelled)
  }

  @Test(
    "wrong settings are named",
    arguments: [
      (["path": 3], "settings.path"), (["path": [:]], "settings.path"),
      (["path": ["a": 1]], "settings.path.a"),
      (["path": "a.csv", "delimiter": ",,"], "settings.delimiter"),
      (["path": "a.csv", "delimiter": "\""], "settings.delimiter"),
      (["path": "a.csv", "text": "label"], "settings.label"),
    ] as [(JSONValue, String)])
  func wrongSettings(json: JSONValue, place: String) throws {
    let offer = Offer.source("csv", about: "", settings: CSVSettings.specs)
    let given = try Settings(json).completed(by: offer.settings)
    #expect(caught { _ = try CSVSettings(given) }?.place == place)
  }

  @Test("whole numbers, numbers and truth values keep their type; mixed columns become texts")
  func cells() {
    #expect(ColumnValues([.integer(1), .null]) == .i64([1, nil]))
    #expect(ColumnValues([.integer(1), .number(0.5)]) == .f64([1, 0.5]))
    #expect(ColumnValues([.truth(true), .null]) == .bool([true, nil]))
    #expect(ColumnValues([.truth(true), .integer(1)]) == .utf8(["true", "1"]))
    #expect(
      ColumnValues([.integer(9_007_199_254_740_993), .number(0.5)])
        == .utf8(["9007199254740993", "0.5"]))
    #expect(ColumnValues([.null]) == .utf8([nil]))
  }
}
