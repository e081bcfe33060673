/// Words that are looked for at a place of a text, the longest first. Built when the dialogs are loaded.
package struct Phrases: Sendable {
    private let byFirst: [Unicode.Scalar: [[Unicode.Scalar]]]
    /// A bit for each first scalar, by its lowest six bits: most places of a text are passed over without a look-up.
    private let firsts: UInt64

    package init(_ words: [String]) {
        var lists: [Unicode.Scalar: [[Unicode.Scalar]]] = [:]
        for word in words {
            let scalars = Array(word.unicodeScalars)
            if let first = scalars.first { lists[first, default: []].append(scalars) }
        }
        firsts = lists.keys.reduce(0) { $0 | Phrases.bit(of: $1) }
        byFirst = lists.mapValues { list in list.sorted { $0.count > $1.count } }
    }

    private static func bit(of scalar: Unicode.Scalar) -> UInt64 { 1 << UInt64(scalar.value & 63) }

    var isEmpty: Bool { byFirst.isEmpty }

    /// Length of the longest word that begins there.
    func length(at start: Int, in scalars: [Unicode.Scalar]) -> Int? {
        guard start < scalars.count, firsts & Phrases.bit(of: scalars[start]) != 0,
            let words = byFirst[scalars[start]]
        else { return nil }
        return words.first { word in
            start + word.count <= scalars.count
                && scalars[start..<start + word.count].elementsEqual(word)
        }?.count
    }

    /// Lengths of all the words that begin there.
    func lengths(at start: Int, in scalars: [Unicode.Scalar]) -> [Int] {
        guard firsts & Phrases.bit(of: scalars[start]) != 0, let words = byFirst[scalars[start]] else {
            return []
        }
        return words.filter { word in
            start + word.count <= scalars.count
                && scalars[start..<start + word.count].elementsEqual(word)
        }.map(\.count)
    }

    /// Scalars that a word has at most of which it is asked where it ends.
    private static let longestEnding = 8

    /// Whether one of the words ends there.
    func end(at end: Int, in scalars: [Unicode.Scalar]) -> Bool {
        scalars.indices.prefix(end).suffix(Phrases.longestEnding).contains {
            lengths(at: $0, in: scalars).contains(end - $0)
        }
    }

    /// Where the first of the words stands.
    func firstRange(in scalars: [Unicode.Scalar]) -> Range<Int>? {
        for start in scalars.indices {
            if let length = length(at: start, in: scalars) { return start..<start + length }
        }
        return nil
    }

    /// Length of the longest of the words that stands anywhere; 0 when none does.
    func longest(in scalars: [Unicode.Scalar]) -> Int {
        scalars.indices.reduce(0) { max($0, length(at: $1, in: scalars) ?? 0) }
    }

    /// Whether one of the words stands anywhere.
    package func occur(in scalars: [Unicode.Scalar]) -> Bool { firstRange(in: scalars) != nil }
}

