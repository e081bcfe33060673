import Authoring
import Testing

@Suite struct ExampleFileTests {
    private func read(_ text: String, path: String = "set.tsv") throws(ExampleFile.Mistake) -> ExampleFile {
        try ExampleFile(Array(text.utf8), path: path)
    }

    private let rows: [ExampleFile.Row] = [
        .init(text: "book a flight", intent: "fly"), .init(text: "play song", intent: "music"),
    ]

    @Test(arguments: ["\n", "\r\n"], ["", "\u{FEFF}"])
    func `lines end as on any system, with or without a mark in front`(end: String, mark: String) throws {
        let lines = ["text\tintent", "book a flight\tfly", "", "play song\tmusic", ""]
        #expect(try read(mark + lines.joined(separator: end)).rows == rows)
        let objects = [
            #"{"text":"book a flight","intent":"fly"}"#, #"{"text":"play song","intent":"music"}"#,
        ]
        #expect(try read(mark + objects.joined(separator: end), path: "set.jsonl").rows == rows)
    }

    @Test func `the header decides which column is what`() throws {
        #expect(try read("intent\ttext\nfly\tbook a flight\nmusic\tplay song").rows == rows)
        let file = try read("entities\tintent\ttext\nplace=济南市 age=3\tfly\tbook a flight")
        #expect(file.hasMentions)
        #expect(file.rows[0].text == "book a flight")
        #expect(file.rows[0].mentions.map(\.type) == ["place", "age"])
        #expect(file.rows[0].mentions.map(\.value) == ["济南市", "3"])
    }

    @Test(arguments: [
        (
            "a\tb\n1\t2",
            "set.tsv:1: the header names a column `a`; the columns are `text`, `intent` and `entities`"
        ),
        ("text\ttext\n1\t2", "set.tsv:1: the header names the column `text` twice"),
        ("text\n1", "set.tsv:1: the header names no column `intent`"),
        ("intent\n1", "set.tsv:1: the header names no column `text`"),
        ("", "set.tsv: expected a header that names the columns `text` and `intent`"),
        ("text\tintent\r\n", "set.tsv: there is no example in it"),
        ("text\tintent\n\r\nno intent", "set.tsv:3: expected text, a tab and an intent"),
        ("text\tintent\tentities\na\tb\tplace", "set.tsv:2: expected TYPE=VALUE, not `place`"),
    ]) func `a mistake is told with its line`(text: String, words: String) {
        let mistake = #expect(throws: ExampleFile.Mistake.self) { try read(text) }
        #expect(mistake?.description == words)
    }

    @Test(arguments: [
        (#"{"text":"a"}"#, "set.jsonl:1: expected an object with `text` and `intent`"),
        (
            #"{"text":"a","intent":"b","slots":[{"slot":"s","start":2,"end":1}]}"#,
            "set.jsonl:1: expected each slot with `slot`, `start` and a greater `end`"
        ),
    ]) func `a mistake in an object is told with its line`(text: String, words: String) {
        let mistake = #expect(throws: ExampleFile.Mistake.self) { try read(text, path: "set.jsonl") }
        #expect(mistake?.description == words)
    }
}
