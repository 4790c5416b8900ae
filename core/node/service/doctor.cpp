#include "core/node/service/doctor.h"

#include "core/node/projects/project_settings.h"
#include "core/store/sqlite_version.h"
#include "core/workspace/project.h"

#include <QFileInfo>
#include <QStorageInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 lowDiskBytes = 2LL * 1024 * 1024 * 1024;

// Codes; the sentences for people are in core/viewmodel.
api::CheckItem item(const QString &name, const QString &state, const QString &detail,
                    const QString &advice = {})
{
    return {.name = name, .state = state, .detail = detail, .advice = advice};
}

api::CheckItem checkProgram(const QString &path, const QString &name)
{
    const bool there = QFileInfo(path).isExecutable();
    return item(name, there ? u"ok"_s : u"problem"_s, path, there ? QString() : u"reinstall"_s);
}

std::vector<api::CheckItem> checkFiles(const DoctorInput &input)
{
    std::vector<api::CheckItem> out;
    for (const auto &name :
         {u"muster-demo-agent"_s, u"muster-model-agent"_s, u"muster-guard"_s, u"muster-eval"_s})
        out.push_back(checkProgram(input.binFolder + u'/' + name, name));
    const QStorageInfo disk(input.paths.home);
    const bool low = disk.bytesAvailable() < lowDiskBytes;
    out.push_back(item(u"disk"_s, low ? u"warning"_s : u"ok"_s,
                       u"%1 MiB"_s.arg(disk.bytesAvailable() / (1024 * 1024)),
                       low ? u"free_disk"_s : QString()));
    out.push_back(item(u"store"_s, u"ok"_s, u"%1 (%2)"_s.arg(input.paths.storeFile, input.durability)));
    const bool searches = indexesText(input.sqlite);
    out.push_back(item(u"sqlite"_s, searches ? u"ok"_s : u"warning"_s, input.sqlite,
                       searches ? QString() : u"sqlite_old"_s));
    out.push_back(item(u"containment"_s, input.containment == u"ancestry" ? u"warning"_s : u"ok"_s,
                       input.containment, input.containment == u"ancestry" ? u"containment"_s : QString()));
    out.insert(out.end(), input.agents.begin(), input.agents.end());
    return out;
}

// The first thing that is wrong with it; nothing where it is fine or not there.
std::vector<api::CheckItem> checkSettings(const QString &root)
{
    const FlowProblems problems = readProjectSettings(root).problems;
    if (problems.empty())
        return {};
    const FlowProblem &first = problems.front();
    const QString place =
        u"%1:%2:%3"_s.arg(QLatin1StringView(kProjectSettingsFile)).arg(first.line).arg(first.column);
    const QStringList parts{place, enumName(first.code), first.found, first.expected.join(u", "_s)};
    return {item(u"project settings"_s, u"warning"_s, parts.join(u' ').trimmed(), u"project_settings"_s)};
}

} // namespace

Async<std::vector<api::CheckItem>> runDoctor(DoctorInput input, std::shared_ptr<GitRunner> git,
                                             QString project)
{
    auto items = co_await resultOf(
        onPool([input]() -> Result<std::vector<api::CheckItem>> { return checkFiles(input); }));
    if (!items)
        co_return items;
    GitCommand ask;
    ask.args += u"version"_s;
    const auto version = co_await resultOf(git->run(ask));
    if (version && version->exitCode == 0)
        items->push_back(item(u"git"_s, u"ok"_s, QString::fromUtf8(version->out).trimmed()));
    else
        items->push_back(item(u"git"_s, u"problem"_s,
                              version ? QString::fromUtf8(version->err) : version.error().detail,
                              u"install_git"_s));
    if (!project.isEmpty()) {
        const auto info = co_await resultOf(onPool([project] { return detectProject(project); }));
        if (!info)
            items->push_back(item(u"project"_s, u"problem"_s, info.error().detail, u"project"_s));
        else if (!info->isGit || !info->hasCommit)
            items->push_back(
                item(u"project"_s, u"warning"_s, info->root, info->isGit ? u"no_commit"_s : u"not_git"_s));
        else
            items->push_back(item(u"project"_s, u"ok"_s, u"%1 (%2)"_s.arg(info->root, info->headBranch)));
        if (info) {
            const auto settings = co_await resultOf(onPool(
                [root = info->root]() { return Result<std::vector<api::CheckItem>>(checkSettings(root)); }));
            if (settings)
                items->insert(items->end(), settings->begin(), settings->end());
        }
    }
    co_return items;
}

} // namespace muster
