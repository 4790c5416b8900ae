#include "core/node/service/settings.h"

#include "core/agent/resolution.h"
#include "core/schedule/all_paused.h"

#include <QThread>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString rangeOf(const SettingSpec &spec)
{
    if (!spec.choices.isEmpty())
        return spec.choices.join(spec.isList ? u", "_s : u" | "_s);
    if (spec.lowest != 0 || spec.highest != 0)
        return u"%1 … %2"_s.arg(spec.lowest).arg(spec.highest);
    return spec.defaultValue.isBool() ? u"true | false"_s : QString();
}

std::optional<QJsonValue> asTypeOf(const QJsonValue &wanted, const QJsonValue &given)
{
    if (given.type() == wanted.type())
        return given;
    if (!given.isString())
        return std::nullopt;
    const QString text = given.toString();
    bool ok = false;
    if (wanted.isDouble()) {
        const double number = text.toDouble(&ok);
        return ok ? std::optional<QJsonValue>(number) : std::nullopt;
    }
    if (wanted.isBool() && (text == u"true" || text == u"false"))
        return text == u"true";
    return std::nullopt;
}

bool isChosen(const SettingSpec &spec, const QJsonValue &value)
{
    if (spec.choices.isEmpty())
        return true;
    const QStringList names = spec.isList ? namesIn(value.toString()) : QStringList(value.toString());
    return std::ranges::all_of(names, [&](const QString &name) { return spec.choices.contains(name); });
}

} // namespace

