import Foundation

/// Says something on the standard error: the standard output is the table's.
func progress(_ text: String) {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
}

/// Jobs that ran or waited for a core, on average over the last minute.
func loadAverage() -> String {
  var average = [0.0]
  return getloadavg(&average, 1) == 1 ? String(format: "%.1f", average[0]) : "unknown"
}
