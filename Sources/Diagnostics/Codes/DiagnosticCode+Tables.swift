/// Mistakes in the tables of `Data/`.
extension DiagnosticCode {
    package static let tables: [DiagnosticCode] = [
        missingFile, unreadableFile, badTableDefinition, csvQuote, csvRagged, columnMismatch, emptyCell,
        badCell,
        duplicateRow, unknownPlace, unknownSource, unknownAttribute, unknownFact, badPlaceTree, longHint,
        stepOrder,
        unusedSource, datesReversed, endedBeforeSource, otherYear, contradictingFacts, badWording, badFigure,
        ruleMismatch, badBounds,
        ambiguousRules,
    ]

    package static let missingFile = DiagnosticCode(
        "missing-file", "a file that must be there is not",
        explanation: """
            Each folder of `Data/` is a table and holds `table.yaml` (its columns) and `rows.csv` (its rows).
            """,
        mistake: "Data/rates/rows.csv",
        mended: "Data/rates/rows.csv\nData/rates/table.yaml")

    package static let unreadableFile = DiagnosticCode(
        "unreadable-file", "a file cannot be read",
        explanation: """
            The operating system refused it: the message says why. Check the owner and the permissions. Or it is a
            link: only what lies in the folder itself is read, so put the file there.
            """,
        mistake: "-rw------- root  Data/rates/rows.csv",
        mended: "-rw-r--r-- root  Data/rates/rows.csv")

    package static let badTableDefinition = DiagnosticCode(
        "bad-table-definition", "a table is not described as tables are",
        explanation: """
            `table.yaml` names the table (as its folder is named), its columns with their types, the key
            column and, for facts, the attributes with their wording. Facts all have the same columns, in the
            same order.
            """,
        mistake: "table: rate      # in Data/rates/",
        mended: "table: rates")

    package static let csvQuote = DiagnosticCode(
        "csv-quote", "a quotation mark is out of place",
        explanation: """
            A cell that begins with `"` ends with one, and a quotation mark inside it is written twice (RFC
            4180). A cell that does not begin with `"` holds none. A mark that is not closed swallows the
            lines below it.
            """,
        mistake: "c-1,\"先“备案\"再住院\",",
        mended: "c-1,\"先“备案\"\"再住院\",")

    package static let csvRagged = DiagnosticCode(
        "csv-ragged", "a row has more or fewer cells than the header",
        explanation: """
            Every row has a cell for each column, empty ones too. A row with too many usually holds a comma in
            a text that is not in quotation marks; merged cells of a spreadsheet leave rows with too few.
            """,
        mistake: "id,value,unit\nc-1,先备案,再住院,",
        mended: "id,value,unit\nc-1,\"先备案,再住院\",")

    package static let columnMismatch = DiagnosticCode(
        "column-mismatch", "the header does not name the declared columns",
        explanation: """
            The first line of `rows.csv` names the columns of `table.yaml`, all of them, in the same order.
            """,
        mistake: "id,topic,atribute",
        mended: "id,topic,attribute")

    package static let emptyCell = DiagnosticCode(
        "empty-cell", "a cell that must be filled is empty",
        explanation: """
            The column is declared `required: true`. A fact without its source or its place is never told to
            anyone, so it is refused here.
            """,
        mistake: "c-1,异地,材料,370000,,,,身份证,,,,,,,,,",
        mended: "c-1,异地,材料,370000,,,,身份证,,,,ybj-2024,,,,,")

    package static let badCell = DiagnosticCode(
        "bad-cell", "a cell does not hold what its column is for",
        explanation: """
            Integers are digits; decimals are digits with one point and no grouping; dates are `2025`,
            `2025-03` or `2025-03-17` and exist in the calendar; an enum holds one of its values; ids are
            letters, digits, `-` and `_`. A cell that begins with `=` is a formula that a spreadsheet left:
            paste its value.
            """,
        mistake: "2025/3/17",
        mended: "2025-03-17")

    package static let duplicateRow = DiagnosticCode(
        "duplicate-row", "two rows have the same key",
        explanation: """
            A key names one row; ids of facts are unique over all fact tables, since dialogs and doubts refer
            to them.
            """,
        mistake: "c-1,异地,…\nc-1,缴费,…",
        mended: "c-1,异地,…\nc-2,缴费,…")

    package static let unknownPlace = DiagnosticCode(
        "unknown-place", "no place has that code",
        explanation: "Places are six-digit division codes of `Data/places`; `000000` is the whole country.",
        mistake: "371599",
        mended: "371500")

    package static let unknownSource = DiagnosticCode(
        "unknown-source", "no source has that id",
        explanation: """
            Every fact names the row of `Data/sources` that it was read in. What has no source is not told to
            anyone.
            """,
        mistake: "ybj-2042",
        mended: "ybj-2024")

    package static let unknownAttribute = DiagnosticCode(
        "unknown-attribute", "the table declares no such attribute",
        explanation: """
            The attributes of a fact table are listed in its `table.yaml`, each with the words that tell a
            fact of that kind.
            """,
        mistake: "报消比例",
        mended: "报销比例")

    package static let unknownFact = DiagnosticCode(
        "unknown-fact", "no fact has that id",
        explanation: "`supersedes` and the facts of a doubt name ids of rows in fact tables.",
        mistake: "supersedes: c-lcyd-99",
        mended: "supersedes: c-lcyd-21")