Settings::Settings()
    : m_specs{
          {.key = u"runtime.default"_s,
           .defaultValue = u"demo"_s,
           .help = QT_TRANSLATE_NOOP("Settings",
                                     "The runtime that agent steps and chats use when none is asked for.")},
          {.key = u"runtime.fallback"_s,
           .defaultValue = u""_s,
           .isList = true,
           .help = QT_TRANSLATE_NOOP("Settings",
                                     "Runtimes to take instead, in this order, where the one that was asked "
                                     "for cannot be used (not installed, not signed in, does not start). "
                                     "Empty: none, such work fails.")},
          {.key = u"pools.flow"_s,
           .defaultValue = std::max(2, QThread::idealThreadCount()),
           .lowest = 1,
           .highest = 256,
           .help = QT_TRANSLATE_NOOP("Settings", "How many steps of all flows run at once.")},
          {.key = u"pools.scheduled"_s,
           .defaultValue = 2,
           .lowest = 1,
           .highest = 256,
           .help = QT_TRANSLATE_NOOP(
               "Settings", "How many tasks of schedules, and tasks that were started by hand, run at once.")},
          {.key = kAllPausedKey,
           .defaultValue = 0,
           .highest = 4'102'444'800'000, // 2100
           .help = QT_TRANSLATE_NOOP(
               "Settings",
               "No schedule fires until this moment, at most a year away, in milliseconds since 1970 UTC; "
               "what goes on or is run now goes on. 0: they fire.")},
          {.key = u"tasks.resumed_at_once"_s,
           .defaultValue = 3,
           .lowest = 1,
           .highest = 64,
           .help = QT_TRANSLATE_NOOP("Settings", "How many tasks are gone on with at the same time after the "
                                                 "node ended. Takes effect when the node starts.")},
          {.key = u"admission.free_memory_mib"_s,
           .defaultValue = 1024,
           .highest = 1'048'576,
           .help = QT_TRANSLATE_NOOP("Settings",
                                     "Nothing but chats begins unless this much memory, in MiB, stays free "
                                     "beside what an agent usually takes. 0: it does not count.")},
          {.key = u"admission.free_disk_mib"_s,
           .defaultValue = 2048,
           .highest = 1'048'576,
           .help =
               QT_TRANSLATE_NOOP("Settings", "Nothing but chats begins while less than this, in MiB, is free "
                                             "on the disk of Muster's folder. 0: it does not count.")},
          {.key = u"admission.load"_s,
           .defaultValue = 16,
           .highest = 1000,
           .help = QT_TRANSLATE_NOOP("Settings",
                                     "Nothing but chats begins while more programs than this wait for each "
                                     "processor (the load of a minute). 0: it does not count.")},
          {.key = u"machine.stay_awake"_s,
           .defaultValue = u"plugged"_s,
           .choices = {u"never"_s, u"plugged"_s, u"always"_s},
           .help = QT_TRANSLATE_NOOP(
               "Settings",
               "Whether the machine is kept from falling asleep by itself while something is at work. "
               "plugged: not while it lives on its battery. A closed lid, and a desktop that looks after "
               "sleep itself, may send it to sleep all the same.")},
          {.key = u"keys.store"_s,
           .defaultValue = u"keychain"_s,
           .choices = {u"keychain"_s, u"ask"_s, u"file"_s},
           .help = QT_TRANSLATE_NOOP(
               "Settings",
               "Where keys of runtimes are kept that are given from now on. keychain: the system's; ask: "
               "nowhere, they are asked for again after each start of the node; file: an encrypted file, "
               "which a passphrase opens after each start. Keys that are kept already stay where they are; "
               "one that is given again goes to the new place.")},
          {.key = u"store.durability"_s,
           .defaultValue = u"full"_s,
           .choices = {u"full"_s, u"normal"_s},
           .help = QT_TRANSLATE_NOOP("Settings", "full: survives a power cut; normal: survives the death of "
                                                 "the process. Takes effect when the node starts.")},
          {.key = u"retention.stream_days"_s,
           .defaultValue = 30,
           .lowest = 1,
           .highest = 3650,
           .help = QT_TRANSLATE_NOOP("Settings", "How long transcripts are kept.")},
          {.key = u"retention.event_days"_s,
           .defaultValue = 90,
           .lowest = 1,
           .highest = 3650,
           .help = QT_TRANSLATE_NOOP("Settings", "How long the event log is kept.")},
          {.key = u"node.idle_minutes"_s,
           .defaultValue = 10,
           .lowest = 1,
           .highest = 1440,
           .help = QT_TRANSLATE_NOOP(
               "Settings", "A background node with nothing to do and no window ends itself after this.")},
          {.key = u"agent.warm_sessions"_s,
           .defaultValue = 8,
           .highest = 64,
           .help =
               QT_TRANSLATE_NOOP("Settings", "How many agents of chats stay ready for the next message.")},
          {.key = u"agent.warm_seconds"_s,
           .defaultValue = 600,
           .lowest = 1,
           .highest = 86'400,
           .help = QT_TRANSLATE_NOOP("Settings", "How long an agent of a chat stays ready.")},
          {.key = u"mcp.own"_s,
           .defaultValue = true,
           .help = QT_TRANSLATE_NOOP(
               "Settings",
               "Whether agents that take MCP servers get Muster's own: they may look at flows, runs "
               "and tasks, and ask you to start a flow.")},
          {.key = u"agent.stall_seconds"_s,
           .defaultValue = 300,
           .lowest = 5,
           .highest = 86'400,
           .help = QT_TRANSLATE_NOOP("Settings", "An agent that says nothing for this long is stalled.")},
          {.key = u"agent.memory_mib"_s,
           .defaultValue = 8192,
           .highest = 1'048'576,
           .help =
               QT_TRANSLATE_NOOP("Settings", "How much memory an agent and all that it started may take, in "
                                             "MiB, before it is stopped. 0: as much as there is.")},
          {.key = u"agent.runaway_mib"_s,
           .defaultValue = 50,
           .lowest = 1,
           .highest = 100'000,
           .help =
               QT_TRANSLATE_NOOP("Settings", "An agent that writes more text than this in a minute, in MiB, "
                                             "is paused, and you are asked.")},
          {.key = u"agent.max_turns"_s,
           .defaultValue = 0,
           .highest = 10'000,
           .help =
               QT_TRANSLATE_NOOP("Settings", "How many steps (messages and tool calls) an agent may take for "
                                             "one task. 0: as many as it needs.")},
          {.key = u"budget.max_cost_per_task"_s,
           .defaultValue = 0,
           .highest = 10'000,
           .help = QT_TRANSLATE_NOOP("Settings",
                                     "What a task may cost, in USD, where neither its flow nor its project "
                                     "says something else; agents of which nobody knows the price are not "
                                     "asked then. 0: 5 for a step of a flow, 2 for anything else.")},
          {.key = u"budget.max_cost_per_day"_s,
           .defaultValue = 0,
           .highest = 100'000,
           .help =
               QT_TRANSLATE_NOOP("Settings", "What all work of a day may cost, in USD, as far as prices are "
                                             "known. Who crosses it is stopped. 0: as much as it needs.")},
          {.key = u"budget.max_tokens_per_task"_s,
           .defaultValue = 10'000'000,
           .highest = 1e12,
           .help =
               QT_TRANSLATE_NOOP("Settings", "How many tokens a task may read and write, without those from "
                                             "a cache. 0: as many as it needs.")},
      }
{
}

