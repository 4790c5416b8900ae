#include "core/viewmodel/describe_work.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct DescribeWork {
    Q_DECLARE_TR_FUNCTIONS(DescribeWork)
};

constexpr qint64 secondMs = 1000;
constexpr qint64 minuteMs = 60 * secondMs;
constexpr qint64 justNowMs = 2 * secondMs;
constexpr qsizetype longestWord = 300; // of a provider

// Whole minutes: a screen reader is told of each change.
QString timeLeft(qint64 ms)
{
    return ms < minuteMs ? DescribeWork::tr("less than a minute")
                         : describeDuration(ms / minuteMs * minuteMs);
}

constexpr qsizetype mostNames = 8;

QString nameOf(const api::ContextInfo &part)
{
    if (part.kind == "prompt"_L1)
        return DescribeWork::tr("prompt");
    if (part.kind == "schema"_L1)
        return DescribeWork::tr("schema of the answer");
    return part.name;
}

} // namespace

QString clockTime(qint64 ms, qint64 nowMs)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(ms);
    if (at.date() == QDateTime::fromMSecsSinceEpoch(nowMs).date())
        return QLocale().toString(at.time(), QLocale::ShortFormat);
    return describeTime(ms);
}

QString describe(api::WorkState state)
{
    switch (state) {
    case api::WorkState::Working:
        return DescribeWork::tr("Working");
    case api::WorkState::WaitingForYou:
        return DescribeWork::tr("Waiting for you");
    case api::WorkState::Blocked:
        return DescribeWork::tr("Blocked until the store has taken what it said");
    case api::WorkState::Stalled:
        return DescribeWork::tr("Stalled");
    case api::WorkState::Ending:
        return DescribeWork::tr("Being ended");
    case api::WorkState::Idle:
        return DescribeWork::tr("Idle");
    }
    return {};
}

QString describeSign(const api::WorkInfo &work, qint64 nowMs)
{
    const qint64 quiet = nowMs - work.lastSignAt;
    if (quiet < justNowMs)
        return DescribeWork::tr("last sign just now");
    if (quiet < minuteMs)
        return DescribeWork::tr("last sign %1 s ago").arg(quiet / secondMs);
    // One who waits is not silent.
    const bool works = work.state == api::WorkState::Working || work.state == api::WorkState::Stalled;
    return (works ? DescribeWork::tr("silent for %1") : DescribeWork::tr("last sign %1 ago"))
        .arg(describeDuration(quiet));
}

QString describeWork(const api::WorkInfo &work, qint64 nowMs) { return describeWork(work, {}, nowMs); }

QString describeWork(const api::WorkInfo &work, const QString &doing, qint64 nowMs)
{
    if (work.state == api::WorkState::Idle)
        return DescribeWork::tr("Idle since %1").arg(clockTime(work.lastSignAt, nowMs));
    const bool says = work.state == api::WorkState::Working && !doing.isEmpty();
    return (says ? doing : describe(work.state)) % u" · " % describeSign(work, nowMs);
}

QString describeWait(const api::MessageInfo &answer, qint64 nowMs)
{
    if (answer.notBefore <= 0)
        return {};
    QString words =
        answer.notBefore > nowMs
            ? DescribeWork::tr("%1 is rate limited by its provider. The answer goes on by itself "
                               "at %2 (in %3).")
                  .arg(answer.runtime, clockTime(answer.notBefore, nowMs), timeLeft(answer.notBefore - nowMs))
            : DescribeWork::tr("%1 was rate limited by its provider. The answer goes on now.")
                  .arg(answer.runtime);
    const QString said = withVisibleMarks(answer.limit.simplified());
    if (said.isEmpty())
        return words;
    const QString cut = said.size() > longestWord ? QString(said.first(longestWord) + u'…') : said;
    return words + u'\n' + DescribeWork::tr("What the provider said: %1").arg(cut);
}

QString describeContext(const std::vector<api::ContextInfo> &context)
{
    QStringList names;
    qint64 tokens = 0;
    for (const api::ContextInfo &part : context) {
        names += nameOf(part);
        tokens += part.tokens;
    }
    if (names.isEmpty())
        return {};
    if (names.size() > mostNames)
        names = names.mid(0, mostNames) + QStringList(u"…"_s);
    return DescribeWork::tr("Given: %1 (about %2 tokens)").arg(names.join(u", "), describeCount(tokens));
}

QString describeContextParts(const std::vector<api::ContextInfo> &context)
{
    QStringList lines;
    for (const api::ContextInfo &part : context) {
        QString line = DescribeWork::tr("%1: %2 bytes, about %3 tokens")
                           .arg(nameOf(part), describeCount(part.bytes), describeCount(part.tokens));
        if (!part.origin.isEmpty())
            line += u" · "_s + part.origin;
        if (!part.hides.isEmpty())
            line += u" · "_s + DescribeWork::tr("in place of %1").arg(part.hides.join(u", "));
        lines += line;
    }
    return lines.join(u'\n');
}

} // namespace muster
