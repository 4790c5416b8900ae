#include "app/demo_agent/answer/intent.h"

#include <QRegularExpression>

#include <array>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

constexpr auto looseOptions =
    QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption;

QRegularExpression loose(const QString &pattern) { return QRegularExpression(pattern, looseOptions); }

// Captures named "file", "content", "old", "subject" go to the field of that name.
struct Rule {
    Ask ask;
    QRegularExpression pattern;
};

// A name of a file: in backticks or quotes, or a word with a dot or a slash.
const QString fileName =
    uR"([`"']?(?<file>[^\s`"',;:]*[./][^\s`"',;:]*[^\s`"',;:.!?]|[^\s`"']+(?=[`"']))[`"']?)"_s;

// NOLINTBEGIN(modernize-use-designated-initializers): tables, their columns are those of the struct
const std::vector<Rule> &editRules()
{
    static const std::vector<Rule> rules{
        {Ask::Continue, loose(uR"(^\W*(please\s+)?(continue|go on|carry on|resume)\b)"_s)},
        {Ask::AnswerAgain, loose(uR"(^\W*(please\s+)?answer\s+again\b)"_s)},
        {Ask::WriteSurvey,
         loose(
             uR"(\b(write|compose|create|make|update)\b(?!.*\bsummar).{0,30}?\b(?<file>[\w./-]*survey[\w-]*\.md)\b)"_s)},
        {Ask::WriteReport, loose(uR"(^\W*(?:please\s+)?(?:write|compose|make)\s+(?:the\s+)?(?:file\s+)?)"_s +
                                 fileName + uR"(\s+from\s+the\s+material\b)"_s)},
        {Ask::Append,
         loose(
             uR"(\b(append|add)\s+(?:(?:the\s+|a\s+)?(?:line|text)\s+)?(?<content>`[^`]+`|"[^"]+"|'[^']+'|“[^”]+”|.+?)\s+(?:to|at the end of|into)\s+(?:the\s+)?(?:end of\s+)?(?:the\s+)?(?:file\s+)?)"_s +
             fileName)},
        {Ask::Replace,
         loose(
             uR"(\b(replace|change)\s+(?:the\s+(?:word|text|line)\s+)?(?<old>`[^`]+`|"[^"]+"|'[^']+'|“[^”]+”|\S+)\s+(?:by|with|to|into)\s+(?<content>`[^`]*`|"[^"]*"|'[^']*'|“[^”]*”|\S+)\s+in\s+(?:the\s+)?(?:file\s+)?)"_s +
             fileName)},
        {Ask::Run,
         loose(
             uR"(^\W*(?:please\s+|can you\s+|now\s+)*(?:run|execute)\s+(?:the\s+)?(?:command\s+)?(?:`(?<content>[^`]+)`|(?!(?:an?|the)\s)(?<rest>[^\n]+)))"_s)},
        {Ask::WriteFile,
         loose(
             uR"(\b(?:write|create|make|save)\s+(?:an?\s+|the\s+)?(?:new\s+)?(?:file\s+)?(?:called\s+|named\s+)?)"_s +
             fileName +
             uR"(\s*(?<how>with|containing|that contains|that says|saying|from|about|in which|which|that|:|\n)\s*(?<content>.+))"_s)},
        {Ask::WriteFile,
         loose(
             uR"(\b(?:write|put|save)\s+(?<content>`[^`]+`|"[^"]+"|'[^']+'|“[^”]+”|an?\s+[^.]+?|the\s+[^.]+?)\s+(?<how>to|into|in)\s+(?:the\s+)?(?:file\s+)?)"_s +
             fileName)},
    };
    return rules;
}

