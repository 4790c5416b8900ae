#include "app/demo_agent/answer/edit.h"

#include "app/demo_agent/answer/path_guard.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

constexpr qint64 maxEditBytes = 4'000'000;

Result<QString> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return QString();
    if (file.size() > maxEditBytes)
        return fail(ErrorCode::TooLarge, path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, file.errorString(), path);
    return QString::fromUtf8(file.readAll());
}

QString lineEnded(const QString &text)
{
    return text.isEmpty() || text.endsWith(u'\n') ? text : QString(text + u'\n');
}

} // namespace

Result<Edit> planWrite(const QString &root, const QString &path, const QString &content)
{
    const Result<QString> absolute = pathInside(root, path);
    if (!absolute)
        return std::unexpected(absolute.error());
    const Result<QString> old = contentOf(*absolute);
    if (!old)
        return std::unexpected(old.error());
    return Edit{.path = *absolute,
                .shown = QDir(QFileInfo(root).canonicalFilePath()).relativeFilePath(*absolute),
                .oldText = *old,
                .newText = lineEnded(content),
                .existed = QFileInfo::exists(*absolute)};
}

Result<Edit> planEdit(const QString &root, const Intent &intent)
{
    Result<Edit> edit = planWrite(root, intent.subject, intent.content);
    if (!edit)
        return edit;
    if (intent.ask == Ask::Append)
        edit->newText = lineEnded(edit->oldText) + lineEnded(intent.content);
    if (intent.ask == Ask::Replace) {
        if (!edit->existed)
            return fail(ErrorCode::NotFound, edit->shown, u"file"_s);
        if (!edit->oldText.contains(intent.oldText))
            return fail(ErrorCode::NotFound, intent.oldText, u"text"_s);
        edit->newText = edit->oldText;
        edit->newText.replace(intent.oldText, intent.content);
    }
    if (edit->existed && edit->newText == edit->oldText)
        return fail(ErrorCode::Conflict, edit->shown);
    return edit;
}

Status applyEdit(const QString &root, const Edit &edit)
{
    const Result<QString> path = pathInside(root, edit.path);
    if (!path)
        return std::unexpected(path.error());
    const Result<QString> now = contentOf(*path);
    if (!now)
        return std::unexpected(now.error());
    if (*now != edit.oldText)
        return fail(ErrorCode::Conflict, edit.shown);
    QDir().mkpath(QFileInfo(*path).path());
    QSaveFile file(*path);
    if (!file.open(QIODevice::WriteOnly) || file.write(edit.newText.toUtf8()) < 0 || !file.commit())
        return fail(ErrorCode::Io, file.errorString(), *path);
    return {};
}

} // namespace muster::demo
