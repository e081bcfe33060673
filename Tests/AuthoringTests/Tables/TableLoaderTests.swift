import Authoring
import Conversation
import Diagnostics
import Knowledge
import Testing

struct TableLoaderTests {
    @Test func `tables without a mistake become a knowledge base`() throws {
        let (base, diagnostics) = TableFixture().load()
        let knowledge = try #require(base)
        #expect(diagnostics.isEmpty)
        let fact = try #require(knowledge.fact("r-1"))
        #expect(
            fact
                == Fact(
                    id: "r-1", table: "rates", topic: "住院", attribute: "报销比例", place: "371500",
                    insurance: "职工",
                    population: "在职", condition: "三级医院", value: "60", unit: "%", step: 0, note: "",
                    source: "law",
                    hint: "百分之六十", validFrom: CivilDate(year: 2024, month: 1, day: 1), validTo: nil,
                    flags: [], supersedes: []))
        #expect(knowledge.render(fact) == "三级医院：报60%")
        #expect(knowledge.source("law")?.publisher == "国务院" && knowledge.source("law")?.documentNumber == nil)
        #expect(knowledge.placesWithAliases.map(\.aliases) == [["国家"], ["山东", "鲁"], ["聊城", "lc"]])
        #expect(
            knowledge.hasFacts(topic: "住院", attribute: "报销比例") && knowledge.attributes(of: "住院") == ["报销比例"])
    }

    @Test func `a last day without day or month is the last of its time`() throws {
        var fixture = TableFixture()
        fixture.rates = "r-1,住院,报销比例,371500,,,,60,%,,,law,,2024,2024-02,,"
        let fact = try #require(fixture.load().base?.fact("r-1"))
        #expect(fact.validFrom == CivilDate(year: 2024, month: 1, day: 1))
        #expect(fact.validTo == CivilDate(year: 2024, month: 2, day: 29))
    }

    @Test func `another content has another fingerprint`() {
        var other = TableFixture()
        other.rates = other.rates.replacing("60", with: "61")
        #expect(TableFixture().load().base?.fingerprint == TableFixture().load().base?.fingerprint)
        #expect(TableFixture().load().base?.fingerprint != other.load().base?.fingerprint)
    }

    // MARK: Rows

    @Test(arguments: [
        ("r-2,住院,报销比例,371500,,,a,60,%,,,lwa,,,,,", "unknown-source rates/rows.csv:3:31"),
        ("r-2,住院,报销比例,371599,,,a,60,%,,,law,,,,,", "unknown-place rates/rows.csv:3:13"),
        ("r-2,住院,报销比例,371500,,,a,60,%,,,,,,,,", "empty-cell rates/rows.csv:3:31"),
        ("r-2,住院,报消比例,371500,,,a,60,%,,,law,,,,,", "bad-cell rates/rows.csv:3:8"),
        ("r-2,住院,报销比例,371500,新农合,,a,60,%,,,law,,,,,", "bad-cell rates/rows.csv:3:20"),
        ("r-2,住院,报销比例,371500,,,a,60,%,,,law,,2024-02-30,,,", "bad-cell rates/rows.csv:3:36"),
        ("r-2,住院,报销比例,371500,,,a,60,%,,,law,,2024-2-3,,,", "bad-cell rates/rows.csv:3:36"),
        ("r-2,住院,报销比例,371500,,,a,60,%,,,law,,2025-01-01,2024-12-31,,", "dates-reversed rates/rows.csv:3:47"),
        ("r-2,住院,报销比例,371500,,,a,60,%,,,law,,,2013-12-31,,", "ended-before-source rates/rows.csv:3:37"),
        ("r-2,住院,报销比例,371500,,,2026年度,60,%,,,law,,,2026-12-31,,", "other-year rates/rows.csv:3:41"),
        ("r-2,住院,报销比例,371500,,,2026年度,60,%,,,law,,2026-01-01,2027-12-31,,", "other-year rates/rows.csv:3:52"),
        ("r-2,住院,报销比例,371500,,,a,60,%,x,,law,,,,,", "bad-cell rates/rows.csv:3:29"),
        ("r-2,住院,报销比例,371500,,,a,60,%,,,law,,,,ambigous,", "bad-cell rates/rows.csv:3:38"),
        ("r-2,住院,报销比例,371500,,,a,60,%,,,law,,,,,r-9", "unknown-fact rates/rows.csv:3:39"),
        ("r-1,门诊,报销比例,371500,,,a,60,%,,,law,,,,,", "duplicate-row rates/rows.csv:3:1"),
        ("r 2,住院,报销比例,371500,,,a,60,%,,,law,,,,,", "bad-cell rates/rows.csv:3:1"),
        ("r-2,住院,报销比例,371500,,,=A1,60,%,,,law,,,,,", "bad-cell rates/rows.csv:3:22"),
        ("r-2,住院,报销比例,371500,,,a,60,%,,,law,一二三四五六七八九十一二三四五六七八九十一二三四五,,,,", "long-hint rates/rows.csv:3:35"),
        ("r-2,住院,报销比例,371500,,,a,60,%,,,law,,,,", "csv-ragged rates/rows.csv:3:38"),
        ("r-2,住院,报销比例,371500,,,a,b,60,%,,,law,,,,,", "csv-ragged rates/rows.csv:3:41"),
        ("", "csv-ragged rates/rows.csv:3:1"),
        ("r-2,住院,报销比例,371500,,,\"a\nb\",60,%,,,law,,,,,", "control-character rates/rows.csv:3:23"),
        ("r-2,住院,报销比例,371500,,,a\tb,60,%,,,law,,,,,", "control-character rates/rows.csv:3:22"),
        ("r-2,住院,步骤,371500,,,a,做,,2,,law,,,,,", "step-order rates/rows.csv:3:25"),
        ("r-2,住院,报销比例,371500,职工,在职,三级医院,65,%,,,law,,,,,", "contradicting-facts rates/rows.csv:3:1"),
    ])
    func `KNO-04 each mistake of a row is told at its cell`(row: String, expected: String) {
        #expect(TableFixture.mistakes(rates: row + (row.isEmpty ? "\n" : "")) == [expected])
    }

    @Test func `steps count from one within source, place, topic and condition`() {
        let right =
            "s-1,住院,步骤,371500,,,甲,一,,1,,law,,,,,\ns-2,住院,步骤,371500,,,甲,二,,2,,law,,,,,\ns-3,住院,步骤,371500,,,乙,一,,1,,law,,,,,"
        #expect(TableFixture.mistakes(rates: right).isEmpty)
        #expect(
            TableFixture.mistakes(rates: right.replacing(",2,,law", with: ",3,,law")) == [
                "step-order rates/rows.csv:4:25"
            ])
    }

    @Test(arguments: [
        "r-2,住院,报销比例,371500,职工,在职,三级医院,65,%,,,law,,,,,r-1", "r-2,住院,报销比例,371500,职工,退休,三级医院,65,%,,,law,,,,,",
        "r-2,住院,报销比例,371500,职工,在职,三级医院,65,%,,,law,,,2023-12-31,,",
        "r-2,住院,报销比例,371500,职工,在职,三级医院,65,%,,,law,,,,outdated,",
        "r-2,住院,报销比例,371500,职工,在职,三级医院,60,%,,,law,,,,,",
    ])
    func `figures that something tells apart do not contradict`(row: String) {
        #expect(TableFixture.mistakes(rates: row).isEmpty)
    }

    @Test func `a doubt that names both figures settles the warning`() {
        var fixture = TableFixture()
        fixture.rates += "\nr-2,住院,报销比例,371500,职工,在职,三级医院,65,%,,,law,,,,,"
        fixture.doubts = "X1,contradiction,住院,r-1 r-2,两说,问12393,,"
        #expect(fixture.mistakes().isEmpty)
        fixture.doubts = "X1,contradiction,住院,r-1 r-9,两说,问12393,r-8,"
        #expect(
            fixture.mistakes() == ["unknown-fact doubts/rows.csv:2:21", "unknown-fact doubts/rows.csv:2:39"])
    }

    @Test(arguments: [
        ("", "empty-cell doubts/rows.csv:2:36"), ("!养老", "bad-cell doubts/rows.csv:2:36"),
        ("住院 60%", nil),
    ])
    func `what cannot be right has words by which it is asked about`(asked: String, mistake: String?) {
        var fixture = TableFixture()
        fixture.doubts = "X1,implausible,住院,r-1,说法不对,问12393,,\(asked)"
        #expect(fixture.mistakes() == [mistake].compactMap(\.self))
    }

    @Test(arguments: [
        ("371501", "the nearest code is `371500` 聊城市"), ("聊城", "the code of that name is `371500` 聊城市"),
        ("371599", "the nearest code is `371500` 聊城市"),
        ("999999", "places and their codes are in `Data/places/rows.csv`"),
    ])
    func `a code that no place has is answered with the nearest, a name with its code`(
        text: String, hint: String
    ) {
        var fixture = TableFixture()
        fixture.rates += "\nr-2,住院,报销比例,\(text),,,a,60,%,,,law,,,,,"
        #expect(fixture.load().diagnostics.first { $0.code.id == "unknown-place" }?.hint == hint)
    }

    @Test func `a source that no fact names is told as a warning`() throws {
        var fixture = TableFixture()
        fixture.sources += "\nnone,没人用,,web,,,"
        #expect(fixture.mistakes() == ["unused-source sources/rows.csv:3:1"])
        #expect(fixture.load().base != nil)
    }

    @Test(arguments: [
        ("none,标题,2024-13,web,,,", "bad-cell sources/rows.csv:3:9"),
        ("none,标题,,web,,,javascript:alert(1)", "bad-cell sources/rows.csv:3:16"),
        ("none,标题,,rumour,,,", "bad-cell sources/rows.csv:3:10"),
        ("law,标题,,web,,,", "duplicate-row sources/rows.csv:3:1"),
    ])
    func `each mistake of a source is told`(row: String, expected: String) {
        var fixture = TableFixture()
        fixture.sources += "\n" + row
        #expect(fixture.mistakes().contains(expected))
    }

    @Test(arguments: [
        ("371600,滨州市,prefecture,371500,", "bad-place-tree"), ("371600,滨州市,prefecture,,", "bad-place-tree"),
        ("371600,滨州市,county,000000,", "bad-place-tree"), ("37160,滨州市,prefecture,370000,", "bad-cell"),
        ("371600,滨州市,prefecture,371600,", "bad-place-tree"),
        ("371500,滨州市,prefecture,370000,", "duplicate-row"),
        ("371600,滨州市,city,370000,", "bad-cell"),
    ])
    func `a place belongs to a higher one`(row: String, code: String) {
        var fixture = TableFixture()
        fixture.places += "\n" + row
        #expect(fixture.mistakes().contains { $0.hasPrefix("\(code) places/rows.csv:5") })
    }

    // MARK: Whole files

    @Test func `KNO-04 a file in the wrong form is told by line`() {
        var fixture = TableFixture()
        let header = TableFixture.factHeader
        let rows = { (bytes: [UInt8]) -> [String] in
            fixture.others = [
                TableFiles(
                    name: "fees",
                    definition: SourceFile(
                        path: "Data/fees/table.yaml",
                        text: TableFixture.ratesYAML.replacing("table: rates", with: "table: fees")),
                    rows: SourceFile(path: "Data/fees/rows.csv", bytes: bytes))
            ]
            return fixture.mistakes()
        }
        #expect(rows([0xEF, 0xBB, 0xBF] + Array(header.utf8)) == ["byte-order-mark fees/rows.csv:1:1"])
        #expect(
            rows(Array((header + "\nf-1,").utf8) + [0xB9, 0xAB, 0xBC, 0xC3, 0x0A]) == [
                "bad-utf8 fees/rows.csv:2:5"
            ])
        #expect(rows(Array((header + "\r\nf-1,门诊,起付线,371500,,,,1800,元,,,law,,,,,\r\n").utf8)) == [])
        #expect(rows([]) == ["column-mismatch fees/rows.csv:1:1"])
        #expect(
            rows(Array(header.replacing("attribute", with: "atribute").utf8)) == [
                "column-mismatch fees/rows.csv:1:10"
            ])
        #expect(
            rows(Array(header.replacing(",supersedes", with: "").utf8)) == [
                "column-mismatch fees/rows.csv:1:110"
            ])
    }

    @Test(arguments: [
        ("table: rates", "table: rate", "bad-table-definition rates/table.yaml:1:8"),
        ("key: id", "key: ident", "bad-table-definition rates/table.yaml:3:6"),
        ("type: date", "type: dat", "bad-table-definition rates/table.yaml:18:30"),
        (
            "{name: unit, type: text}", "{name: units, type: text}",
            "bad-table-definition rates/table.yaml:13:5"
        ),
        ("type: place, required: true", "type: place", "bad-table-definition rates/table.yaml:8:5"),
        ("type: integer", "type: text", "bad-table-definition rates/table.yaml:14:5"),
        ("起付线{value}", "起付线{vale}", "bad-wording rates/table.yaml:24:30"),
        ("wording: \"{value}\"", "wrding: \"{value}\"", "missing-key rates/table.yaml:25:5"),
        ("about: \"What the insurance pays.\"", "abuot: x", "missing-key rates/table.yaml:1:1"),
    ])
    func `each mistake of a definition is told`(old: String, new: String, expected: String) {
        var fixture = TableFixture()
        fixture.ratesDefinition = fixture.ratesDefinition.replacing(old, with: new, maxReplacements: 1)
        let mistakes = fixture.mistakes()
        #expect(mistakes.contains(expected), "\(mistakes)")
        #expect(fixture.load().base == nil)
    }

    @Test func `an attribute without wording is not declared`() {
        var fixture = TableFixture()
        fixture.ratesDefinition = fixture.ratesDefinition.replacing(
            "  - {name: 报销比例, wording: \"[{condition}：]报{value}{unit}\", wording_text: \"[{condition}：]{value}\"}\n",
            with: "")
        #expect(fixture.mistakes() == ["unknown-attribute rates/rows.csv:2:8"])
    }

    @Test func `a table that cannot be read is the only mistake, not also all that names its rows`() {
        var fixture = TableFixture()
        fixture.doubts = "X1,ambiguous,住院,r-1,不清楚,问医保局,,"
        #expect(fixture.mistakes() == [])
        fixture.ratesDefinition = "\u{FEFF}" + fixture.ratesDefinition
        #expect(fixture.mistakes() == ["byte-order-mark rates/table.yaml:1:1"])
    }

    @Test func `a table of mistakes is not listed to its end`() {
        let rows = (0..<5000).map { "x-\($0),住院,报销比例,371500,,,a,60,%,,,nobody,,,,," }.joined(separator: "\n")
        #expect(TableFixture.mistakes(rates: rows).count < 110)
    }

    @Test func `KNO-04 a hundred thousand rows load`() throws {
        var fixture = TableFixture()
        fixture.rates = (0..<100_000).map {
            "x-\($0),住院,报销比例,371500,职工,在职,第\($0)种情况,60,%,,,law,几个字,2024-01-01,,,"
        }.joined(separator: "\n")
        let base = try #require(fixture.load().base)
        #expect(base.facts.count == 100_000)
    }

    /// So many rows, fifty for each place.
    private func base(rows: Int) throws -> (base: KnowledgeBase, places: [String]) {
        var fixture = TableFixture()
        let count = rows / 50
        let places = (0..<count).map { "9\(10_000 + $0)" }
        fixture.places += "\n" + places.map { "\($0),第\($0)县,county,371500," }.joined(separator: "\n")
        fixture.sources +=
            "\n" + (0..<200).map { "s\($0),第\($0)号文件怎么报销,2024-01-01,press,,," }.joined(separator: "\n")
        fixture.rates = (0..<rows).map {
            "x-\($0),\($0 % 3 == 0 ? "门诊" : "住院"),\($0 % 2 == 0 ? "报销比例" : "起付线"),\(places[$0 % count]),\($0 / count % 2 == 0 ? "职工" : "居民"),,第\($0)种情况,\($0 % 90),%,,,s\($0 % 199),几个字,2024-01-01,,,"
        }.joined(separator: "\n")
        return (try #require(fixture.load().base), places)
    }

    @Test func `among twenty times as many rows a look-up and a search take not much longer`() throws {
        let few = try efforts(rows: 5_000), many = try efforts(rows: 100_000)
        #expect(many.answers < 3 * few.answers, "\(many.answers) ns, \(few.answers) ns among few")
        #expect(many.searches < 10 * few.searches, "\(many.searches) ns, \(few.searches) ns among few")
    }

    /// What a hundred look-ups take, and twenty searches.
    private func efforts(rows: Int) throws -> (answers: Int, searches: Int) {
        let (knowledge, places) = try base(rows: rows)
        var query = FactQuery(topics: ["住院"], place: "", asOf: CivilDate(year: 2026, month: 4, day: 10))
        query.attributes = ["报销比例"]
        query.insurance = "居民"
        let answers = effort {
            for number in 0..<100 {
                query.place = places[number * 6 % places.count]
                #expect(!knowledge.answer(query).facts.isEmpty)
            }
        }
        let searches = effort {
            for number in 0..<20 {
                _ = knowledge.search(
                    "住院第\(number)种情况怎么报销", place: places[number * 6 % places.count], insurance: nil,
                    asOf: query.asOf, limit: 2)
            }
        }
        return (answers, searches)
    }
}
