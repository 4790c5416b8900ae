#include "app/demo_agent/reading/survey.h"

#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/reading/module_reading.h"
#include "app/demo_agent/reading/risks.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QString asSentence(QString text)
{
    if (text.front().isLower())
        text[0] = text.at(0).toUpper();
    return text.endsWith(u'.') || text.endsWith(u'…') ? text : QString(text + u'.');
}

QString licenceSentence(const Project &project)
{
    if (project.licence.isEmpty())
        return u"No licence was found."_s;
    if (project.licence.startsWith("unknown"_L1))
        return u"The licence in "_s + code(project.licenceFile) + u" was not recognised."_s;
    return u"Licence: "_s + project.licence + u" ("_s + code(project.licenceFile) + u")."_s;
}

QString historySentence(const History &history)
{
    const auto &commits = history.commits;
    const QString first = commits.back().when.date().toString(Qt::ISODate);
    const QString last = commits.front().when.date().toString(Qt::ISODate);
    return u"Its history as read: "_s + counted(static_cast<qint64>(commits.size()), u"commit"_s) +
           u" by "_s + counted(history.authors.size(), u"author"_s) +
           (first == last ? QString(u", on "_s + last) : QString(u", from "_s + first + u" to "_s + last)) +
           (history.shallow    ? u" (a shallow clone: older commits are not in it)."_s
            : history.complete ? u"."_s
                               : u" (older commits were not read)."_s);
}

QString overview(const SurveyInput &in)
{
    const Project &project = in.inventory.project;
    QString text = project.purpose.isEmpty() ? u"No document at the top says what it is for."_s
                                             : asSentence(project.purpose);
    text += u"\n\n"_s + sizeSentence(in.inventory) + u' ' + testSentence(in.inventory) + u' ' +
            licenceSentence(project);
    if (in.history && !in.history->commits.empty())
        text += u"\n\n"_s + historySentence(*in.history);
    if (!project.docs.isEmpty()) {
        QStringList docs;
        for (const QString &doc : project.docs)
            docs.append(code(doc));
        text += u"\n\nDocuments: "_s + listedUpTo(docs, 5) + u'.';
    }
    return text + u"\n\n"_s;
}

QString partText(const SurveyInput &in, const Module &module, int &readAgain, const StopCheck &stop)
{
    QString body = in.readers.value(module.path);
    if (body.isEmpty()) {
        ++readAgain;
        body = summaryLines(readModule(in.repository, module, in.tests, stop), 5).join(u'\n');
    }
    QStringList lines = body.split(u'\n', Qt::SkipEmptyParts);
    const QString head = u"**"_s + oneLine(module.path) + u"** — "_s;
    QString text = u"### "_s + code(module.path) + u"\n\n"_s;
    if (lines.first().startsWith(head))
        text += lines.takeFirst().sliced(head.size()) + u"\n\n"_s;
    for (const QString &line : std::as_const(lines))
        text += u"- "_s + line + u'\n';
    return text + u'\n';
}

QString section(const QString &title, const QString &body, const QString &otherwise)
{
    return u"### "_s + title + u"\n\n"_s + (body.isEmpty() ? QString(otherwise + u'\n') : body) + u'\n';
}

QString risks(const SurveyInput &in)
{
    std::vector<const FileFacts *> all;
    all.reserve(in.repository.files.size());
    for (const FileFacts &file : in.repository.files)
        all.push_back(&file);
    const QString churn = in.history ? churnText(in.repository, *in.history, 8) : QString();
    QString text =
        section(u"Largest files"_s, largestFilesText(in.repository, 8), u"No program text was found."_s);
    text += section(u"Files that change most"_s, churn,
                    in.history ? u"No file was changed by more than one commit."_s
                               : u"There is no git history to tell."_s);
    text += section(u"Open notes in the code, worst first"_s, notesText(notesOf(all), 15),
                    u"No TODO, FIXME, XXX, HACK or BUG in its comments."_s);
    text += section(u"Without tests"_s, untestedText(in.repository, in.tests, in.inventory.modules, 10), {});
    return text;
}