/// The small words by which the dialogue tells what an utterance does, whatever it is about. They are the authors'.
package struct DialogueWords: Sendable {
    /// What the words of a list do. `assistant.yaml` has a key for each (`question_words`).
    package enum Kind: Int, Sendable, CaseIterable {
        /// They ask.
        case question
        /// They ask when they stand at the end (能报不).
        case ending
        /// They say nothing of their own (那, 呢, 就是).
        case filler
        /// They take up what was asked before (那…呢, 换成).
        case ellipsis
        /// They ask whether something will do (行不行, 能用吗).
        case whether
        /// They stand beside what a question is about and name nothing to look up (带 of 出生证明要带吗).
        case verb
        /// They stand between what is wanted and what it needs (领津贴要结婚证吗).
        case need
        /// They ask for more than yes or no (怎么, 多少).
        case open
        /// Before a value that is had beside another (也交着).
        case also
        /// They rule out what follows (不是, 除了).
        case exclusion
        /// They take the last two things back at once (两个都改).
        case both
        /// They leave everything as it is (不用改了).
        case keep
        /// They refer to what was said before (跟刚才一样).
        case same
        /// They add to what was said (还有, 加上).
        case addition
        /// They suppose (要是, 如果).
        case supposition
        /// They take up something else (另外, 顺便).
        case connection
        /// They stand between two things that are asked for together (备案和共济).
        case joining
        /// They want something done, whatever it is (都想办, 怎么弄).
        case doing
        /// They want something of a list done first.
        case first
        /// They leave something of a list out.
        case drop
        /// They ask for the list.
        case list
        /// They ask how much there is to answer yet (还要问多少).
        case count
        /// They take a step back back.
        case redo
        /// They ask what a word means (啥是, 是什么意思).
        case meaning
        /// They ask where it is written what was said, or whether it is right (哪来的数据, 你确定).
        case source
        /// They ask for an answer in fewer and plainer words (说简单点).
        case plain
        /// They ask which of the choices of a question is the right one (那我该选哪个).
        case choosing
        /// They name another language than the assistant's.
        case language
        /// They say that somebody does not want to live.
        case despair
        /// They say that somebody has died.
        case mourning
        /// They ask what something costs, or tell what was or comes and goes: no alarm is raised for it.
        case calm
        /// They thank, in front of what is asked (谢谢，那青岛呢).
        case courtesy
        /// They say that something else is asked now (再问一下).
        case renewing
        /// They want to hear more of what was told (还有吗, 说详细点).
        case more
        /// Help was called already (打了120).
        case called
        /// They say that the worst is over (人没事了).
        case over
        /// They protest against what was decided (凭啥, 才报了).
        case protest
        /// They doubt what was read or heard somewhere (真的, 难道): a figure beside them is none to work with.
        case doubting
        /// They check a figure of the answer right above (16620对吗), or say what somebody else has it to be.
        case checking
        /// At the beginning they give up what is under way, for what follows (算了，手工报销要啥材料).
        case abandoning
        /// At the beginning they leave what is under way for later, for what follows (先不管这个).
        case postponing
        /// Right behind giving a task up, they want it after all (还是办吧).
        case retaking
        /// They take back what was said just before, in the same breath (不不, 说错了).
        case retraction
        /// Between two pauses they take back what was said just before (昆明，不，曲靖).
        case halting
        /// They ask what was kept of what was said (还记得我是哪的吗).
        case recall
        /// They say that nothing is the matter (没事没事，就是问问).
        case easing
        /// They say that somebody can only write (只打字, 听不见).
        case writing
        /// They ask which hospital or doctor is good.
        case recommending
        /// They want none of a list (以上都不是).
        case neither
        /// They want all of a list (都要).
        case all
        /// They go back a step (上一步, 退回去).
        case stepping
        /// They begin anew (重新来, 从头).
        case restarting
        /// They say that something was wrong, or want it changed (说错了, 上一个不对, 改一下).
        case correcting
        /// Signs that nod (👌).
        case nodding
        /// They stand for what cannot be read here: pictures, voice, files.
        case media
        /// They name the person who writes, and nobody else (我自己).
        case oneself
        /// They mean the person who writes, who may merely be the one who asks (我, 俺).
        case own
        /// Right behind these somebody merely asks (我想问问, 我不知道).
        case asker
        /// Right behind these something is theirs (我的, 我呢).
        case owning
        /// Between somebody and what they do (我一个月能拿多少).
        case modal
        /// What is done by whom it is about (报, 拿, 退休).
        case deed
        /// Before somebody who is sent (让儿子去办).
        case sending
        /// What somebody does who is sent (办, 跑).
        case errand
        /// What somebody does for others (帮, 替).
        case helping
        /// Before somebody of whom something is used (用我老公的卡).
        case holding
        /// Behind somebody, what of them is used (的卡, 卡里).
        case card
        /// They point to where the one who writes is (过来, 我这儿).
        case here
        /// They ask whether something may be (能不能).
        case wondering
        /// Right before a value that somebody may get or change to (交, 转成).
        case becoming
        /// They weigh values against each other (还是, 哪个好).
        case comparing
        /// Between two things of which one is to be chosen (还是, 或者).
        case alternative
        /// They tell of what once was (以前是职工).
        case former
        /// Between two things of which the second comes after the first (先二级后三级).
        case then
        /// They say that all that is named is had (两个都有).
        case having
        /// They mean whom was spoken of before (她, 老人家).
        case pronoun
        /// Behind a unit they ask what it costs or brings (一个月多少钱).
        case price
        /// They ask of each of several (分别, 各).
        case each
        /// The two of whom was spoken (他俩), and one of them with whoever writes (我俩).
        case couple
        case ours
        /// At the beginning they want something no more (不想备案了).
        case refusing
        /// At the end of what is wanted no more (不办了).
        case refused
        /// Before somebody of whom something was only heard (听工友说).
        case hearing
        /// Behind somebody who is only by (闺女陪着, 工友说), or who is stayed with (闺女家).
        case bystanding
        /// Behind a relative of whom it is told what they do, while somebody else asks (老公是军人).
        case serving
        /// They tell who somebody is, beside places and what insurance they have (上班, 厂里, 去年交的).
        case stating
        /// Before a value that is to be reckoned with instead (还是算职工的).
        case reckoning
        /// Behind whoever writes, what is left to them to pay (我自己掏多少).
        case bearing
        /// Right before somebody of another family (另一个孩子), or behind (那孩子家长).
        case stranger
        /// Between several people and what is said of all of them (我跟我老公都是).
        case jointly
        /// Behind somebody of whom the same holds as of the one before (我妈也是).
        case likewise
        /// Before somebody to whom something is given (给她交).
        case giving
        /// Before somebody who is named beside the person whom it is about (跟孩子住).
        case beside
        /// Before the place that somebody comes from (老家临沂).
        case origin
        /// Before a place that says nothing of where somebody is insured (户口聊城).
        case registered
        /// To somebody who is named as the one who is gone to, and not as whom it is about (去他那儿).
        case visiting
        /// Not looked for but shown: yes and no to a person.
        case person
        /// Not looked for but shown: behind the task under way, and behind those that wait.
        case todo
        /// Not looked for but shown: going on with the next of the list, and not.
        case next
    }

    private let lists: [Phrases]
    private let texts: [Kind: [String]]
    /// Words for the same person of a family.
    let people: [PersonWords]

    /// What tells of danger to life.
    let alarms: [AlarmSign]

    package init(_ words: [Kind: [String]] = [:], people: [PersonWords] = [], alarms: [AlarmSign] = []) {
        self.people = people
        self.alarms = alarms
        lists = Kind.allCases.map { Phrases(words[$0] ?? []) }
        texts = words
    }

    /// What is shown for a yes and for a no.
    func answers(_ kind: Kind) -> (yes: String, no: String) {
        (texts[kind]?.first ?? "", texts[kind]?.dropFirst().first ?? "")
    }

    subscript(kind: Kind) -> Phrases { lists[kind.rawValue] }
}
