#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/answer/lookup.h"
#include "app/demo_agent/answer/performer.h"
#include "app/demo_agent/reading/module_reading.h"
#include "app/demo_agent/reading/risks.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QString problemText(const Error &error, const Intent &intent)
{
    const QString file = code(intent.subject);
    switch (error.code) {
    case ErrorCode::PermissionDenied:
        return u"I only write inside the folder of this session and not in its .git, so "_s + file +
               u" stays as it is."_s;
    case ErrorCode::InvalidArgument:
        return file + u" is not a file that I could write."_s;
    case ErrorCode::NotFound:
        return error.where == "text"_L1
                   ? QString(u"“"_s + intent.oldText + u"” does not stand in "_s + file +
                             u", so nothing was changed."_s)
                   : QString(u"There is no file "_s + file + u", so nothing was changed."_s);
    case ErrorCode::TooLarge:
        return file + u" is too large for me to change."_s;
    case ErrorCode::Conflict:
        return file + u" already says so; nothing was changed."_s;
    default:
        return u"I could not read "_s + file + u": "_s + error.detail;
    }
}

bool speaksOf(const QString &text, const char *pattern)
{
    return QRegularExpression(QString::fromLatin1(pattern), QRegularExpression::CaseInsensitiveOption)
        .match(text)
        .hasMatch();
}

} // namespace

QString Performer::composed(const Intent &intent)
{
    const QString wish = intent.content;
    static const QRegularExpression ofPart(uR"(\b(?:summary|description) of `([^`]+)`)"_s);
    if (const auto part = ofPart.match(wish); part.hasMatch()) {
        if (const QString path = pathIn(m_repository, part.captured(0)); !path.isEmpty())
            return partDocument(path);
    }
    QString text = u"# "_s + inventory().project.title + u"\n\n"_s;
    if (speaksOf(wish, "\\b(greet|hello)"))
        return text + greet();
    if (speaksOf(wish, "\\b(todo|fixme)"))
        return text + notes(intent);
    if (speaksOf(wish, "\\btests?\\b"))
        return text + testsAnswer();
    if (speaksOf(wish, "\\b(modules|parts)\\b"))
        return text + parts();
    return text + describe(inventory(), m_repository);
}

QString Performer::partDocument(const QString &path)
{
    const ModuleReading reading = readModule(m_repository, moduleAt(m_repository, path), tests(), m_stop);
    QStringList lines = summaryLines(reading, 5);
    const QString head = u"**"_s + oneLine(path) + u"** — "_s;
    QString text = u"# "_s + oneLine(path) + u"\n\n"_s;
    if (lines.first().startsWith(head))
        text += lines.takeFirst().sliced(head.size()) + u"\n\n"_s;
    for (const QString &line : std::as_const(lines))
        text += u"- "_s + line + u'\n';
    return text;
}

QString Performer::edit(const Intent &intent)
{
    Result<Edit> planned =
        intent.composed ? planWrite(m_root, intent.subject, composed(intent)) : planEdit(m_root, intent);
    if (!planned)
        return problemText(planned.error(), intent);
    return m_actions.write(*planned);
}

} // namespace muster::demo
