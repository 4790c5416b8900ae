#include "core/protocol/paseo/paseo_transcript.h"

#include <QStringList>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView personMark("[User] ");
constexpr QLatin1StringView nothing("No activity to display.");

QStringList linesOf(const QString &prompt)
{
    QStringList lines = prompt.trimmed().split(u'\n');
    for (QString &line : lines)
        line = line.trimmed();
    return lines;
}

bool isAsked(const QString &line, const QString &firstLine)
{
    return line.startsWith(personMark) && QStringView(line).sliced(personMark.size()).trimmed() == firstLine;
}

} // namespace

int timesAsked(const QString &transcript, const QString &prompt)
{
    const QString first = linesOf(prompt).front();
    const QStringList lines = transcript.split(u'\n');
    return static_cast<int>(
        std::ranges::count_if(lines, [&](const QString &line) { return isAsked(line, first); }));
}

QString answerIn(const QString &transcript, const QString &prompt)
{
    const QStringList asked = linesOf(prompt);
    const QStringList lines = transcript.trimmed().split(u'\n');
    qsizetype after = -1;
    bool isOurs = false;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const bool matches = isAsked(lines.at(i), asked.front());
        if (matches || (!isOurs && lines.at(i).startsWith(personMark))) {
            after = i + 1;
            isOurs = matches;
        }
    }
    if (after < 0)
        return {};
    for (qsizetype i = 1; isOurs && i < asked.size(); ++i, ++after) {
        if (after >= lines.size() || lines.at(after).trimmed() != asked.at(i))
            break;
    }
    const QString answer = lines.sliced(std::min(after, lines.size())).join(u'\n').trimmed();
    return answer == nothing ? QString() : answer;
}

std::optional<QString> restAfter(const QString &told, const QString &whole)
{
    qsizetype at = 0;
    for (const QChar c : told) {
        if (c.isSpace())
            continue;
        while (at < whole.size() && whole.at(at).isSpace())
            ++at;
        if (at == whole.size() || whole.at(at) != c)
            return std::nullopt;
        ++at;
    }
    const QString rest = whole.sliced(at);
    return rest.trimmed().isEmpty() ? QString() : rest;
}

} // namespace muster