// What steps of flows ask for: each begins its paragraph.
const std::vector<Rule> &workRules()
{
    static const std::vector<Rule> rules{
        {Ask::ReviewChange,
         loose(uR"(^\W*(?:please\s+)?review\s+(?:this|the)\s+(?:change|diff|patch)\b(?<subject>[^:.]*))"_s)},
        {Ask::ConfirmFindings,
         loose(uR"(^\W*(?:please\s+)?check\s+(?:whether|if)\s+(?:these|the)\s+findings\b)"_s)},
        {Ask::PlanQuestions, loose(uR"(^\W*(?:please\s+)?plan\s+(?:the\s+)?questions\b)"_s)},
        {Ask::PlanWork, loose(uR"(^\W*(?:please\s+)?plan\s+(?:the\s+)?(?:work|tasks)\b)"_s)},
        {Ask::ClassifyIssue, loose(uR"(^\W*(?:please\s+)?classify\s+(?:this|the)\s+issue\b)"_s)},
        {Ask::LocateIssue, loose(uR"(^\W*(?:say\s+)?where\s+(?:would\s+one|should\s+one|to)\s+begin\b)"_s)},
        {Ask::LocateIssue, loose(uR"(^\W*say\s+where\s+one\s+would\s+begin\b)"_s)},
        {Ask::MendTests, loose(uR"(^\W*(?:please\s+)?make\s+the\s+(?:failing\s+)?tests\s+pass\b)"_s)},
    };
    return rules;
}

