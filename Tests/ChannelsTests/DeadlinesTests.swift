import Channels
import Conversation
import Testing

private let today = CivilDate(year: 2026, month: 3, day: 10)

private func days(_ text: String) -> [String] {
    Deadlines(in: [Reply(text: text, cites: [1])], today: today).deadlines.map {
        "\($0.day.year)-\($0.day.month)-\($0.day.day)\($0.namesYear ? "" : "?")"
    }
}

@Suite struct DeadlinesTests {
    @Test(arguments: [
        ("· 集中缴费：2026年9月1日到12月31日[1]", ["2026-9-1", "2026-12-31"]),
        ("从2026年11月30日到2月28日[1]", ["2026-11-30", "2027-2-28"]),
        ("2025年11月30日到2026年4月28日[1]", ["2026-4-28"]),
        ("每年9月1日至12月31日交[1]", ["2026-9-1?", "2026-12-31?"]),
        ("每年1月1日起[1]", ["2027-1-1?"]),
        ("2025年12月31日前交完[1]", []), ("9月1日到12月31日[1]", []), ("2026年12月31日前交完", []),
        ("出生90天内办[1]", []), ("2026年2月30日[1]", []), ("每年9月到12月[1]", []), ("每年13月40日[1]", []),
    ]) func `only days that are written out and still to come count`(text: String, expected: [String]) {
        #expect(days(text) == expected)
    }

    @Test func `sources name dates that are no deadlines`() {
        let source = Citation(number: 1, title: "通知", date: "2027-01-01", region: "全国", facts: [])
        let reply = Reply(kind: .sources([source]), text: "来源：\n[1] 《2027年1月1日起的通知》")
        #expect(Deadlines(in: [reply], today: today).deadlines == [])
    }

    @Test func `a calendar file has short lines, whole days and reminders`() {
        let reply = Reply(text: "· 居民医保的集中缴费期，每年从9月1日开始，到12月31日结束，逾期补缴；另有规定的从其规定[1]", cites: [1])
        let file = Deadlines(in: [reply], today: today).calendar(name: "t", stamp: today)
        let lines = String(decoding: file, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.first == "BEGIN:VCALENDAR")
        #expect(lines.suffix(2) == ["END:VCALENDAR", ""])
        #expect(lines.allSatisfy { $0.utf8.count <= 75 })
        #expect(lines.contains("DTSTART;VALUE=DATE:20260901"))
        #expect(lines.contains("DTSTART;VALUE=DATE:20261231"))
        #expect(lines.filter { $0 == "BEGIN:VALARM" }.count == 4)
        let unfolded = String(decoding: file, as: UTF8.self).replacing("\r\n ", with: "")
        #expect(unfolded.contains("逾期补缴；另有规定"))
        #expect(!unfolded.contains("[1]"))
        #expect(unfolded.contains("每年都有"))
    }
}
