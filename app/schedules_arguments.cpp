#include "app/command_spec.h"

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostFirings = 10'000;

} // namespace

void declareSchedules(QCommandLineParser &parser)
{
    declareValue(
        parser, u"zone"_s,
        QT_TRANSLATE_NOOP("CommandLine", "Time zone, for example Europe/Berlin; default: this machine's."),
        u"zone"_s);
    declareValue(parser, u"from"_s,
                 QT_TRANSLATE_NOOP("CommandLine",
                                   "Firings after this moment (ISO 8601; without an offset in the "
                                   "zone); default: now."),
                 u"time"_s);
    declareValue(parser, u"count"_s, QT_TRANSLATE_NOOP("CommandLine", "So many firings (default 5)."),
                 u"n"_s);
}

Result<CommandOptions> buildSchedules(const Parsed &parsed)
{
    if (parsed.words.size() < 2 || parsed.words.front() != u"when")
        return wrongArguments(commandLineText("Write: schedules when \"weekdays at 9\"."));
    WhenOptions when{.text = parsed.words.sliced(1).join(u' '),
                     .zone = parsed.value(u"zone"_s),
                     .from = parsed.value(u"from"_s)};
    if (parsed.has(u"count"_s)) {
        bool ok = false;
        when.count = parsed.value(u"count"_s).toInt(&ok);
        if (!ok || when.count < 1 || when.count > mostFirings)
            return wrongArguments(commandLineText("--count takes a number from 1 to %1.").arg(mostFirings));
    }
    return when;
}

} // namespace muster::app
