import Conversation
import Dialogue

/// Everything that the words of a turn depend on besides the assistant itself: the same scene is worded the same, so that
/// what was worded once need not be again.
struct Scene: Hashable, Sendable {
    /// What the dialogue wants said.
    var effects: [Effect]
    /// The slots without the history that no wording may look at.
    var slots: Slots
    var date: CivilDate
    /// Which of several wordings is due: the turn’s number, as far as what is said tells turns apart.
    var phase: Int
    /// What was typed in this turn.
    var question: ExactText
    /// The place that the utterance itself names.
    var mentionedPlace: String?
    /// The place that was said last.
    var latestPlace: String?
    /// What was said when the task began.
    var topic: ExactText
    /// Whether that was in an earlier turn.
    var isTopicOld: Bool
    /// Whom the talk is about, as the one who writes calls them; nil for themselves.
    var person: String?
    var startsTask: Bool
    /// Whether personal numbers were masked in what was typed.
    var isMasked: Bool
    /// Attributes that the answer is kept to; all when empty.
    var focus: [String] = []
    /// Lines that the answer before told, without the numbers of sources; they are not told again.
    var told: [String] = []
    /// Words of what was said now; a line that holds one of them is told again all the same.
    var awaited: [String] = []
    /// Words by which lines of an answer name what is asked about: first as it was said (孩子, 学生, 儿童, 新生儿).
    var named: [String] = []
    /// Slots that the utterance changed; what is looked up by them is told whole.
    var changed: [String] = []
    /// The one thing of that answer that is asked about; nil when none is.
    var query: AnswerQuery?
    /// What the question is about, in its own words; where nothing else answers, these are looked for.
    var things: [String] = []
    /// What else the task begins with that names a detail of it (弟弟能不能加到共济): each is looked for by itself.
    var detailsNamed: [String] = []
    /// What the task under way would tell for each answer to its open question, where a detail of it is asked.
    var ahead: [Ahead] = []
    /// What such a detail is called, where the task tells nothing of it.
    var untold: String?
    /// Whether such a detail was put off in the turn before, or opens the task.
    var isAskedAgain = false
    /// Kinds of facts that the task just begun is asked for (异地备案流程): a source that has none of them is no answer.
    var wanted: [String] = []
    /// Topics of the task under way, or of the one done last.
    var thingTopics: [String] = []
    /// Whether it is asked what a word means.
    var asksMeaning = false
    /// What the answer before said, where it is asked for its sources or its gist.
    var answered: [Effect] = []
    /// Blocks of which that answer told no more than a line, for it was long.
    var shortened: [String] = []

    /// What tells most scenes apart; comparing them looks at everything.
    func hash(into hasher: inout Hasher) {
        hasher.combine(question)
        hasher.combine(phase)
        for effect in effects { hasher.combine(bytesOf: effect.responseName) }
        for slot in slots.entries { hasher.combine(bytesOf: slot.value.value) }
    }
}

/// What came of wording a scene.
struct Worded: Sendable {
    var replies: [Reply]
    var citedFacts: [String]
    /// What was said not to be known.
    var gaps: [String]
    /// Facts that were told as what held once, or as what somebody says.
    var toldAsPast: [String]
    /// What is offered at the end, when it is not what the dialogue wanted offered.
    var offered: [String]?
    /// Names of the responses said, in order.
    var said: [String] = []
    /// Names it among those in memory.
    var number: Int
}
