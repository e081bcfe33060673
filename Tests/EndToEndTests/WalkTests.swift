import Foundation
import JSONText
import Testing
import Transport

/// Conversations that nobody would hold: whatever is said next, something sensible comes back.
@Suite struct WalkTests {
    private static let sayings = [
        "异地备案怎么办", "聊城", "北京", "济南的医保去上海看病", "临时去", "长期住", "急诊", "没有转诊单", "有", "没有", "是的", "不是", "对", "取消",
        "重来",
        "人工", "为什么", "再说一遍", "返回", "不知道", "职工医保", "居民医保", "报销多少", "起付线是多少", "一万二", "3000元", "门诊慢特病怎么申请",
        "药店能刷医保吗",
        "生孩子报销", "断缴了怎么办", "电话多少", "谢谢", "你好", "", "？", "🙂", "今天天气", "不是北京，是天津", "第二个", "1", "都行", "等会再说",
        "退休了", "三级医院",
        "我妈住院了", "电子凭证怎么激活", "转移医保关系", "聋了听不见", "救命", "abc", "5", "朝阳区", "茌平", "那办理材料呢", "算了",
    ]

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `STA-14 random walks end in no error, no silence and no gap`(seed: UInt64) throws {
        let turns = ProcessInfo.processInfo.environment["DAOBAN_WALK"].flatMap { Int($0) } ?? 1500
        let server = try ServerProcess()
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func below(_ limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        var line = try Line(server)
        try line.hello()
        var token = line.token
        var seq = 1
        var choices: [(of: Int, id: String)] = []
        for number in 0..<turns {
            if below(200) == 0 {
                line = try Line(server)
                try line.hello()
                (token, seq, choices) = (line.token, 1, [])
            } else if below(60) == 0 {
                line.client.drop()
                line = try Line(server)
                #expect(try line.hello(",\"token\":\"\(token)\",\"seq\":\(seq)")["resumed"]?.bool == true)
                _ = try line.receive()
            }
            if !choices.isEmpty, below(3) == 0 {
                let choice = choices[below(choices.count)]
                try line.send(
                    "{\"type\":\"choose\",\"id\":\"n\(number)\",\"of\":\(choice.of),\"choice\":\"\(choice.id)\"}"
                )
            } else {
                try line.sendMessage("n\(number)", Self.sayings[below(Self.sayings.count)])
            }
            let answer = try line.receive()
            guard answer["type"]?.string == "turn" else {
                // A choice of long ago may be offered no more; nothing else goes wrong.
                #expect(answer["code"]?.string == "unknown_choice", "seed \(seed), turn \(number)")
                continue
            }
            seq += 1
            #expect(answer["seq"]?.integer == seq)
            let replies = answer["replies"]?.array ?? []
            #expect(!replies.isEmpty, "seed \(seed), turn \(number)")
            for reply in replies {
                #expect(reply["text"]?.string?.isEmpty == false, "seed \(seed), turn \(number)")
                for choice in reply["choices"]?.array ?? [] {
                    if let id = choice["id"]?.string { choices.append((seq, id)) }
                }
            }
            choices = choices.suffix(12)
        }
        #expect(try server.metric("daoban_storage_failures_total") == 0)
    }
}