QString made(const SurveyInput &in, int fromReaders, int readAgain)
{
    QString text = u"Made by the demo agent of Muster, without a language model: it counts, reads headings, "
                   u"comments and declared names, "
                   "and asks git"_s;
    if (in.history && !in.history->head.isEmpty())
        text += u"; the repository stood at commit "_s + code(in.history->head.first(10));
    text += u". "_s;
    if (fromReaders > 0)
        text += counted(fromReaders, u"part was"_s, u"parts were"_s) +
                u" described by readers in this run"_s +
                (readAgain > 0 ? QString(u", "_s + number(readAgain) + u" read again while writing. "_s)
                               : u". "_s);
    if (in.inventory.modules.leftOut > 0)
        text += counted(in.inventory.modules.leftOut, u"smaller part was"_s, u"smaller parts were"_s) +
                u" counted but not described. "_s;
    text +=
        u"Lines of code and comment are told apart roughly; whether a test speaks of a file is judged by names only; nothing was built or run. "_s;
    return text + gapSentence(in.inventory) + u'\n';
}

// Every text inside a JSON value: readers' answers arrive as a list of strings or of objects.
void collect(const QJsonValue &value, QStringList &texts)
{
    if (value.isString())
        texts.append(value.toString());
    const QJsonArray array = value.toArray();
    for (const auto &item : array)
        collect(QJsonValue(item), texts);
    const QJsonObject object = value.toObject();
    for (const auto &item : object)
        collect(QJsonValue(item), texts);
}

// JSON may stand alone or behind a heading; every place where one can begin a line is tried.
QStringList textsIn(const QString &context)
{
    QStringList texts{context};
    qsizetype at = 0;
    while (at >= 0 && at < context.size()) {
        const QChar c = context.at(at);
        const qsizetype end = context.indexOf(u"\n\n"_s, at);
        if (c == u'[' || c == u'{') {
            for (const qsizetype to : {context.size(), end}) {
                if (to <= at)
                    continue;
                const QJsonDocument json =
                    QJsonDocument::fromJson(context.sliced(at, to - at).trimmed().toUtf8());
                if (json.isArray())
                    collect(json.array(), texts);
                else if (json.isObject())
                    collect(json.object(), texts);
            }
        }
        at = context.indexOf(u'\n', at);
        at = at < 0 ? at : at + 1;
    }
    return texts;
}

} // namespace

ReaderTexts findReaderTexts(const QStringList &context, const ModuleList &modules)
{
    ReaderTexts found;
    for (const QString &block : context) {
        const QStringList texts = textsIn(block);
        for (const QString &text : texts) {
            for (const Module &module : modules.modules) {
                const QString head = u"**"_s + oneLine(module.path) + u"** — "_s;
                const qsizetype at = text.indexOf(head);
                if (at < 0 || (at > 0 && text.at(at - 1) != u'\n' && text.at(at - 1) != u' ') ||
                    found.contains(module.path))
                    continue;
                // It ends at a blank line, at another reader's text or at a heading.
                static const QRegularExpression end(uR"(\n\s*\n|\n(?=\*\*[^*\n]+\*\* — )|\n(?=#))"_s);
                const auto match = end.match(text, at);
                found.insert(
                    module.path,
                    text.sliced(at, (match.hasMatch() ? match.capturedStart() : text.size()) - at).trimmed());
            }
        }
    }
    return found;
}

QString composeSurvey(const SurveyInput &in, const StopCheck &stop)
{
    int readAgain = 0;
    QString parts;
    for (const Module &module : in.inventory.modules.modules) {
        if (stopped(stop))
            return {};
        parts += partText(in, module, readAgain, stop);
    }
    if (parts.isEmpty())
        parts = u"No program text was found, so there are no parts to describe.\n\n"_s;
    const int described = static_cast<int>(in.inventory.modules.modules.size());
    return u"# Survey of "_s + in.inventory.project.title + u"\n\n"_s + overview(in) + u"## Languages\n\n"_s +
           languageTable(in.inventory) + u"\n## Build and test\n\n"_s + buildText(in.inventory) +
           u"\n## Parts\n\n"_s + parts + u"## Worth a look\n\n"_s + risks(in) +
           u"## How this was made\n\n"_s + made(in, described - readAgain, readAgain);
}

} // namespace muster::demo
