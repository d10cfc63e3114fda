/// A text as one word of a POSIX shell, so that a command in a message can be pasted.
func shellWord(_ text: String) -> String {
  let plain = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "/._-+:@%=,".utf8.contains(byte)
    }
  }
  if plain && !text.isEmpty && !text.hasPrefix("-") { return text }
  // A word that begins with a hyphen would be an option.
  let path = text.hasPrefix("-") ? "./" + text : text
  var quoted = "'"
  for character in path {
    if character == "'" { quoted += "'\\''" } else { quoted.append(character) }
  }
  return quoted + "'"
}
