#include "app/command_spec.h"
#include "core/base/duration.h"

#include <QJsonArray>

#include <array>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostFirings = 10'000;

enum class Kind : std::uint8_t { Text, Texts, Number, Duration, Usd, Flag };

// An option of add and edit, and the key of api::ScheduleSpec that it gives.
struct SpecOption {
    const char *option;
    const char *key;
    Kind kind;
    const char *what;
    const char *help;
};

constexpr std::array specOptions{
    SpecOption{"when", "when", Kind::Text, "time",
               QT_TRANSLATE_NOOP("CommandLine", "When: cron, an interval, plain words, or one moment.")},
    SpecOption{"name", "name", Kind::Text, "name", QT_TRANSLATE_NOOP("CommandLine", "Another name (edit).")},
    SpecOption{"prompt", "prompt", Kind::Text, "text",
               QT_TRANSLATE_NOOP("CommandLine", "What an agent is told.")},
    SpecOption{"flow", "flow", Kind::Text, "name",
               QT_TRANSLATE_NOOP("CommandLine", "The flow that is started instead of a prompt.")},
    SpecOption{"profile", "profile", Kind::Text, "name",
               QT_TRANSLATE_NOOP("CommandLine", "The profile that the agent works with.")},
    SpecOption{"runtime", "runtime", Kind::Text, "id",
               QT_TRANSLATE_NOOP("CommandLine", "Which runtime is used.")},
    SpecOption{"model", "model", Kind::Text, "id", QT_TRANSLATE_NOOP("CommandLine", "Which model is used.")},
    SpecOption{"may-write", "may_write", Kind::Texts, "pattern",
               QT_TRANSLATE_NOOP("CommandLine", "Files that it may write without asking; several times.")},
    SpecOption{"may-run", "may_run", Kind::Texts, "pattern",
               QT_TRANSLATE_NOOP("CommandLine", "Commands that it may run without asking; several times.")},
    SpecOption{"pool", "pool", Kind::Text, "name",
               QT_TRANSLATE_NOOP("CommandLine", "The pool whose slots it takes (default scheduled).")},
    SpecOption{"priority", "priority", Kind::Number, "n",
               QT_TRANSLATE_NOOP("CommandLine", "Higher begins earlier: -100 to 100.")},
    SpecOption{"max-turns", "max_turns", Kind::Number, "n",
               QT_TRANSLATE_NOOP("CommandLine", "At most so many agent steps; 0: no limit of its own.")},
    SpecOption{"deadline", "deadline_ms", Kind::Duration, "time",
               QT_TRANSLATE_NOOP("CommandLine", "How long it may work (default 20m; of a flow: no limit).")},
    SpecOption{"budget", "budget_micro_usd", Kind::Usd, "usd",
               QT_TRANSLATE_NOOP("CommandLine", "Dollars for one firing.")},
    SpecOption{"day-budget", "day_budget_micro_usd", Kind::Usd, "usd",
               QT_TRANSLATE_NOOP("CommandLine", "Dollars for all firings of a day.")},
    SpecOption{"missed", "missed", Kind::Text, "rule",
               QT_TRANSLATE_NOOP("CommandLine", "What becomes of times that were slept through: skip, "
                                                "once or all (at most ten).")},
    SpecOption{"overlap", "overlap", Kind::Text, "rule",
               QT_TRANSLATE_NOOP("CommandLine", "While an earlier one still goes on: skip, queue or "
                                                "cancel_running.")},
    SpecOption{"notify", "notify", Kind::Text, "rule",
               QT_TRANSLATE_NOOP("CommandLine",
                                 "Which results are put into the inbox: always, change, failure "
                                 "or never.")},
    SpecOption{"archive", "archive", Kind::Flag, "yes|no",
               QT_TRANSLATE_NOOP("CommandLine", "Put results that went well there as seen.")},
    SpecOption{"unattended", "unattended", Kind::Flag, "yes|no",
               QT_TRANSLATE_NOOP("CommandLine", "Deny what goes beyond its permissions; ask nobody.")}};

std::unexpected<Error> bad(const SpecOption &option, const QString &value)
{
    return wrongArguments(
        commandLineText("--%1 does not take '%2'.").arg(QString::fromLatin1(option.option), value));
}

Result<QJsonValue> read(const SpecOption &option, const Parsed &parsed)
{
    const QString name = QString::fromLatin1(option.option);
    const QString value = parsed.value(name);
    switch (option.kind) {
    case Kind::Texts:
        return QJsonArray::fromStringList(parsed.parser.values(name));
    case Kind::Number: {
        bool ok = false;
        const int number = value.toInt(&ok);
        return ok ? Result<QJsonValue>(number) : bad(option, value);
    }
    case Kind::Duration: {
        const auto ms = value == u"0" ? std::optional<qint64>(0) : durationFromText(value);
        return ms ? Result<QJsonValue>(*ms) : bad(option, value);
    }
    case Kind::Usd: {
        bool ok = false;
        const double usd = value.toDouble(&ok);
        return ok && usd >= 0 && usd <= 1e6 ? Result<QJsonValue>(qRound64(usd * 1e6)) : bad(option, value);
    }
    case Kind::Flag:
        if (value != u"yes" && value != u"no")
            return bad(option, value);
        return QJsonValue(value == u"yes");
    case Kind::Text:
        break;
    }
    return QJsonValue(value);
}