const SettingSpec *Settings::find(const QString &key) const
{
    const auto found = std::ranges::find(m_specs, key, &SettingSpec::key);
    return found == m_specs.end() ? nullptr : &*found;
}

void Settings::setChoices(const QString &key, const QStringList &choices)
{
    const auto found = std::ranges::find(m_specs, key, &SettingSpec::key);
    if (found != m_specs.end())
        found->choices = choices;
}

void Settings::set(const QString &key, const QJsonValue &value)
{
    if (value.isNull())
        m_stored.remove(key);
    else
        m_stored.insert(key, value);
}

Result<QJsonValue> Settings::checked(const QString &key, const QJsonValue &value) const
{
    const SettingSpec *spec = find(key);
    if (!spec)
        return fail(ErrorCode::NotFound, key, u"setting"_s);
    if (value.isNull())
        return value;
    const auto typed = asTypeOf(spec->defaultValue, value);
    const bool inRange = typed && (!typed->isDouble() || (spec->lowest == 0 && spec->highest == 0) ||
                                   (typed->toDouble() >= spec->lowest && typed->toDouble() <= spec->highest));
    if (!typed || !inRange || !isChosen(*spec, *typed))
        return fail(ErrorCode::InvalidArgument, rangeOf(*spec), u"setting"_s);
    return *typed;
}

std::optional<QJsonValue> Settings::fromEnvironment(const SettingSpec &spec) const
{
    const QString name = u"MUSTER_"_s + QString(spec.key).replace(u'.', u'_').toUpper();
    if (!qEnvironmentVariableIsSet(qPrintable(name)))
        return std::nullopt;
    const auto value = checked(spec.key, qEnvironmentVariable(qPrintable(name)));
    return value ? std::optional(*value) : std::nullopt;
}

bool Settings::isFixed(const QString &key) const
{
    const SettingSpec *spec = find(key);
    return spec && fromEnvironment(*spec);
}

QJsonValue Settings::defaultOf(const QString &key) const
{
    const SettingSpec *spec = find(key);
    return spec ? spec->defaultValue : QJsonValue();
}

QJsonValue Settings::value(const QString &key) const
{
    const SettingSpec *spec = find(key);
    if (!spec)
        return {};
    if (const auto set = fromEnvironment(*spec))
        return *set;
    // What an earlier or later Muster stored and this one does not allow is kept, and the default is used.
    const auto stored = checked(key, m_stored.value(key, spec->defaultValue));
    return stored ? *stored : spec->defaultValue;
}

std::vector<api::SettingInfo> Settings::list(const QMap<QString, QJsonValue> &project) const
{
    std::vector<api::SettingInfo> out;
    for (const SettingSpec &spec : m_specs) {
        const bool fromOutside = fromEnvironment(spec).has_value();
        const bool fromProject = project.contains(spec.key);
        out.push_back({.key = spec.key,
                       .value = fromProject ? project.value(spec.key) : value(spec.key),
                       .defaultValue = spec.defaultValue,
                       .origin = fromProject                   ? u"project"_s
                                 : fromOutside                 ? u"environment"_s
                                 : m_stored.contains(spec.key) ? u"user"_s
                                                               : u"default"_s,
                       .writableBy = fromOutside ? u"nobody"_s : u"person"_s,
                       .range = rangeOf(spec),
                       .help = QString::fromUtf8(spec.help)});
    }
    return out;
}

} // namespace muster
