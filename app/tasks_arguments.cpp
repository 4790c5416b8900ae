// Arguments of muster tasks and muster pools.
#include "app/command_spec.h"

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr auto tasksUsage = QT_TRANSLATE_NOOP(
    "CommandLine",
    "Write: tasks [list | queue], tasks show|now|cancel|retry ID, tasks priority ID NUMBER, or: "
    "tasks start PROMPT.");
constexpr auto poolsUsage =
    QT_TRANSLATE_NOOP("CommandLine", "Write: pools [list], pools set NAME, or: pools remove NAME.");

Result<qint64> numberIn(const Parsed &parsed, const QString &option, qint64 lowest, qint64 highest)
{
    bool ok = false;
    const qint64 number = parsed.value(option).toLongLong(&ok);
    if (ok && number >= lowest && number <= highest)
        return number;
    return wrongArguments(commandLineText("--%1 takes a number from %2 to %3.")
                              .arg(option, QString::number(lowest), QString::number(highest)));
}

// `scale`: of what is written to what is meant.
template <typename T>
Status readNumber(const Parsed &parsed, const QString &option, qint64 highest, qint64 scale, T &out)
{
    if (!parsed.has(option))
        return {};
    return numberIn(parsed, option, 0, highest).transform([&](qint64 number) {
        out = static_cast<T>(number * scale);
    });
}

Result<CommandOptions> buildStart(const Parsed &parsed)
{
    if (parsed.words.size() != 2)
        return wrongArguments(commandLineText(tasksUsage));
    TasksOptions tasks{.action = TasksOptions::Action::Start};
    api::StartTask &start = tasks.start;
    start.prompt = parsed.words.at(1);
    start.title = parsed.value(u"title"_s);
    start.runtime = parsed.value(u"runtime"_s);
    start.profile = parsed.value(u"profile"_s);
    start.pools = parsed.parser.values(u"pool"_s);
    start.trust = parsed.has(u"trust"_s);
    start.unattended = parsed.has(u"unattended"_s);
    constexpr qint64 second = 1000;
    constexpr qint64 dayOfSeconds = 86'400;
    constexpr qint64 cent = 10'000;
    for (const Status &read :
         {readNumber(parsed, u"max-steps"_s, 10'000, 1, start.maxSteps),
          readNumber(parsed, u"deadline"_s, 30 * dayOfSeconds, second, start.deadlineMs),
          readNumber(parsed, u"budget-cents"_s, 1'000'000, cent, start.budgetMicroUsd)}) {
        if (!read)
            return std::unexpected(read.error());
    }
    return tasks;
}

} // namespace

void declareTasks(QCommandLineParser &parser)
{
    declareValue(parser, u"run"_s, QT_TRANSLATE_NOOP("CommandLine", "Only the tasks of this run."), u"id"_s);
    declareFlag(parser, u"active"_s, QT_TRANSLATE_NOOP("CommandLine", "Only tasks that have not ended."));
    declareFlag(parser, u"force"_s,
                QT_TRANSLATE_NOOP("CommandLine", "With now: begin over the cap; this is written down."));
    declareValue(parser, u"pool"_s,
                 QT_TRANSLATE_NOOP("CommandLine", "With queue: only this pool. With start: a slot of it too; "
                                                  "may be given several times."),
                 u"name"_s);
    declareValue(parser, u"title"_s, QT_TRANSLATE_NOOP("CommandLine", "With start: how it is called."),
                 u"text"_s);
    declareValue(parser, u"runtime"_s, QT_TRANSLATE_NOOP("CommandLine", "With start: which runtime."),
                 u"id"_s);
    declareValue(parser, u"profile"_s, QT_TRANSLATE_NOOP("CommandLine", "With start: which profile."),
                 u"name"_s);
    declareValue(parser, u"max-steps"_s,
                 QT_TRANSLATE_NOOP("CommandLine", "With start: at most so many agent steps."), u"n"_s);
    declareValue(parser, u"deadline"_s,
                 QT_TRANSLATE_NOOP("CommandLine", "With start: how long it may work, in seconds."),
                 u"seconds"_s);
    declareValue(parser, u"budget-cents"_s,
                 QT_TRANSLATE_NOOP("CommandLine", "With start: what it may cost, in US cents."), u"n"_s);
    declareFlag(parser, u"unattended"_s,
                QT_TRANSLATE_NOOP("CommandLine", "With start: what goes beyond its permissions is denied."));
    declareFlag(parser, u"trust"_s,
                QT_TRANSLATE_NOOP("CommandLine", "With start: trust this project's own profiles for it."));
}