Result<QJsonObject> readChanges(const Parsed &parsed)
{
    QJsonObject changes;
    for (const SpecOption &option : specOptions) {
        if (!parsed.has(QString::fromLatin1(option.option)))
            continue;
        const auto value = read(option, parsed);
        if (!value)
            return std::unexpected(value.error());
        changes.insert(QLatin1StringView(option.key), *value);
    }
    if (parsed.has(u"zone"_s))
        changes.insert(u"zone"_s, parsed.value(u"zone"_s));
    QJsonObject inputs;
    const QStringList given = parsed.parser.values(u"input"_s);
    for (const QString &input : given) {
        const qsizetype equals = input.indexOf(u'=');
        if (equals <= 0)
            return wrongArguments(commandLineText("--input %1: write it as name=value.").arg(input));
        inputs.insert(input.first(equals), input.sliced(equals + 1));
    }
    if (!inputs.isEmpty())
        changes.insert(u"inputs"_s, inputs);
    return changes;
}

Result<CommandOptions> buildWhen(const Parsed &parsed)
{
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

using Action = SchedulesOptions::Action;

constexpr std::array actions{std::pair{"list", Action::List},
                             std::pair{"show", Action::Show},
                             std::pair{"add", Action::Add},
                             std::pair{"edit", Action::Edit},
                             std::pair{"remove", Action::Remove},
                             std::pair{"pause", Action::Pause},
                             std::pair{"resume", Action::Resume},
                             std::pair{"run-now", Action::RunNow},
                             std::pair{"check", Action::Check},
                             std::pair{"pause-all", Action::PauseAll},
                             std::pair{"resume-all", Action::ResumeAll}};

std::unexpected<Error> wrongAction()
{
    return wrongArguments(
        commandLineText("Write: schedules list, show ID, add NAME, edit ID, remove ID, pause ID, resume ID, "
                        "run-now ID, check [FILE], pause-all --for TIME or --until-tomorrow, resume-all, or "
                        "when \"weekdays at 9\"."));
}

Result<CommandOptions> buildPauseAll(const Parsed &parsed, SchedulesOptions schedules)
{
    const bool tomorrow = parsed.has(u"until-tomorrow"_s);
    if (tomorrow == parsed.has(u"for"_s))
        return wrongArguments(commandLineText("Say how long: --for TIME or --until-tomorrow."));
    if (tomorrow)
        return schedules;
    const auto ms = durationFromText(parsed.value(u"for"_s));
    if (!ms || *ms <= 0)
        return wrongArguments(
            commandLineText("--%1 does not take '%2'.").arg(u"for"_s, parsed.value(u"for"_s)));
    schedules.pauseMs = *ms;
    return schedules;
}

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
    for (const SpecOption &option : specOptions)
        declareValue(parser, QString::fromLatin1(option.option), option.help,
                     QString::fromLatin1(option.what));
    declareValue(parser, u"input"_s,
                 QT_TRANSLATE_NOOP("CommandLine", "An input of the flow; may be given several times."),
                 u"name=value"_s);
    declareFlag(parser, u"paused"_s, QT_TRANSLATE_NOOP("CommandLine", "Add it paused."));
    declareValue(parser, u"for"_s, QT_TRANSLATE_NOOP("CommandLine", "Pause all: for so long (1h, 90m)."),
                 u"time"_s);
    declareFlag(parser, u"until-tomorrow"_s,
                QT_TRANSLATE_NOOP("CommandLine", "Pause all: until the next day begins here."));
    declareFlag(
        parser, u"queue"_s,
        QT_TRANSLATE_NOOP("CommandLine", "Run now: wait where no slot is free, instead of refusing."));
    declareFlag(parser, u"force"_s,
                QT_TRANSLATE_NOOP("CommandLine", "Run now: begin over the cap; that is written down."));
}

Result<CommandOptions> buildSchedules(const Parsed &parsed)
{
    const QString word = parsed.words.value(0, u"list"_s);
    if (word == u"when")
        return parsed.words.size() > 1 ? buildWhen(parsed) : Result<CommandOptions>(wrongAction());
    const auto *known = std::ranges::find_if(
        actions, [&](const auto &each) { return word == QLatin1StringView(each.first); });
    if (known == actions.end())
        return wrongAction();
    SchedulesOptions schedules{
        .action = known->second, .paused = parsed.has(u"paused"_s), .atCapacity = AtCapacity::Ask};
    if (parsed.has(u"queue"_s) && parsed.has(u"force"_s))
        return wrongArguments(commandLineText("--queue and --force do not go together."));
    if (parsed.has(u"queue"_s) || parsed.has(u"force"_s))
        schedules.atCapacity = parsed.has(u"queue"_s) ? AtCapacity::Queue : AtCapacity::Force;
    const qsizetype words = parsed.words.size();
    if (schedules.action == Action::PauseAll && words == 1)
        return buildPauseAll(parsed, schedules);
    if (schedules.action == Action::List || schedules.action == Action::ResumeAll)
        return words <= 1 ? Result<CommandOptions>(schedules) : wrongAction();
    if (schedules.action == Action::Check) {
        schedules.file = parsed.words.value(1);
        return words <= 2 ? Result<CommandOptions>(schedules) : wrongAction();
    }
    if (words != 2)
        return wrongAction();
    auto changes = readChanges(parsed);
    if (!changes)
        return std::unexpected(changes.error());
    schedules.changes = *changes;
    if (schedules.action == Action::Add) {
        schedules.changes.insert(u"name"_s, parsed.words.at(1));
        return schedules;
    }
    return idFrom<ScheduleId>(parsed.words.at(1)).transform([&](ScheduleId id) -> CommandOptions {
        schedules.schedule = id;
        return schedules;
    });
}

} // namespace muster::app
