import Authoring
import Diagnostics
import Knowledge

/// A small `Data/` folder in memory, of which a test changes what it is about.
struct TableFixture {
    var places = """
        000000,全国,nation,,国家
        370000,山东省,province,000000,山东 鲁
        371500,聊城市,prefecture,370000,聊城 lc
        """
    var sources = """
        law,医疗保障条例,2021-05-01,official,国务院,,https://example.gov.cn/a
        """
    var doubts = ""
    var rates = """
        r-1,住院,报销比例,371500,职工,在职,三级医院,60,%,,,law,百分之六十,2024-01-01,,,
        """
    /// Replaces the definition of `rates`.
    var ratesDefinition = TableFixture.ratesYAML
    /// Whole tables besides.
    var others: [TableFiles] = []

    static let factHeader =
        "id,topic,attribute,place,insurance,population,condition,value,unit,step,note,source,hint,valid_from,valid_to,flags,supersedes"

    static let ratesYAML = """
        table: rates
        about: "What the insurance pays."
        key: id
        columns:
          - {name: id, type: id, required: true}
          - {name: topic, type: enum, required: true, values: [住院, 门诊]}
          - {name: attribute, type: enum, required: true, values: [报销比例, 起付线, 步骤]}
          - {name: place, type: place, required: true}
          - {name: insurance, type: enum, values: [职工, 居民]}
          - {name: population, type: enum, values: [在职, 退休]}
          - {name: condition, type: text}
          - {name: value, type: text, required: true}
          - {name: unit, type: text}
          - {name: step, type: integer}
          - {name: note, type: text}
          - {name: source, type: source, required: true}
          - {name: hint, type: text}
          - {name: valid_from, type: date}
          - {name: valid_to, type: date}
          - {name: flags, type: flags, values: [ambiguous, outdated]}
          - {name: supersedes, type: ids}
        attributes:
          - {name: 报销比例, wording: "[{condition}：]报{value}{unit}", wording_text: "[{condition}：]{value}"}
          - {name: 起付线, wording: "起付线{value}{unit}"}
          - {name: 步骤, wording: "{value}"}

        """

    private static let placesYAML = """
        table: places
        about: a
        key: code
        columns:
          - {name: code, type: id, required: true}
          - {name: name, type: text, required: true}
          - {name: level, type: enum, required: true, values: [nation, province, prefecture, county]}
          - {name: parent, type: place}
          - {name: aliases, type: flags}

        """

    private static let sourcesYAML = """
        table: sources
        about: a
        key: id
        columns:
          - {name: id, type: id, required: true}
          - {name: title, type: text, required: true}
          - {name: date, type: text}
          - {name: authority, type: enum, required: true, values: [official, press, reprint, web]}
          - {name: publisher, type: text}
          - {name: document_no, type: text}
          - {name: url, type: text}

        """

    private static let doubtsYAML = """
        table: doubts
        about: a
        key: id
        columns:
          - {name: id, type: id, required: true}
          - {name: kind, type: enum, required: true, values: [contradiction, ambiguous, implausible]}
          - {name: topic, type: text, required: true}
          - {name: facts, type: ids, required: true}
          - {name: says, type: text, required: true}
          - {name: settles, type: text, required: true}
          - {name: settled_by, type: ids}
          - {name: asked, type: text}

        """

    static func table(_ name: String, _ yaml: String, header: String, rows: String) -> TableFiles {
        let text = rows.isEmpty || rows.hasSuffix("\n") ? rows : rows + "\n"
        return TableFiles(
            name: name, definition: SourceFile(path: "Data/\(name)/table.yaml", text: yaml),
            rows: SourceFile(path: "Data/\(name)/rows.csv", text: header + "\n" + text))
    }

    var files: [TableFiles] {
        [
            Self.table(
                "doubts", Self.doubtsYAML, header: "id,kind,topic,facts,says,settles,settled_by,asked",
                rows: doubts
            ),
            Self.table("places", Self.placesYAML, header: "code,name,level,parent,aliases", rows: places),
            Self.table("rates", ratesDefinition, header: Self.factHeader, rows: rates),
            Self.table(
                "sources", Self.sourcesYAML, header: "id,title,date,authority,publisher,document_no,url",
                rows: sources),
        ] + others
    }

    func load() -> (base: KnowledgeBase?, diagnostics: [Diagnostic]) {
        let collector = DiagnosticCollector()
        let base = TableLoader.load(files, into: collector)
        return (base, collector.diagnostics.sortedByPosition())
    }

    /// `code file:line:column` of each diagnostic.
    func mistakes() -> [String] {
        let (base, diagnostics) = load()
        return (base == nil || !diagnostics.hasErrors ? [] : ["loaded with errors"])
            + diagnostics.map {
                let place = $0.primary
                return
                    "\($0.code.id) \(place.file.path.dropFirst(5)):\(place.span.start.line):\(place.span.start.column)"
            }
    }

    /// Mistakes when the rates have these rows besides the first.
    static func mistakes(rates rows: String) -> [String] {
        var fixture = TableFixture()
        fixture.rates += "\n" + rows
        return fixture.mistakes()
    }
}
