import Diagnostics
import Testing

struct DiagnosticCatalogueTests {
    private let codes = DiagnosticCode.files + DiagnosticCode.tables

    @Test func `every code has an explanation, a mistake and its mending`() {
        for code in codes {
            #expect(!code.title.isEmpty && !code.mistake.isEmpty && !code.mended.isEmpty, "\(code.id)")
            #expect(code.explanation.utf8.count > 60, "\(code.id) is hardly explained")
            #expect(code.mistake != code.mended, "\(code.id)")
        }
    }

    @Test func `codes are lowercase words with hyphens, each of them once`() {
        let ids = codes.map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids {
            #expect(
                id.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D || (0x30...0x39).contains($0) })
        }
    }

    @Test func `explaining a code says why, and shows mistake and mending`() throws {
        let text = try #require(DiagnosticCatalogue(codes).explanation(of: "duplicate-key"))
        #expect(
            text == """
                duplicate-key: a key stands twice in one mapping

                Only one of the two values could be used, and readers would not agree which. Remove or rename one.

                Mistaken:

                    title: 绑定
                    title: 解绑

                Mended:

                    title: 绑定

                """)
    }

    @Test func `an unknown code gets a hint`() {
        let catalogue = DiagnosticCatalogue(codes)
        #expect(catalogue.explanation(of: "duplicate-kye") == nil)
        #expect(catalogue.hint(for: "duplicate-kye") == "the nearest code is `duplicate-key`")
    }
}