    package static let badPlaceTree = DiagnosticCode(
        "bad-place-tree", "a place does not belong to a higher one",
        explanation: """
            Counties belong to a prefecture or directly to a province, prefectures to a province, provinces to
            the country (`000000`), which belongs to nothing.
            """,
        mistake: "371500,聊城市,prefecture,371502,",
        mended: "371500,聊城市,prefecture,370000,")

    package static let longHint = DiagnosticCode(
        "long-hint", "a hint quotes more of the source than is needed",
        explanation: """
            A hint is a few words, at most 24 characters, by which a person finds the place in the source.
            Facts are told in our own words.
            """,
        mistake: "参保人员跨省异地就医前应当通过国家医保服务平台办理备案手续",
        mended: "跨省异地就医前备案")

    package static let stepOrder = DiagnosticCode(
        "step-order", "steps of a procedure do not follow each other",
        explanation: """
            Steps that share source, place, topic and condition are one procedure. They count from 1 without
            holes, in the order in which they are done.
            """,
        mistake: "step 1, step 2, step 4",
        mended: "step 1, step 2, step 3")

    package static let unusedSource = DiagnosticCode(
        "unused-source", "no fact was read in this source",
        explanation: "A source is kept for the facts that name it. Remove it, or add what was read in it.",
        mistake: "a row of Data/sources that no fact names",
        mended: "no such row")

    package static let datesReversed = DiagnosticCode(
        "dates-reversed", "a fact ends before it begins",
        explanation: "`valid_to` is the last day on which it holds and does not come before `valid_from`.",
        mistake: "valid_from 2025-01-01, valid_to 2024-12-31",
        mended: "valid_from 2024-01-01, valid_to 2024-12-31")

    package static let endedBeforeSource = DiagnosticCode(
        "ended-before-source", "a fact ended long before its source was written",
        explanation: """
            A source tells what holds, or what held not long ago. A last day many years before it was written is a
            slip of the pen, and would keep the fact from everybody who asks how it is now.
            """,
        mistake: "valid_to 2006-12-31, the source is of 2025",
        mended: "valid_to 2026-12-31")

    package static let otherYear = DiagnosticCode(
        "other-year", "a fact for a year holds in another one",
        explanation: """
            What the condition says to be for a year (2026年度) holds from its first to its last day, although it
            may be paid the autumn before. Both dates are given, so that it is told for that year and no other.
            """,
        mistake: "2026年度, valid_from empty, valid_to 2025-12-31",
        mended: "2026年度, valid_from 2026-01-01, valid_to 2026-12-31")

    package static let contradictingFacts = DiagnosticCode(
        "contradicting-facts", "two facts give different figures for one thing",
        explanation: """
            Both hold at the same place and time, for the same people, under the same condition, and cannot
            both be right. Add what tells them apart to the condition, let one supersede the other, or add a
            row to `Data/doubts` that names both and says what decides; people are then told of both.
            """,
        mistake: "c-1 报销比例 三级 60 %\nc-2 报销比例 三级 65 %",
        mended: "c-2 with `supersedes` c-1")

    package static let badWording = DiagnosticCode(
        "bad-wording", "a wording cannot be filled in",
        explanation: """
            A wording names columns of the fact in braces; a part in square brackets is left out when a column
            in it is empty. Brackets are closed and not nested.
            """,
        mistake: "\"[{condition}报{vale}{unit}\"",
        mended: "\"[{condition}]报{value}{unit}\"")

    package static let badFigure = DiagnosticCode(
        "bad-figure", "a sum is worked out with something that is no figure",
        explanation: """
            A rule of `Data/calculations` has no figures of its own: it names facts, and what a fact says must be
            a bare number with its unit, one that may be relied on. Words, ranges and bounds (不低于50) cannot be
            reckoned with; what no source gives is named in `missing`, and people are told that it is.
            """,
        mistake: "deductible: a-tc-07        (没有统一的起付线)",
        mended: "deductible:               (and a-tc-07 in `also`)")

    package static let ruleMismatch = DiagnosticCode(
        "rule-mismatch", "a rule takes its figure from a fact about something else",
        explanation: """
            The place, the insurance, the people or the hospital of the fact are not those of the rule: most
            often a slip of the id. A figure that is taken over from others on purpose is marked with `~`, and
            people are told that it is.
            """,
        mistake: "level 三级, deductible a-jnzgmz-02        (二级医院)",
        mended: "level 三级, deductible a-jnzgmz-03        (三级医院)")

    package static let badBounds = DiagnosticCode(
        "bad-bounds", "the bounds of a rule do not fit its facts",
        explanation: """
            Bounds are the yuan at which one share ends and the next begins, in ascending order: one fewer than
            shares, or as many when nothing is paid beyond the last. Each is named in the condition of a fact
            beside it, so that a figure that changes is changed in one place and noticed in the other.
            """,
        mistake: "shares a-1 a-2, bounds 1000        (a-1: 起付线到1万元)",
        mended: "shares a-1 a-2, bounds 10000")

    package static let ambiguousRules = DiagnosticCode(
        "ambiguous-rules", "two rules hold for the same case",
        explanation: """
            Sum, place, people and hospital are the same, so nobody could tell which result is meant. What tells
            them apart goes into `label`, and people are shown both; or one is of the standing 另一说.
            """,
        mistake: "two rows for 报销 370100 职工 在职 住院 三级",
        mended: "one of them with the label 一档, the other with 二档")
}