Result<CommandOptions> buildTasks(const Parsed &parsed)
{
    using Action = TasksOptions::Action;
    TasksOptions tasks{.activeOnly = parsed.has(u"active"_s),
                       .force = parsed.has(u"force"_s),
                       .pool = parsed.value(u"pool"_s)};
    const QString word = parsed.words.value(0, u"list"_s);
    if (parsed.has(u"run"_s)) {
        const auto run = idFrom<RunId>(parsed.value(u"run"_s));
        if (!run)
            return std::unexpected(run.error());
        tasks.run = *run;
    }
    if (word == "list"_L1 || word == "queue"_L1) {
        tasks.action = word == "queue"_L1 ? Action::Queue : Action::List;
        if (parsed.words.size() > 1)
            return wrongArguments(commandLineText(tasksUsage));
        return tasks;
    }
    if (word == "start"_L1)
        return buildStart(parsed);
    static constexpr std::array actions{
        std::pair{"show", Action::Show}, std::pair{"now", Action::Now}, std::pair{"cancel", Action::Cancel},
        std::pair{"retry", Action::Retry}, std::pair{"priority", Action::Priority}};
    const auto *action =
        std::ranges::find_if(actions, [&](const auto &one) { return word == QLatin1StringView(one.first); });
    const qsizetype wanted = word == "priority"_L1 ? 3 : 2;
    if (action == actions.end() || parsed.words.size() != wanted)
        return wrongArguments(commandLineText(tasksUsage));
    tasks.action = action->second;
    bool ok = true;
    if (tasks.action == Action::Priority)
        tasks.priority = parsed.words.at(2).toInt(&ok);
    if (!ok)
        return wrongArguments(commandLineText(tasksUsage));
    return idFrom<TaskId>(parsed.words.at(1)).transform([&](TaskId id) -> CommandOptions {
        tasks.task = id;
        return tasks;
    });
}

void declarePools(QCommandLineParser &parser)
{
    declareValue(parser, u"cap"_s,
                 QT_TRANSLATE_NOOP("CommandLine", "With set: how many of its tasks run at once."), u"n"_s);
    declareFlag(parser, u"no-cap"_s, QT_TRANSLATE_NOOP("CommandLine", "With set: as many as there are."));
    declareValue(parser, u"deadline"_s,
                 QT_TRANSLATE_NOOP("CommandLine",
                                   "With set: how long the work of its tasks may take, in seconds; 0: "
                                   "as it needs."),
                 u"seconds"_s);
    declareValue(parser, u"keep-slot"_s,
                 QT_TRANSLATE_NOOP("CommandLine",
                                   "With set: yes or no; whether a task keeps its slot while it waits "
                                   "for you."),
                 u"yes|no"_s);
}

Result<CommandOptions> buildPools(const Parsed &parsed)
{
    PoolsOptions pools;
    if (parsed.words.isEmpty() || parsed.words == QStringList{u"list"_s})
        return pools;
    const QString &word = parsed.words.front();
    if (parsed.words.size() != 2 || (word != "set"_L1 && word != "remove"_L1))
        return wrongArguments(commandLineText(poolsUsage));
    pools.action = PoolsOptions::Action::Set;
    api::SetPool &set = pools.set;
    set.name = parsed.words.at(1);
    set.remove = word == "remove"_L1;
    set.uncapped = parsed.has(u"no-cap"_s);
    constexpr qint64 second = 1000;
    constexpr qint64 mostSeconds = 30 * 86'400;
    if (parsed.has(u"cap"_s)) {
        const auto cap = numberIn(parsed, u"cap"_s, 0, 256);
        if (!cap)
            return std::unexpected(cap.error());
        set.cap = static_cast<int>(*cap);
    }
    if (parsed.has(u"deadline"_s)) {
        const auto deadline = numberIn(parsed, u"deadline"_s, 0, mostSeconds);
        if (!deadline)
            return std::unexpected(deadline.error());
        set.deadlineMs = *deadline * second;
    }
    const QString keeps = parsed.value(u"keep-slot"_s);
    if (parsed.has(u"keep-slot"_s) && keeps != "yes"_L1 && keeps != "no"_L1)
        return wrongArguments(commandLineText(poolsUsage));
    if (parsed.has(u"keep-slot"_s))
        set.keepsSlot = keeps == "yes"_L1;
    return pools;
}

} // namespace muster::app
