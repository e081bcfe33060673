extension TextNoise {
    /// One English word in the text: half the time one that adds nothing, where a part of the sentence begins or ends, half the time one in
    /// the place of a common Chinese word.
    func english(_ text: String, _ dice: inout Dice) -> String {
        guard !text.isEmpty, dice.strikes(share) else { return text }
        let isSpaced = dice.strikes(0.5)
        let found = TextNoise.english.filter { text.contains($0.word) }
        // 医保卡 is no 医保 with something behind.
        let longest = found.filter { one in
            !found.contains { $0.word != one.word && $0.word.contains(one.word) }
        }
        guard dice.strikes(0.5), let (word, others) = dice.pick(longest), let other = dice.pick(others) else {
            return withFiller(text, isSpaced, &dice)
        }
        let space = isSpaced ? " " : ""
        return text.replacing(word, with: space + other + space, maxReplacements: 1)
    }

    private func withFiller(_ text: String, _ isSpaced: Bool, _ dice: inout Dice) -> String {
        var places: [String.Index] = [text.startIndex, text.endIndex]
        for index in text.indices.dropFirst() where "，。？！,?!".contains(text[index]) { places.append(index) }
        guard let place = dice.pick(places) else { return text }
        let space = isSpaced ? " " : ""
        if place == text.startIndex {
            let mark = dice.strikes(0.5) ? "，" : space
            return (dice.pick(TextNoise.englishOpenings) ?? "") + mark + text
        }
        let fillers = place == text.endIndex ? TextNoise.englishEndings : TextNoise.englishAsides
        var result = text
        result.insert(contentsOf: space + (dice.pick(fillers) ?? ""), at: place)
        return result
    }

    private static let englishOpenings = [
        "hi", "Hi", "hello", "Hello", "hey", "OK", "ok", "okay", "well", "so", "btw", "by the way",
        "excuse me", "sorry", "please",
        "actually", "basically", "honestly", "anyway", "just", "um", "oh", "wow", "OMG", "oops",
        "quick question", "FYI", "sir",
        "dear", "guys", "morning", "good morning", "listen", "see", "yeah", "alright", "now", "then", "and",
        "but", "fine", "great",
        "one more thing", "to be honest", "in fact", "I mean", "you know", "let me see", "seriously",
        "finally", "question",
    ]
    private static let englishEndings = [
        "please", "pls", "plz", "thanks", "thank you", "thx", "tks", "right", "ok", "OK", "okay", "help",
        "lol", "haha", "asap",
        "ASAP", "urgent", "bro", "sir", "or not", "yes or no", "you know", "anyway", "really", "right now",
        "maybe", "hmm", "again",
        "dear", "guys", "in detail", "exactly", "for sure", "and so on", "etc", "help me", "SOS",
        "waiting online", "cheers", "many thanks",
    ]
    private static let englishAsides = [
        "actually", "basically", "you know", "like", "maybe", "right", "anyway", "I think", "I guess",
        "literally", "honestly",
        "of course", "unfortunately", "obviously", "sort of", "kind of", "however", "probably", "seriously",
        "indeed",
    ]

    /// What people say in English among Chinese words. Characters that are mostly part of a word are left out.
    private static let english: [(word: String, others: [String])] = [
        // People.
        ("我", ["I", "me"]), ("我的", ["my"]), ("我们", ["we"]), ("你们", ["you guys", "you"]),
        ("他", ["he", "him"]), ("她", ["she"]),
        ("老公", ["husband", "hubby"]), ("老婆", ["wife"]), ("老伴", ["wife", "husband", "partner"]),
        ("我妈", ["my mom", "my mother", "my mum"]), ("妈妈", ["mom", "mummy"]),
        ("我爸", ["my dad", "my father"]), ("爸爸", ["daddy", "father"]), ("孩子", ["kid", "baby", "child"]),
        ("小孩", ["kids", "child"]),
        ("宝宝", ["baby"]), ("儿子", ["son"]), ("女儿", ["daughter"]), ("闺女", ["girl", "daughter"]),
        ("爸妈", ["parents", "mom and dad"]), ("父母", ["parents"]),
        ("爷爷", ["grandpa"]), ("奶奶", ["grandma"]), ("姥姥", ["granny"]), ("朋友", ["friend"]),
        ("同事", ["colleague"]), ("家人", ["family"]),
        ("家庭", ["family"]), ("家里", ["home"]), ("老人", ["old man", "elderly"]), ("学生", ["student"]),
        ("老板", ["boss"]), ("医生", ["doctor", "Dr"]), ("大夫", ["doctor"]),
        ("个人", ["personal", "private"]), ("自己", ["self", "myself"]),
        // Insurance.
        ("医保", ["insurance", "medical insurance", "yibao"]), ("社保", ["social security"]),
        ("医保卡", ["card", "medical card", "insurance card"]),
        ("社保卡", ["social security card"]), ("卡", ["card"]),
        ("报销", ["reimburse", "claim", "refund", "reimbursement"]), ("备案", ["file", "register", "filing"]),
        ("登记", ["register", "registration"]),
        ("申请", ["apply", "application"]), ("办理", ["apply", "handle"]),
        ("缴费", ["pay", "payment"]), ("交", ["pay"]),
        ("补缴", ["pay back", "make up"]), ("断缴", ["stop paying", "unpaid"]), ("断了", ["broken", "stopped"]),
        ("余额", ["balance"]), ("账户", ["account"]), ("共济", ["share", "family sharing"]),
        ("个人账户", ["personal account"]), ("门诊", ["outpatient", "clinic"]),
        ("住院", ["in hospital", "inpatient", "hospitalized"]), ("急诊", ["emergency", "ER"]),
        ("转诊", ["referral", "transfer"]), ("起付线", ["deductible", "threshold"]),
        ("封顶线", ["cap", "ceiling", "max"]), ("比例", ["percentage", "ratio", "rate"]),
        ("异地", ["other city", "remote"]), ("外地", ["other place", "out of town"]),
        ("退休", ["retire", "retired", "retirement"]), ("养老金", ["pension"]), ("生育", ["maternity", "birth"]),
        ("津贴", ["allowance", "benefit"]), ("产假", ["maternity leave"]),
        ("居民", ["resident"]), ("职工", ["employee", "staff"]), ("灵活就业", ["freelance", "freelancer"]),
        ("参保", ["join", "enroll"]), ("转移", ["transfer", "move"]),
        ("慢性病", ["chronic disease"]), ("意外", ["accident"]), ("票据", ["bill", "receipt"]),
        ("发票", ["invoice", "receipt"]), ("材料", ["documents", "files", "paperwork"]),
        ("手续", ["procedure", "formality"]), ("流程", ["process", "steps"]), ("政策", ["policy"]),
        ("规定", ["rules"]), ("待遇", ["benefit", "benefits"]), ("额度", ["limit", "quota"]),
        ("电子凭证", ["e-card", "QR code"]), ("二维码", ["QR code"]), ("定点", ["designated"]),
        ("目录", ["list", "catalog"]), ("自费", ["own expense", "self pay"]),
        // Health.
        ("医院", ["hospital"]), ("看病", ["see a doctor", "see doctor"]), ("药", ["medicine", "drug"]),
        ("买药", ["buy medicine"]), ("药店", ["pharmacy", "drugstore"]),
        ("手术", ["surgery", "operation"]), ("检查", ["check", "test", "exam"]),
        ("体检", ["checkup", "body check"]), ("癌症", ["cancer"]), ("糖尿病", ["diabetes"]),
        ("高血压", ["high blood pressure"]), ("怀孕", ["pregnant"]), ("生孩子", ["have a baby", "giving birth"]),
        ("生娃", ["have a baby"]), ("牙", ["teeth", "tooth"]), ("眼睛", ["eye"]),
        ("感冒", ["flu", "cold"]), ("发烧", ["fever"]), ("疫苗", ["vaccine"]),
        ("处方", ["prescription"]), ("治疗", ["treatment"]),
        // Money, papers, devices.
        ("多少钱", ["how much", "how much money"]), ("多少", ["how much", "how many"]), ("钱", ["money", "cash"]),
        ("费用", ["fee", "cost", "expense"]), ("便宜", ["cheap"]), ("贵", ["expensive"]), ("免费", ["free"]),
        ("工资", ["salary"]), ("银行", ["bank"]), ("银行卡", ["bank card"]), ("身份证", ["ID card", "ID"]),
        ("户口", ["hukou"]), ("证明", ["proof", "certificate"]), ("密码", ["password", "PIN"]),
        ("手机", ["phone", "mobile"]),
        ("电话", ["phone number", "tel", "number", "call"]), ("网上", ["online"]), ("线上", ["online"]),
        ("微信", ["WeChat"]), ("支付宝", ["Alipay"]),
        ("小程序", ["mini program", "app"]), ("信息", ["info", "information"]), ("系统", ["system"]),
        ("记录", ["record", "history"]), ("地址", ["address"]), ("下载", ["download"]), ("激活", ["activate"]),
        ("绑定", ["bind", "link"]), ("解绑", ["unbind", "remove"]), ("丢了", ["lost"]), ("挂失", ["report loss"]),
        ("人工", ["human", "real person"]), ("客服", ["customer service", "service"]),
        ("投诉", ["complain", "complaint"]),
        ("窗口", ["window", "counter"]), ("预约", ["book", "appointment"]), ("排队", ["queue", "line up"]),
        // Places and time.
        ("哪里", ["where"]), ("哪儿", ["where"]), ("地方", ["place"]), ("公司", ["company"]),
        ("单位", ["company", "employer"]), ("工作", ["job", "work"]), ("上班", ["work"]), ("学校", ["school"]),
        ("大学", ["university", "college"]),
        ("农村", ["rural", "village"]), ("老家", ["hometown"]), ("国外", ["abroad"]), ("出差", ["business trip"]),
        ("旅游", ["travel", "trip"]), ("北京", ["Beijing"]), ("上海", ["Shanghai"]), ("今天", ["today"]),
        ("明天", ["tomorrow"]),
        ("昨天", ["yesterday"]), ("现在", ["now", "right now"]), ("今年", ["this year"]), ("去年", ["last year"]),
        ("明年", ["next year"]), ("每年", ["every year"]), ("每个月", ["every month", "monthly"]),
        ("以前", ["before"]), ("以后", ["later", "after that"]),
        ("之前", ["before"]), ("什么时候", ["when"]), ("时间", ["time"]), ("多久", ["how long"]),
        ("几年", ["how many years"]), ("已经", ["already"]), ("马上", ["soon", "right away"]),
        // Asking and doing.
        ("怎么", ["how"]), ("怎么办", ["what to do", "what should I do"]), ("怎么样", ["how"]),
        ("我想", ["I want to", "I want"]), ("我要", ["I need to", "I need"]), ("咋", ["how"]),
        ("什么", ["what"]), ("啥", ["what"]), ("为什么", ["why"]), ("为啥", ["why"]), ("哪个", ["which"]),
        ("谁", ["who"]), ("能不能", ["can I", "can"]),
        ("可以", ["can", "OK"]), ("可不可以", ["can I", "may I"]), ("需要", ["need"]),
        ("知道", ["know"]), ("帮我", ["help me"]),
        ("告诉我", ["tell me"]),
        ("查", ["check"]), ("查询", ["check", "search"]), ("取消", ["cancel"]), ("继续", ["continue", "go on"]),
        ("提交", ["submit"]), ("通过", ["pass"]),
        ("收到", ["receive", "got"]), ("区别", ["difference"]),
        ("一样", ["same"]), ("问题", ["question", "problem"]), ("原因", ["reason"]), ("结果", ["result"]),
        ("好的", ["OK", "fine"]), ("谢谢", ["thanks", "thank you"]), ("再见", ["bye", "bye bye"]),
        ("你好", ["hi", "hello"]), ("没有", ["no", "don't have"]),
        ("不知道", ["don't know", "no idea"]), ("明白", ["understand", "got it"]), ("不懂", ["don't understand"]),
        ("麻烦", ["trouble"]), ("全部", ["all"]),
        ("再说一遍", ["say again", "repeat"]), ("很", ["very"]), ("如果", ["if"]),
        ("因为", ["because"]), ("但是", ["but"]), ("还是", ["or"]),
    ]
}
