import Language

/// Makes out the places of an utterance: which names count, what each means, and the part it plays.
struct PlaceFinder {
    let lexicon: Lexicon
    let text: NormalizedText
    let isExpected: Bool

    private var scalars: [UInt32] { text.scalars }

    init(lexicon: Lexicon, text: NormalizedText, isExpected: Bool) {
        self.lexicon = lexicon
        self.text = text
        self.isExpected = isExpected
    }

    /// - Parameter chosen: indices of the place matches that segmentation took.
    func find(_ matches: [Lexicon.Match], chosen: [Int]) -> [PlaceMention] {
        guard let placeType = lexicon.placeType else { return [] }
        var mentions: [PlaceMention] = []
        for index in chosen { mentions.append(mention(matches[index], placeType)) }
        extendByLevel(&mentions)
        mentions = merged(mentions)
        settleBySentence(&mentions)
        PlaceRoles.assign(to: &mentions, in: scalars)
        mentions.removeAll { !counts($0) }
        if mentions.isEmpty { mentions = misheard(beside: matches) }
        return mentions
    }

    private func mention(_ match: Lexicon.Match, _ placeType: Int) -> PlaceMention {
        var codes: [Int32] = []
        var standing = LexiconEntry.Standing.misspelt
        for sense in lexicon.phrases[match.phrase].senses where sense.type == placeType {
            codes.append(Int32(sense.value) ?? 0)
            if sense.standing.rawValue < standing.rawValue { standing = sense.standing }
        }
        return PlaceMention(range: match.range, codes: codes, standing: standing)
    }

    /// 茌平县 for 茌平区: a short name with the level it used to have.
    private func extendByLevel(_ mentions: inout [PlaceMention]) {
        for index in mentions.indices where mentions[index].standing != .full {
            let end = mentions[index].range.upperBound
            guard end < scalars.count, isLevel(scalars[end]), !PlaceFinder.afterLevel(end, scalars) else {
                continue
            }
            let counties = mentions[index].codes.filter { $0 % 100 != 0 }
            guard !counties.isEmpty else { continue }
            mentions[index].codes = counties
            mentions[index].range = mentions[index].range.lowerBound..<end + 1
            mentions[index].standing = .full
        }
    }

    /// 区内, 县里, 市民: the character does not belong to the name.
    private static func afterLevel(_ end: Int, _ scalars: [UInt32]) -> Bool {
        guard end + 1 < scalars.count else { return false }
        return [0x6C11, 0x5916, 0x5185, 0x59D4, 0x957F].contains(scalars[end + 1])  // 民 外 内 委 长
    }

    private func isLevel(_ value: UInt32) -> Bool { value == 0x5E02 || value == 0x53BF || value == 0x533A }

    // MARK: Joining

    /// 山东济南 is 济南; 朝阳区, 北京 is the district in Beijing.
    private func merged(_ mentions: [PlaceMention]) -> [PlaceMention] {
        var result: [PlaceMention] = []
        for mention in mentions {
            guard let last = result.last, isJoined(last.range.upperBound, mention.range.lowerBound),
                let joined = join(last, mention)
            else {
                result.append(mention)
                continue
            }
            result[result.count - 1] = joined
        }
        return result
    }

    private func isJoined(_ end: Int, _ start: Int) -> Bool {
        if end == start { return true }
        guard start == end + 1 else { return false }
        // 的 , - / 省 市 县 space ( ·
        return [0x7684, 0x2C, 0x2D, 0x2F, 0x7701, 0x5E02, 0x53BF, 0x20, 0x28, 0xB7].contains(scalars[end])
    }

    private func join(_ outer: PlaceMention, _ inner: PlaceMention) -> PlaceMention? {
        let range = outer.range.lowerBound..<inner.range.upperBound
        var codes = inner.codes.filter { code in outer.codes.contains { PlaceCode.contains($0, code) } }
        if codes.isEmpty {
            codes = outer.codes.filter { code in inner.codes.contains { PlaceCode.contains($0, code) } }
        }
        if codes.isEmpty, outer.codes == inner.codes { codes = inner.codes }
        guard !codes.isEmpty else { return nil }
        let standing = min(outer.standing.rawValue, inner.standing.rawValue)
        return PlaceMention(
            range: range, codes: codes, standing: .init(rawValue: standing) ?? .full, isAnchored: true)
    }