const std::vector<Rule> &questionRules()
{
    static const std::vector<Rule> rules{
        {Ask::Summarise, loose(uR"(^\W*(please\s+)?(read\s+\S+\s+(and|then)\b|summari[sz]e\b))"_s)},
        {Ask::Untested,
         loose(
             uR"(\b(no|without|lack\w*|miss\w*|untested|un-?covered)\b.{0,30}\btest(s|ed|ing)?\b|\buntested\b|\bnot\s+tested\b)"_s)},
        {Ask::Inventory,
         loose(
             uR"(\b(inventory|take stock|overview of (this|the) (repo\w*|project|code)|languages?,.*\b(sizes?|tests?))\b)"_s)},
        {Ask::WhereDefined,
         loose(
             uR"(\bwhere\s+(?:is|are|do\w*)\s+(?:the\s+)?(?:class\s+|function\s+|method\s+|type\s+|struct\s+)?[`"']?(?<subject>[\w:.$]+?)(?:\(\))?[`"']?\s+(?:\w+\s+)?(?:defined|declared|implemented|come from|live)\b)"_s)},
        {Ask::WhereDefined,
         loose(
             uR"(\b(?:find|show)\s+(?:me\s+)?the\s+(?:definition|declaration)s?\s+of\s+[`"']?(?<subject>[\w:.$]+))"_s)},
        {Ask::Notes, loose(uR"(\b(todos?|fixmes?|to-?do notes?|open notes|hacks?)\b)"_s)},
        {Ask::Largest,
         loose(
             uR"(\b(largest|biggest|longest|huge|large)\b.{0,30}\bfiles?\b|\bfiles?\b.{0,20}\b(largest|biggest|longest)\b)"_s)},
        {Ask::Churn,
         loose(
             uR"(\b(churn\w*|hot ?spots?|changes? (the )?most|most (often )?changed|changed? most( often)?|change(s)? often)\b)"_s)},
        {Ask::Recent,
         loose(
             uR"(\b(what|which|anything|recent\w*|latest|last)\b.{0,40}\b(chang\w*|commit\w*|activit\w*|happened|new)\b|\b(recent|latest|last)\b.{0,20}\b(changes?|commits?|activity|history)\b)"_s)},
        {Ask::Authors,
         loose(
             uR"(\b(who\b.{0,40}\b(wrote|works?|worked|made|contribut\w*|author\w*)|authors?|contributors?|how many (people|developers))\b)"_s)},
        {Ask::Tests,
         loose(
             uR"(\b(how many|count( the)?|number of|list( the)?|which|what|where|are there( any)?)\b.{0,20}\btests?\b)"_s)},
        {Ask::Licence, loose(uR"(\blicen[cs]e)"_s)},
        {Ask::Build,
         loose(
             uR"(\b(how\b.{0,25}\b(build|compile|install|run|test)|build (system|instructions)|how to (build|test|run))\b)"_s)},
        {Ask::Languages, loose(uR"(\b(which|what|list|how many)\b.{0,20}\blanguages?\b)"_s)},
        {Ask::Modules,
         loose(
             uR"(\b(which|what|list|show|name)\b.{0,25}\b(modules|parts|packages|folders|components|structure)\b|\bhow is\b.{0,30}\b(organi[sz]ed|structured)\b)"_s)},
        {Ask::Show,
         loose(
             uR"(^\W*(?:please\s+|can you\s+)*(?:show|open|print|cat|display)\s+(?:me\s+)?(?:the\s+)?(?:file\s+|contents? of\s+)?)"_s +
             fileName)},
        {Ask::Summarise,
         loose(
             uR"(\b(read|summari[sz]e|summary|describe|explain|what (does|do|is)|tell me about|look at|review)\b)"_s)},
        {Ask::Find,
         loose(
             uR"re(\b(?:find|grep|search(?: for)?|look for|where (?:is|are))\s+(?:the\s+)?(?:text\s+|word\s+|string\s+|uses? of\s+)?(?:`(?<subject>[^`]+)`|"(?<s2>[^"]+)"|'(?<s3>[^']+)'|(?<s4>[\w.:$-]+)))re"_s)},
        {Ask::Inventory, loose(uR"(\b(overview|survey|list|sizes?|how (big|large)|statistics|stats)\b)"_s)},
        {Ask::Help,
         loose(uR"(\b(help|what can you do|who are you|what are you|abilities|commands)\b|^\W*\?\W*$)"_s)},
        {Ask::Greet,
         loose(uR"(\b(hello|hi|hey|greet\w*|good (morning|day|evening|afternoon)|moin|introduce)\b)"_s)},
    };
    return rules;
}

// NOLINTEND(modernize-use-designated-initializers)

QString unquoted(QString text)
{
    text = text.trimmed();
    static const QRegularExpression quotes(uR"(^[`"'“](.*)[`"'”]$)"_s,
                                           QRegularExpression::DotMatchesEverythingOption);
    const auto match = quotes.match(text);
    return match.hasMatch() ? match.captured(1) : text;
}

int numberIn(const QString &text, const QRegularExpression &pattern, int otherwise)
{
    static const QStringList words{u"zero"_s, u"one"_s,    u"two"_s,   u"three"_s, u"four"_s,
                                   u"five"_s, u"six"_s,    u"seven"_s, u"eight"_s, u"nine"_s,
                                   u"ten"_s,  u"eleven"_s, u"twelve"_s};
    const auto match = pattern.match(text);
    if (!match.hasMatch())
        return otherwise;
    const QString said = match.captured(1).toLower();
    const qsizetype word = words.indexOf(said);
    return word >= 0 ? static_cast<int>(word) : std::clamp(said.toInt(), 1, 400);
}

int daysIn(const QString &text)
{
    static const QRegularExpression days(uR"(\b(\d+)\s+days?\b)"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression weeks(uR"(\b(\d+|two|three|four|six)\s+weeks?\b)"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    static const std::array<std::pair<QRegularExpression, int>, 5> words{{
        {loose(uR"(\b(today|24 hours)\b)"_s), 1},
        {loose(uR"(\byesterday\b)"_s), 2},
        {loose(uR"(\bweek\b)"_s), 7},
        {loose(uR"(\bmonth\b)"_s), 31},
        {loose(uR"(\byear\b)"_s), 366},
    }};
    if (days.match(text).hasMatch())
        return numberIn(text, days, 7);
    if (weeks.match(text).hasMatch())
        return numberIn(text, weeks, 1) * 7;
    for (const auto &[word, count] : words) {
        if (word.match(text).hasMatch())
            return count;
    }
    return 0;
}

QString firstCaptured(const QRegularExpressionMatch &match, std::initializer_list<QLatin1StringView> names)
{
    for (const QLatin1StringView name : names) {
        if (match.hasCaptured(name))
            return match.captured(name);
    }
    return {};
}

// "with: ```…```" gives the block's inside; "with a greeting" has to be composed; else the text itself.
void readContent(Intent &intent, const QString &how, const QString &raw)
{
    static const QRegularExpression fence(uR"(```[\w-]*\n(.*?)```)"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression composed(loose(
        uR"(^(an?|the|what|its|this)\b.*\b(greet\w*|overview|summary|inventory|survey|description|descri\w*|list of|report|table|found|repository|project|hello|todos?|modules|parts|tests)\b|\b(greets?|describes?|summari[sz]es?|lists?|names?|says? what)\b)"_s));
    if (const auto block = fence.match(raw); block.hasMatch()) {
        intent.content = block.captured(1);
        return;
    }
    const QString bare = unquoted(raw);
    const bool quoted = bare != raw.trimmed();
    intent.composed = !quoted && how != ":"_L1 && composed.match(bare).hasMatch();
    intent.content = quoted || intent.composed ? bare : raw.trimmed();
}

// "with a function that sorts" asks for something to be thought up, which only a model could do.
bool asksForInvention(const Intent &intent, const QString &raw)
{
    static const QRegularExpression described(uR"(^\s*(an?|some|more|all|the|another)\s)"_s,
                                              QRegularExpression::CaseInsensitiveOption);
    const bool edits = intent.ask == Ask::WriteFile || intent.ask == Ask::Append;
    return edits && !intent.composed && described.match(raw).hasMatch() && !raw.contains("```"_L1);
}

Intent understood(const Rule &rule, const QRegularExpressionMatch &match, const QString &paragraph)
{
    Intent intent;
    intent.ask = rule.ask;
    intent.instruction = paragraph;
    intent.subject = firstCaptured(match, {"file"_L1, "subject"_L1, "s2"_L1, "s3"_L1, "s4"_L1});
    intent.oldText = unquoted(match.hasCaptured("old"_L1) ? match.captured("old"_L1) : QString());
    if (rule.ask == Ask::WriteFile)
        readContent(intent, match.captured("how"_L1).toLower(), match.captured("content"_L1));
    else
        intent.content = unquoted(firstCaptured(match, {"content"_L1, "rest"_L1}));
    if (asksForInvention(intent, match.captured("content"_L1)))
        intent.ask = Ask::Unknown;
    static const QRegularExpression json(uR"(\bjson\b)"_s, QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression lines(
        uR"(\b(?:in|with|about|at most)\s+(\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+(?:short\s+)?(?:lines?|sentences?|points|bullets?))"_s,
        QRegularExpression::CaseInsensitiveOption);
    intent.json = json.match(paragraph).hasMatch();
    intent.linesAsked = lines.match(paragraph).hasMatch();
    intent.lines = numberIn(paragraph, lines, 5);
    intent.days = daysIn(paragraph);
    return intent;
}

QStringList paragraphsOf(const QString &text)
{
    static const QRegularExpression blank(uR"(\n\s*\n)"_s);
    static const QRegularExpression task(
        uR"((?:^|\n)#*\s*(?:\*\*)?(?:Your task|Task|Question|Instructions?)(?:\*\*)?:?(?:\*\*)?[ \t]*(?:\n|(?<=:)))"_s);
    const auto marked = task.match(text);
    const QString body = marked.hasMatch() ? text.sliced(marked.capturedEnd()) : text;
    QStringList paragraphs;
    const QStringList parts = body.split(blank, Qt::SkipEmptyParts);
    for (const QString &paragraph : parts) {
        const QString bare = paragraph.trimmed();
        const bool data = bare.startsWith(u'{') || bare.startsWith(u'[') || bare.startsWith("```"_L1);
        const bool role = bare.startsWith("You "_L1) || bare.startsWith("Your role"_L1);
        if (!bare.isEmpty() && !data && !role)
            paragraphs.append(bare);
    }
    return paragraphs;
}

} // namespace

Intent parseInstruction(const QString &paragraph)
{
    for (const std::vector<Rule> *rules : {&workRules(), &editRules(), &questionRules()}) {
        for (const Rule &rule : *rules) {
            const auto match = rule.pattern.match(paragraph);
            if (match.hasMatch())
                return understood(rule, match, paragraph);
        }
    }
    Intent intent;
    intent.instruction = paragraph;
    return intent;
}

Intent parseIntent(const Prompt &prompt)
{
    Intent first;
    for (const QString &text : prompt.texts) {
        const QStringList paragraphs = paragraphsOf(text);
        for (const QString &paragraph : paragraphs) {
            Intent intent = parseInstruction(paragraph);
            static const QRegularExpression json(uR"(\b(answer|reply|respond|output)\b.{0,20}\bjson\b)"_s,
                                                 QRegularExpression::CaseInsensitiveOption);
            intent.json = intent.json || json.match(prompt.texts.first()).hasMatch();
            // What is to be written may run over blank lines.
            if (intent.ask == Ask::WriteFile && paragraphs.size() > 1) {
                const Intent whole =
                    parseInstruction(text.sliced(std::max<qsizetype>(text.indexOf(paragraph), 0)));
                if (whole.ask == Ask::WriteFile && !intent.composed)
                    return whole;
            }
            if (intent.ask != Ask::Unknown)
                return intent;
            if (first.instruction.isEmpty())
                first = intent;
        }
    }
    return first;
}

} // namespace muster::demo
