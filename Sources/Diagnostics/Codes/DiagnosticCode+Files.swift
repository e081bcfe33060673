/// Mistakes in the writing of a file, whatever it is for.
extension DiagnosticCode {
    package static let files: [DiagnosticCode] = [
        fileTooLarge, badUTF8, byteOrderMark, controlCharacter, yamlSyntax, yamlTab, yamlAlias, yamlTag,
        yamlMergeKey,
        yamlDepth, yamlDocuments, duplicateKey, unknownKey, missingKey, wrongShape,
    ]

    package static let fileTooLarge = DiagnosticCode(
        "file-too-large", "a file is larger than any honest one",
        explanation: """
            A YAML file of up to 4 MiB and a table of up to 256 MiB are read. What is larger is refused before
            a byte of it is looked at, so that a stray archive or log does not fill the memory. Split the
            file.
            """,
        mistake: "Dialogs/intents/all.yaml        (12 MiB)",
        mended: "Dialogs/intents/remote_filing.yaml\nDialogs/intents/premium_pay.yaml")

    package static let badUTF8 = DiagnosticCode(
        "bad-utf8", "a file is not UTF-8",
        explanation: """
            All files are UTF-8. Bytes that are not usually come from an editor or a spreadsheet that saved as
            GBK (ANSI on a Chinese Windows). Nothing is guessed: open the file in the right encoding and save
            it as UTF-8.
            """,
        mistake: "a file saved as “GB2312”, “GBK” or “ANSI”",
        mended: "the same file saved as “UTF-8”")

    package static let byteOrderMark = DiagnosticCode(
        "byte-order-mark", "a file begins with a byte order mark",
        explanation: """
            A mark at the beginning (EF BB BF) cannot be seen and becomes part of the first name. Some
            spreadsheets write it: save as “UTF-8”, not as “UTF-8 with BOM”.
            """,
        mistake: "<U+FEFF>id,topic,attribute",
        mended: "id,topic,attribute")

    package static let controlCharacter = DiagnosticCode(
        "control-character", "a character that cannot be seen",
        explanation: """
            Control characters, lone carriage returns and the line separators U+0085, U+2028 and U+2029 cannot
            be seen in an editor and are hardly meant. Lines end in LF (CRLF is accepted).
            """,
        mistake: "ask: 您在哪个城市<U+2028>参保?",
        mended: "ask: 您在哪个城市参保?")

    package static let yamlSyntax = DiagnosticCode(
        "yaml-syntax", "the file is not YAML",
        explanation: """
            The file cannot be read as YAML at all. Most often a quotation mark or a bracket is not closed, a
            line is indented otherwise than its neighbours, or a text holds `: ` or begins with `[`, `{`, `*`,
            `&`, `!`, `%`, `@` or a backquote and needs quotation marks.
            """,
        mistake: "ask: 请选一个: 长期还是临时",
        mended: "ask: \"请选一个: 长期还是临时\"")

    package static let yamlTab = DiagnosticCode(
        "yaml-tab", "a tab stands where spaces belong",
        explanation: """
            YAML is indented with spaces. A tab is drawn in different widths, so it says nothing of depth.
            """,
        mistake: "steps:\n\t- collect: home_city",
        mended: "steps:\n  - collect: home_city")

    package static let yamlAlias = DiagnosticCode(
        "yaml-alias", "anchors and aliases are not used here",
        explanation: """
            `&name` and `*name` make one part of a file stand in several places. Here each part is written
            where it holds: the reader sees it, a diagnostic can point at it, and a small file cannot grow to
            a huge one. A text that begins with `&` or `*` needs quotation marks.
            """,
        mistake: "ask: &city 您在哪个城市参保?\nretry: *city",
        mended: "ask: 您在哪个城市参保?\nretry: 您在哪个城市参保?")

    package static let yamlTag = DiagnosticCode(
        "yaml-tag", "tags and directives are not used here",
        explanation: """
            `!name` and `!!name` ask for a type, `%…` instructs the parser. Every value here is text and is
            kept exactly as it is written; what it must look like is checked where it is used. A text that
            begins with `!` or `%` needs quotation marks.
            """,
        mistake: "limit: !!int \"12\"",
        mended: "limit: 12")

    package static let yamlMergeKey = DiagnosticCode(
        "yaml-merge-key", "merge keys are not used here",
        explanation: "`<<` would copy another mapping into this one. Write the keys where they hold.",
        mistake: "<<: {lifetime: task}",
        mended: "lifetime: task")

    package static let yamlDepth = DiagnosticCode(
        "yaml-depth", "the nesting is too deep",
        explanation: """
            Files may nest 64 levels. A flow that needs more is easier to follow as several, joined by `call`.
            """,
        mistake: "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ … ]]]]",
        mended: "[ … ]")

    package static let yamlDocuments = DiagnosticCode(
        "yaml-documents", "a file holds one document",
        explanation: """
            A line of `---` or `...` would begin another document, which nobody would read. Use one file for
            each.
            """,
        mistake: "flow: bind\n---\nflow: unbind",
        mended: "flow: bind")

    package static let duplicateKey = DiagnosticCode(
        "duplicate-key", "a key stands twice in one mapping",
        explanation: """
            Only one of the two values could be used, and readers would not agree which. Remove or rename one.
            """,
        mistake: "title: 绑定\ntitle: 解绑",
        mended: "title: 绑定")

    package static let unknownKey = DiagnosticCode(
        "unknown-key", "a key has no meaning here",
        explanation: """
            Every key is read or refused; a misspelt one would be passed over in silence otherwise. The hint
            names the nearest key, or all that are known at this place.
            """,
        mistake: "intnet: remote_filing",
        mended: "intent: remote_filing")

    package static let missingKey = DiagnosticCode(
        "missing-key", "a key that must be there is not",
        explanation: "The mapping cannot be used without this key, or the key has no value.",
        mistake: "flow: remote_filing\nsteps:",
        mended: "flow: remote_filing\nsteps:\n  - collect: home_city")

    package static let wrongShape = DiagnosticCode(
        "wrong-shape", "a text, a list or a mapping is expected here",
        explanation: """
            The value has another form than the one that belongs here. A list is written with `- ` or in
            square brackets, a mapping as `key: value` or in braces, a text as itself.
            """,
        mistake: "examples: 怎么备案",
        mended: "examples:\n  - 怎么备案")
}