    /// A name that may mean several is settled by another place of the sentence around it.
    private func settleBySentence(_ mentions: inout [PlaceMention]) {
        for index in mentions.indices where mentions[index].codes.count > 1 {
            let others = mentions.indices.filter { $0 != index && mentions[$0].codes.count == 1 }
                .map { mentions[$0].codes[0] }
            var codes = mentions[index].codes.filter { code in
                others.contains { PlaceCode.contains($0, code) }
            }
            if codes.isEmpty {
                codes = mentions[index].codes.filter { code in
                    others.contains { PlaceCode.areSiblings($0, code) }
                }
            }
            guard codes.count == 1 else { continue }
            mentions[index].codes = codes
            mentions[index].isAnchored = true
        }
    }

    // MARK: Counting

    /// Whether the name is a place here and not just a word.
    private func counts(_ mention: PlaceMention) -> Bool {
        if isExpected || mention.isAnchored { return true }
        let end = mention.range.upperBound
        switch mention.standing {
        case .full, .short: return true
        case .misspelt, .minor: return !PlaceFinder.instituteBehind(end, scalars)
        case .weak:
            if PlaceFinder.instituteBehind(end, scalars) { return false }
            // 城区 and 郊区 alone are parts of any town.
            if scalars[end - 1] == 0x533A, mention.range.count == 2 { return false }
            if mention.range == 0..<scalars.count { return true }
            return PlaceRoles.speaksForWeakName(mention.range, in: scalars)
        }
    }

    private static let institutes = WordList("医院 大学 中学 小学 路 街 大道 广场 小区 药店 药房 银行 公司 门诊部 诊所 社区 号")

    /// 和平医院, 解放路: the name of something else.
    private static func instituteBehind(_ end: Int, _ scalars: [UInt32]) -> Bool {
        institutes.length(at: end, in: scalars) != nil
    }

    // MARK: Misheard names

    /// The divisions whose name sounds so, the greater before counties; counties only where a place is
    /// expected.
    private func codes(soundingLike range: Range<Int>) -> [Int32]? {
        var found: [Int32] = []
        for phrase in lexicon.placeSounds.phrases(soundingLike: scalars[range], isLoose: isExpected) {
            for sense in lexicon.phrases[phrase].senses where sense.type == lexicon.placeType {
                if let code = Int32(sense.value), !found.contains(code) { found.append(code) }
            }
        }
        let great = found.filter { $0 % 100 == 0 }
        if !great.isEmpty { return great }
        return isExpected && !found.isEmpty ? found : nil
    }

    /// Whether a word of the dictionary already accounts for the characters.
    private func isKnown(_ word: Range<Int>, _ range: Range<Int>) -> Bool {
        isExpected ? word == range : word.overlaps(range)
    }

    /// Whether a place is asked for, and the answer says nothing else, and nothing that makes sense as it is written (一年多少).
    private func isAnswer(_ range: Range<Int>, _ matches: [Lexicon.Match]) -> Bool {
        isExpected && EverydayWords.frame(range, in: scalars, matches, lexicon)
            && !EverydayWords.accountFor(range, in: scalars, matches, lexicon)
    }

    /// Names written with other characters of the same sound (辽城 for 聊城), where a place is plainly meant.
    private func misheard(beside matches: [Lexicon.Match]) -> [PlaceMention] {
        guard !lexicon.placeSounds.isEmpty else { return [] }
        for start in scalars.indices {
            for length in stride(from: 5, through: 2, by: -1) where start + length <= scalars.count {
                let range = start..<start + length
                guard isAnswer(range, matches) || PlaceRoles.frames(range, in: scalars),
                    !matches.contains(where: { isKnown($0.range, range) }),
                    let codes = codes(soundingLike: range)
                else { continue }
                var mention = PlaceMention(range: range, codes: codes, standing: .misspelt, isFuzzy: true)
                var single = [mention]
                PlaceRoles.assign(to: &single, in: scalars)
                mention.role = single[0].role
                return [mention]
            }
        }
        return []
    }
}
