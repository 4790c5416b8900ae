#include "app/demo_agent/answer/work_plan.h"

#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/answer/intent.h"

#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <ranges>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QJsonObject task(const QString &title, const QString &text)
{
    return {{u"title"_s, title}, {u"task"_s, text}};
}

bool isEdit(Ask ask)
{
    return ask == Ask::WriteFile || ask == Ask::Append || ask == Ask::Replace || ask == Ask::Run;
}

// Beside what it describes: in the folder, or next to the file.
QString notesFileOf(const Module &module)
{
    if (module.path == "."_L1)
        return u"NOTES.md"_s;
    const bool isFile = module.path.section(u'/', -1).contains(u'.');
    return module.path + (isFile ? u".NOTES.md"_s : u"/NOTES.md"_s);
}

// NOLINTBEGIN(modernize-use-designated-initializers): a table, its columns are those of the struct
struct KnownQuestion {
    const char *question;
    const char *topics; // words that it is about
};

constexpr std::array knownQuestions{
    KnownQuestion{"Which parts are there?",
                  R"(\b(parts?|modules?|structure\w*|built|architecture|organi[sz]\w*)\b)"},
    KnownQuestion{"How do I build it?", R"(\b(build|built|compile\w*|install\w*|run)\b)"},
    KnownQuestion{"How many tests are there?", R"(\btest\w*\b)"},
    KnownQuestion{"Which parts have no tests?", R"(\b(test\w*|weak\w*|risk\w*|quality)\b)"},
    KnownQuestion{"Which notes such as TODO are open?",
                  R"(\b(todo\w*|weak\w*|debt|risk\w*|open|looked after)\b)"},
    KnownQuestion{"Which files change most?", R"(\b(chang\w*|looked after|histor\w*|maint\w*|risk\w*)\b)"},
    KnownQuestion{"Who wrote this?", R"(\b(who|people|authors?|looked after|maint\w*)\b)"},
    KnownQuestion{"Which files are largest?", R"(\b(larg\w*|size\w*|weak\w*|complex\w*)\b)"},
    KnownQuestion{"Which licence does it have?", R"(\blicen[cs]\w*\b)"}};
// NOLINTEND(modernize-use-designated-initializers)

} // namespace

QJsonObject planWork(const QString &goal, const ModuleList &modules)
{
    static const QRegularExpression describe(
        uR"(\b(describ\w*|document\w*|notes?|summar\w*)\b.{0,60}\b(part|module|folder|component|package)s?\b)"_s,
        QRegularExpression::CaseInsensitiveOption);
    QJsonArray tasks;
    const QStringList lines = goal.split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const QString one = line.trimmed();
        if (isEdit(parseInstruction(one).ask))
            tasks.append(task(shortened(one, 60), one));
    }
    if (!tasks.isEmpty())
        return {
            {u"summary"_s, u"Each line of the goal that says which file to change, as it stands there."_s},
            {u"tasks"_s, tasks}};
    if (!describe.match(goal).hasMatch())
        return {
            {u"summary"_s,
             u"The demo agent has no language model: it plans edits that are spelled out line by line, such "
             "as “append `x` to FILE”, and descriptions of the parts. This goal is neither."_s},
            {u"tasks"_s, tasks}};
    for (const Module &module : modules.modules)
        tasks.append(task(u"Describe "_s + module.path, u"Write "_s + code(notesFileOf(module)) +
                                                            u" with a summary of "_s + code(module.path)));
    return {
        {u"summary"_s, u"One description for each part that makes sense to read on its own, beside it."_s},
        {u"tasks"_s, tasks}};
}

QJsonObject planQuestions(const QString &topic, int most)
{
    QJsonArray questions;
    QStringList leftOut;
    for (const bool wanted : {true, false}) {
        for (const KnownQuestion &known : knownQuestions) {
            const bool about = QRegularExpression(QString::fromLatin1(known.topics),
                                                  QRegularExpression::CaseInsensitiveOption)
                                   .match(topic)
                                   .hasMatch();
            if (about != wanted)
                continue;
            const QString question = QString::fromLatin1(known.question);
            if (questions.size() < most && (wanted || questions.size() < 3))
                questions.append(question);
            else
                leftOut.append(question);
        }
    }
    QString text =
        u"These are questions that the demo agent answers by counting and reading; it cannot judge."_s;
    if (!leftOut.isEmpty())
        text += u" Not asked: "_s + leftOut.join(u' ');
    return {{u"questions"_s, questions}, {u"left_out"_s, text}};
}

QStringList failuresIn(const QString &output, int most)
{
    static const QRegularExpression failure(
        uR"(^\s*(not ok\b|(?:FAIL|FAILED|ERROR|Error|error)\b\W|✖|✗)|\b(?:\w*Error|\w*Exception|error):|: (?:No such file|not found|command not found)|\bfailed\b|panicked at)"_s);
    QStringList failures;
    const QStringList lines = output.split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        if (failures.size() < most && failure.match(line).hasMatch())
            failures.append(shortened(line.trimmed(), 160));
    }
    failures.removeDuplicates();
    return failures;
}

} // namespace muster::demo
