#include "core/flow/evaluation.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

std::optional<QJsonValue> parsed(QStringView text)
{
    // QJsonDocument takes only objects and lists, so any value is wrapped.
    const QByteArray wrapped = "[" + text.toUtf8() + "]";
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(wrapped, &error);
    if (error.error != QJsonParseError::NoError || document.array().size() != 1)
        return std::nullopt;
    return document.array().first();
}

// Between the last pair of fences: models explain first and answer last.
QStringView lastFencedBlock(QStringView text)
{
    const qsizetype close = text.lastIndexOf(u"```");
    if (close <= 0)
        return {};
    const qsizetype open = text.first(close).lastIndexOf(u"```");
    if (open < 0)
        return {};
    const QStringView block = text.sliced(open + 3, close - open - 3);
    const qsizetype lineEnd = block.indexOf(u'\n');
    return lineEnd < 0 ? QStringView() : block.sliced(lineEnd + 1);
}

QStringView between(QStringView text, QChar open, QChar close)
{
    const qsizetype begin = text.indexOf(open);
    const qsizetype end = text.lastIndexOf(close);
    return begin < 0 || end <= begin ? QStringView() : text.sliced(begin, end - begin + 1);
}

} // namespace

Result<QJsonValue> jsonFromAnswer(const QString &answer)
{
    const QStringView whole = QStringView(answer).trimmed();
    QStringView braces = between(whole, u'{', u'}');
    QStringView brackets = between(whole, u'[', u']');
    // What begins first encloses the other.
    if (!brackets.isEmpty() && (braces.isEmpty() || brackets.data() < braces.data()))
        std::swap(braces, brackets);
    for (const QStringView candidate : {whole, lastFencedBlock(whole), braces, brackets}) {
        if (candidate.trimmed().isEmpty())
            continue;
        if (auto value = parsed(candidate))
            return *value;
    }
    return fail(ErrorCode::InvalidArgument, u"no JSON in the answer"_s);
}

} // namespace muster
