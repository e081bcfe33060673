import Authoring
import Diagnostics
import Testing

struct ParseCacheTests {
    private let node = YAMLReader.read(
        SourceFile(
            path: "a.yaml",
            text: "flow: 备案\nsteps:\n- collect: \"a\"\n- if: x\n  then: [{say: 'b'}, |\n"
                .replacing("[{say: 'b'}, |\n", with: "\n    - say: 'b'\n    - |\n      c\nempty:\nlist: []\n")
        ),
        into: DiagnosticCollector())

    @Test func `what was encoded decodes to the same tree`() throws {
        let node = try #require(node)
        #expect(YAMLNode(decoding: node.encoded()[...]) == node)
        #expect(YAMLNode(decoding: ([1, 2] + node.encoded())[2...]) == node)
    }

    @Test func `KNO-06 nothing that was cut or changed decodes`() throws {
        let bytes = try #require(node).encoded()
        for count in 0..<bytes.count { #expect(YAMLNode(decoding: bytes[..<count]) == nil) }
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                #expect(YAMLNode(decoding: changed[...]) == nil, "bit \(bit) of byte \(index)")
            }
        }
        #expect(YAMLNode(decoding: (bytes + [0])[...]) == nil)
    }
}
