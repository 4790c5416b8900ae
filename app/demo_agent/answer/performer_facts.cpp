#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/answer/performer.h"
#include "app/demo_agent/reading/risks.h"

#include <algorithm>
#include <ranges>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QString historyProblem(const Error &error)
{
    if (error.code == ErrorCode::Unavailable)
        return u"This folder is not a git repository, so there is no history to tell."_s;
    return u"Git could not tell the history: "_s +
           (error.detail.isEmpty() ? u"it gave no reason"_s : error.detail);
}

QString commitLine(const Commit &commit)
{
    return u"- "_s + commit.when.date().toString(Qt::ISODate) + u' ' + code(commit.id.first(8)) + u' ' +
           shortened(commit.subject, 90) + u" ("_s + commit.author + u", "_s +
           counted(commit.files.size(), u"file"_s) + u")\n"_s;
}

QString spanText(int days)
{
    return days == 1 ? u"the last 24 hours"_s : u"the last "_s + counted(days, u"day"_s);
}

} // namespace

QString Performer::greet()
{
    const Inventory &all = inventory();
    QString text = u"Hello! I am the demo agent of Muster, looking at **"_s + all.project.title + u"**"_s;
    text += all.project.purpose.isEmpty() ? u"."_s : QString(u": "_s + shortened(all.project.purpose, 200));
    text +=
        u"\n\n"_s + sizeSentence(all) + u' ' + testSentence(all) + u"\n\nAsk me, for example, “what does "_s;
    text += all.modules.modules.empty() ? u"it"_s : code(all.modules.modules.front().path);
    return text + u" do?”, “show the TODOs” or “what changed last week?”. “Help” lists what I can do."_s;
}

QString Performer::notes(const Intent &)
{
    std::vector<const FileFacts *> files;
    files.reserve(m_repository.files.size());
    for (const FileFacts &file : m_repository.files)
        files.push_back(&file);
    const std::vector<PlacedNote> found = notesOf(files);
    if (found.empty())
        return u"No TODO, FIXME, XXX, HACK or BUG stands in the comments of this project."_s;
    return counted(static_cast<qint64>(found.size()), u"open note"_s) +
           u" in the comments, worst first:\n\n"_s + notesText(found, 40);
}

QString Performer::churn()
{
    if (!history())
        return historyProblem(history().error());
    const QString list = churnText(m_repository, *history(), 10);
    if (list.isEmpty())
        return u"No file has been changed by more than one commit."_s;
    return u"The files that change most, over "_s +
           counted(static_cast<qint64>(history()->commits.size()), u"commit"_s) +
           (history()->complete ? u":\n\n"_s : u" (the newest only):\n\n"_s) + list;
}

QString Performer::recent(const Intent &intent)
{
    constexpr int maxShown = 20;
    if (!history())
        return historyProblem(history().error());
    const auto &commits = history()->commits;
    if (commits.empty())
        return u"There are no commits yet."_s;
    const QDateTime since = QDateTime::currentDateTimeUtc().addDays(-std::max(intent.days, 1));
    QString list;
    int shown = 0;
    int inSpan = 0;
    for (const Commit &commit : commits) {
        const bool counts = intent.days == 0 ? inSpan < 10 : commit.when >= since;
        inSpan += counts ? 1 : 0;
        if (counts && shown < maxShown) {
            list += commitLine(commit);
            ++shown;
        }
    }
    if (inSpan == 0)
        return u"Nothing was committed in "_s + spanText(intent.days) + u". The newest commit is:\n\n"_s +
               commitLine(commits.front());
    const QString more =
        inSpan > shown ? QString(u"- and "_s + number(inSpan - shown) + u" more\n"_s) : QString();
    if (intent.days == 0)
        return u"The newest commits:\n\n"_s + list;
    return counted(inSpan, u"commit"_s) + u" in "_s + spanText(intent.days) + u":\n\n"_s + list + more;
}

QString Performer::authors()
{
    if (!history())
        return historyProblem(history().error());
    std::vector<std::pair<QString, int>> rows;
    for (const auto &[author, commits] : history()->authors.asKeyValueRange())
        rows.emplace_back(author, commits);
    std::ranges::sort(rows, [](const auto &a, const auto &b) {
        return std::tuple(-a.second, a.first) < std::tuple(-b.second, b.first);
    });
    if (rows.empty())
        return u"There are no commits yet."_s;
    QString text = counted(static_cast<qint64>(rows.size()), u"author"_s) + u" in "_s +
                   counted(static_cast<qint64>(history()->commits.size()), u"commit"_s) +
                   (history()->complete ? u":\n\n"_s : u" (the newest only):\n\n"_s);
    for (const auto &[author, commits] : rows | std::views::take(15))
        text += u"- "_s + author + u": "_s + counted(commits, u"commit"_s) + u'\n';
    return text;
}

QString Performer::testsAnswer()
{
    QString text = testSentence(inventory());
    std::vector<const FileFacts *> files;
    for (const FileFacts &file : m_repository.files) {
        if (file.testFile && !file.foreign)
            files.push_back(&file);
    }
    std::ranges::stable_sort(files, std::ranges::greater(), &FileFacts::tests);
    if (!files.empty())
        text += u"\n\n"_s;
    for (const FileFacts *file : files | std::views::take(15))
        text += u"- "_s + code(file->path) + u": "_s + counted(file->tests, u"test"_s) + u'\n';
    if (files.size() > 15)
        text += u"- and "_s +
                counted(static_cast<qint64>(files.size()) - 15, u"more test file"_s, u"more test files"_s) +
                u'\n';
    QStringList commands;
    for (const BuildSystem &build : inventory().project.builds)
        commands += build.test;
    return commands.isEmpty() ? text : QString(text + u"\nTo run them: "_s + code(commands.join(u"; "_s)));
}

QString Performer::licence()
{
    const Project &project = inventory().project;
    if (project.licence.isEmpty())
        return u"I found no licence: no file named LICENSE or COPYING at the top and none named in the package's description."_s;
    if (project.licence.startsWith("unknown"_L1))
        return code(project.licenceFile) + u" holds a licence that I do not recognise."_s;
    return project.licence + u", as "_s + code(project.licenceFile) + u" says."_s;
}

QString Performer::parts()
{
    QString text;
    const Inventory &all = inventory();
    for (std::size_t i = 0; i < all.modules.modules.size(); ++i) {
        const Module &module = all.modules.modules[i];
        text += u"- "_s + code(module.path) + u" ("_s + counted(module.files, u"file"_s) + u", "_s +
                counted(module.lines, u"line"_s) + u"): "_s +
                (all.purposes[i].isEmpty() ? u"says nothing of its purpose"_s : all.purposes[i]) + u'\n';
    }
    if (text.isEmpty())
        return u"There is no program text here, so there are no parts to name."_s;
    return u"The parts that make sense to read on their own:\n\n"_s + text;
}

} // namespace muster::demo
