#include "core/workspace/git_drivers.h"

#include "core/base/async.h"

#include <QMap>
#include <QSet>

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct Setting {
    QByteArray scope; // system, global, local, worktree, command
    QString section;  // filter, merge
    QString name;     // the driver
    QString key;
    QString value;
};

// "filter.<name>.<key>": the name may hold dots itself.
std::optional<Setting> driverSetting(const QByteArray &scope, const QByteArray &entry)
{
    const qsizetype newline = entry.indexOf('\n');
    const QString full = QString::fromUtf8(newline < 0 ? entry : entry.left(newline));
    const qsizetype first = full.indexOf(u'.');
    const qsizetype last = full.lastIndexOf(u'.');
    const QString section = full.left(std::max<qsizetype>(first, 0));
    if (section != u"filter" && section != u"merge")
        return std::nullopt;
    return Setting{.scope = scope,
                   .section = section,
                   .name = first == last ? QString() : full.mid(first + 1, last - first - 1),
                   .key = full.mid(last + 1),
                   .value = newline < 0 ? u"true"_s : QString::fromUtf8(entry.mid(newline + 1))};
}

Result<std::vector<Setting>> driverSettings(const QByteArray &listing)
{
    const QList<QByteArray> parts = listing.split('\0');
    std::vector<Setting> settings;
    for (qsizetype i = 0; i + 1 < parts.size(); i += 2) {
        // A name that we cannot say exactly is a driver that we cannot turn off.
        const QByteArray key = parts.at(i + 1).left(parts.at(i + 1).indexOf('\n'));
        if (QString::fromUtf8(key).toUtf8() != key)
            return fail(ErrorCode::InvalidArgument, QString::fromUtf8(key), u"git config"_s);
        if (auto setting = driverSetting(parts.at(i), parts.at(i + 1)))
            settings.push_back(std::move(*setting));
    }
    return settings;
}

constexpr std::array kFilterKeys{"clean", "smudge", "process"};

// What a person has chosen, for a name that a worktree's configuration uses too; else nothing runs.
QString chosenValue(const std::vector<Setting> &settings, const Setting &wanted, const QString &otherwise)
{
    QString value = otherwise;
    for (const Setting &s : settings) {
        if (s.scope != "worktree" && s.section == wanted.section && s.name == wanted.name &&
            s.key == wanted.key)
            value = s.value;
    }
    return value;
}

using Overrides = QMap<QString, QString>;

void overrideFilter(Overrides &overrides, const std::vector<Setting> &settings, const QString &name,
                    bool keep)
{
    for (const char *key : kFilterKeys) {
        const Setting wanted{
            .scope = {}, .section = u"filter"_s, .name = name, .key = QString::fromLatin1(key), .value = {}};
        overrides.insert(u"filter."_s + name + u'.' + wanted.key,
                         keep ? chosenValue(settings, wanted, {}) : QString());
    }
    const Setting required{
        .scope = {}, .section = u"filter"_s, .name = name, .key = u"required"_s, .value = {}};
    overrides.insert(u"filter."_s + name + u".required",
                     keep ? chosenValue(settings, required, u"false"_s) : u"false"_s);
}

void overrideMerge(Overrides &overrides, const std::vector<Setting> &settings, const Setting &found,
                   bool keep)
{
    if (found.name.isEmpty()) {
        if (found.key == u"default")
            overrides.insert(u"merge.default"_s, keep ? chosenValue(settings, found, u"text"_s) : u"text"_s);
        return;
    }
    // An empty command would count as a merge that took our side; "false" makes it a conflict.
    if (found.key == u"driver")
        overrides.insert(u"merge."_s + found.name + u".driver",
                         keep ? chosenValue(settings, found, u"false"_s) : u"false"_s);
}

Async<GitDrivers> readDrivers(std::shared_ptr<GitRunner> runner, GitPlace place, GitTrust trust)
{
    GitCommand command;
    command.args = QStringList{u"config"_s, u"--list"_s, u"--show-scope"_s, u"-z"_s};
    command.gitDir = place.gitDir;
    command.commonDir = place.commonDir;
    command.workTree = place.workTree;
    command.personalConfig = trust == GitTrust::Trusted;
    const auto output = co_await resultOf(runner->run(command));
    if (!output)
        co_return std::unexpected(output.error());
    if (output->exitCode != 0 || output->truncated)
        co_return fail(ErrorCode::Io, QString::fromUtf8(output->err.trimmed()), u"git config"_s);
    co_return driversFromConfig(output->out, trust);
}

} // namespace

Result<GitDrivers> driversFromConfig(const QByteArray &listing, GitTrust trust)
{
    const auto found = driverSettings(listing);
    if (!found)
        return std::unexpected(found.error());
    const std::vector<Setting> &settings = *found;
    const bool trusted = trust == GitTrust::Trusted;
    Overrides overrides;
    GitDrivers drivers{.overrides = {}, .settings = {}, .personalConfig = trusted};
    for (const Setting &s : settings) {
        if (s.scope == "command")
            continue; // what gitArguments() says
        if (s.scope == "local")
            drivers.settings << QString(s.section + u'.' + s.name + u'.' + s.key + u'=' + s.value).toUtf8();
        if (trusted && s.scope != "worktree")
            continue;
        if (s.section == u"filter")
            overrideFilter(overrides, settings, s.name, trusted);
        else
            overrideMerge(overrides, settings, s, trusted);
    }
    for (auto it = overrides.constBegin(); it != overrides.constEnd(); ++it)
        drivers.overrides.emplace_back(it.key(), it.value());
    std::ranges::sort(drivers.settings);
    return drivers;
}

QFuture<Result<GitDrivers>> readGitDrivers(std::shared_ptr<GitRunner> runner, GitPlace place, GitTrust trust)
{
    return readDrivers(std::move(runner), std::move(place), trust);
}

} // namespace muster
