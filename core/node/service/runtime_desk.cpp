#include "core/node/service/runtime_desk.h"

#include "core/agent/runtime_fields.h"

#include <QDir>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

api::ModelInfo modelInfo(const RuntimeModel &model)
{
    api::ModelInfo info{.id = model.id, .label = model.label};
    if (model.prices)
        info.prices = api::PriceInfo{.inputMicroUsd = model.prices->input,
                                     .outputMicroUsd = model.prices->output,
                                     .cachedMicroUsd = model.prices->cached,
                                     .date = model.prices->date,
                                     .source = model.prices->source};
    return info;
}

QStringList namesOf(const RuntimeAbilities &abilities)
{
    QStringList out;
    std::apply([&](const auto &...f) {
        ((abilities.*(f.member) ? void(out += QString::fromLatin1(f.name)) : void()), ...);
    }, Fields<RuntimeAbilities>::list);
    return out;
}

QString stateOf(LaunchProblem problem)
{
    return problem == LaunchProblem::None ? u"ready"_s : enumName(problem);
}

// Its program comes with Muster, so the catalog knows where it is.
bool isBundled(const RuntimeRecord &runtime)
{
    return runtime.builtIn && QDir::isAbsolutePath(programOf(runtime));
}

// Its program comes with Muster or not at all, and nobody has installed it or set it up: nothing is wrong.
bool isLeftOut(const RuntimeRecord &runtime, const RuntimeStatus &status)
{
    if (!runtime.builtIn)
        return false;
    if (isBundled(runtime))
        return status.problem == LaunchProblem::AuthRequired ||
               status.problem == LaunchProblem::NotConfigured;
    return status.problem == LaunchProblem::NotInstalled;
}

// One that comes with Muster must be there; of the others what is there must work.
api::CheckItem checkOf(const RuntimeRecord &runtime, const RuntimeStatus &status)
{
    const bool bundled = isBundled(runtime);
    api::CheckItem item{.name = u"runtime "_s + runtime.id, .state = u"ok"_s, .detail = status.path};
    if (!status.version.isEmpty())
        item.detail += u" ("_s + status.version + u')';
    if (status.path.isEmpty())
        item.detail = programOf(runtime);
    if (status.problem != LaunchProblem::None) {
        item.state = bundled ? u"problem"_s : u"warning"_s;
        item.advice = bundled ? u"reinstall"_s : QString(u"runtime_"_s + enumName(status.problem));
    } else if (status.versionState == VersionState::NoAnswer) {
        item.state = u"warning"_s;
        item.advice = u"runtime_no_answer"_s;
    }
    return item;
}

} // namespace

api::RuntimeInfo toApi(const RuntimeRecord &runtime, const RuntimeStatus &status)
{
    api::RuntimeInfo info{.id = runtime.id,
                          .label = runtime.label,
                          .state = stateOf(status.problem),
                          .detail = programOf(runtime),
                          .path = status.path,
                          .version = status.version,
                          .versionState = enumName(status.versionState),
                          .minimumVersion = runtime.minimumVersion,
                          .signIn = enumName(status.signIn),
                          .signedInBy = status.signedInBy,
                          .keyIsKept = status.keyIsKept,
                          .needs = status.needs,
                          .keys = runtime.signIn.env,
                          .signInCommand = runtime.signIn.command,
                          .npm = runtime.install.npm,
                          .file = runtime.builtIn ? QString() : runtime.file,
                          .defaultModel = runtime.defaultModel,
                          .abilities = namesOf(runtime.abilities),
                          .homeVariable = runtime.signIn.homeEnv,
                          .checkedAt = status.checkedMs};
    for (const RuntimeModel &model : runtime.models)
        info.models.push_back(modelInfo(model));
    return info;
}

RuntimeDesk::RuntimeDesk(const RuntimeCatalog &catalog, RuntimeProbe &probe,
                         const std::vector<Error> &problems, const Accounts &accounts,
                         std::function<QString()> defaultRuntime)
    : m_catalog(catalog)
    , m_probe(probe)
    , m_problems(problems)
    , m_accounts(accounts)
    , m_defaultRuntime(std::move(defaultRuntime))
{
}

Async<std::vector<api::RuntimeInfo>> RuntimeDesk::list(api::ListRuntimes query)
{
    if (!query.runtime.isEmpty() && !m_catalog.find(query.runtime))
        co_return fail(ErrorCode::InvalidArgument, m_catalog.ids().join(u", "_s), u"runtime"_s);
    const std::vector<RuntimeRecord> runtimes = m_catalog.all();
    const QString byDefault = m_defaultRuntime();
    const auto found = co_await resultOf(m_probe.look(query.again));
    if (!found)
        co_return std::unexpected(found.error());
    std::vector<api::RuntimeInfo> out;
    for (size_t i = 0; i < found->size(); ++i) {
        if (!query.runtime.isEmpty() && runtimes.at(i).id != query.runtime)
            continue;
        out.push_back(toApi(runtimes.at(i), found->at(i)));
        out.back().isDefault = out.back().id == byDefault;
        api::RuntimeInfo &info = out.back();
        info.limit = m_accounts.limitInfo({.runtime = info.id, .name = {}});
        info.accounts = m_accounts.list(info.id);
        if (info.state == enumName(LaunchProblem::AuthRequired) && !info.accounts.empty())
            info.state = stateOf(LaunchProblem::None); // a further account is signed in
    }
    co_return out;
}

Async<std::vector<api::CheckItem>> RuntimeDesk::checks()
{
    const std::vector<RuntimeRecord> runtimes = m_catalog.all();
    const std::vector<Error> problems = m_problems;
    const auto found = co_await resultOf(m_probe.look(false));
    if (!found)
        co_return std::unexpected(found.error());
    std::vector<api::CheckItem> out;
    QStringList missing;
    for (size_t i = 0; i < found->size(); ++i) {
        const RuntimeRecord &runtime = runtimes.at(i);
        if (isLeftOut(runtime, found->at(i)))
            missing += runtime.id;
        else
            out.push_back(checkOf(runtime, found->at(i)));
    }
    if (!missing.isEmpty())
        out.push_back({.name = u"other runtimes"_s,
                       .state = u"ok"_s,
                       .detail = missing.join(u", "_s),
                       .advice = u"runtimes_missing"_s});
    for (const Error &problem : problems)
        out.push_back({.name = u"runtime file"_s,
                       .state = u"warning"_s,
                       .detail = problem.where + u": "_s + problem.detail,
                       .advice = u"runtime_file"_s});
    co_return out;
}

} // namespace muster
