import JSONText

/// The few forms of which a report is made, over `JSONWriter`.
struct ReportWriter {
    private var json = JSONWriter(capacity: 4096)

    var text: String { json.text }

    mutating func object(_ members: (inout ReportWriter) -> Void) {
        json.beginObject()
        members(&self)
        json.endObject()
    }

    mutating func array<Element>(_ elements: [Element], _ write: (inout ReportWriter, Element) -> Void) {
        json.beginArray()
        for element in elements { write(&self, element) }
        json.endArray()
    }

    mutating func key(_ name: StaticString) { json.key(name) }

    mutating func field(_ name: StaticString, _ value: String) {
        json.key(name)
        json.string(value)
    }

    mutating func field(_ name: StaticString, _ value: Int) {
        json.key(name)
        json.integer(value)
    }

    /// A relative reference (RFC 3986, section 4.2): everything but unreserved characters and the slash is
    /// encoded.
    static func uri(_ path: String) -> String {
        var result = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
            }
        }
        return result
    }
}
