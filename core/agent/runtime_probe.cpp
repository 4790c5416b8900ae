#include "core/agent/runtime_probe.h"

#include "core/agent/version_job.h"
#include "core/process/environment_filter.h"

#include <QPointer>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostAtOnce = 2;
constexpr qint64 keptMs = 3'600'000;

Result<std::vector<FoundProgram>> lookUpAll(const std::vector<RuntimeRecord> &runtimes,
                                            const QStringList &environment, const QStringList &keptKeys)
{
    std::vector<FoundProgram> found;
    found.reserve(runtimes.size());
    for (const RuntimeRecord &runtime : runtimes)
        found.push_back(lookUpRuntime(runtime, environment, keptKeys));
    return found;
}

} // namespace

RuntimeProbe::RuntimeProbe(const RuntimeCatalog &catalog, Launcher &launcher, const Clock &clock,
                           RuntimeProbeOptions options, QObject *parent)
    : QObject(parent)
    , m_catalog(catalog)
    , m_launcher(launcher)
    , m_clock(clock)
    , m_options(std::move(options))
{
}

QFuture<Result<std::vector<RuntimeStatus>>> RuntimeProbe::look(bool again) { return lookAll(again); }

Async<std::vector<RuntimeStatus>> RuntimeProbe::lookAll(bool again)
{
    const QPointer self(this);
    const std::vector<RuntimeRecord> runtimes = m_catalog.all();
    const QStringList keptKeys = m_options.keptKeys ? m_options.keptKeys() : QStringList();
    const auto found = co_await resultOf(onPool([runtimes, environment = m_options.environment, keptKeys] {
        return lookUpAll(runtimes, environment, keptKeys);
    }));
    if (!self || !found)
        co_return self ? std::unexpected(found.error()) : fail(ErrorCode::Cancelled);
    std::vector<std::pair<size_t, QFuture<Result<Version>>>> asked;
    for (size_t i = 0; i < found->size(); ++i) {
        const FoundProgram &program = found->at(i);
        if (program.identity.isEmpty() || runtimes.at(i).versionArgs.isEmpty() ||
            (!again && isKnown(program)))
            continue;
        asked.emplace_back(i, ask(runtimes.at(i), program.status.path));
    }
    for (const auto &[index, future] : asked) {
        auto version = co_await resultOf(future);
        if (!self || !version)
            co_return fail(ErrorCode::Cancelled);
        version->identity = found->at(index).identity;
        m_versions.insert(found->at(index).status.id, *version);
    }
    std::vector<RuntimeStatus> out;
    for (size_t i = 0; i < found->size(); ++i) {
        out.push_back(found->at(i).status);
        addVersion(runtimes.at(i), found->at(i), out.back());
    }
    co_return out;
}

bool RuntimeProbe::isKnown(const FoundProgram &found) const
{
    const auto known = m_versions.constFind(found.status.id);
    return known != m_versions.constEnd() && known->identity == found.identity &&
           m_clock.nowMs() - known->atMs < keptMs;
}

void RuntimeProbe::addVersion(const RuntimeRecord &runtime, const FoundProgram &found,
                              RuntimeStatus &status) const
{
    status.checkedMs = m_clock.nowMs();
    const auto known = m_versions.constFind(status.id);
    if (known != m_versions.constEnd() && known->identity == found.identity) {
        status.versionState = known->state;
        status.version = known->version;
        status.checkedMs = known->atMs;
    }
    status.problem = problemOf(runtime, status);
}

QFuture<Result<RuntimeProbe::Version>> RuntimeProbe::ask(const RuntimeRecord &runtime, const QString &program)
{
    auto question = std::make_shared<Question>();
    question->runtime = runtime;
    question->program = program;
    question->promise.start();
    m_waiting.push_back(question);
    startNext();
    return question->promise.future();
}

void RuntimeProbe::startNext()
{
    while (m_asking < mostAtOnce && !m_waiting.empty()) {
        const std::shared_ptr<Question> question = m_waiting.front();
        m_waiting.pop_front();
        ++m_asking;
        auto *job = new VersionJob(question->runtime, question->program, this);
        connect(job, &VersionJob::answered, this, [this, question](VersionState state, const QString &said) {
            question->promise.addResult(
                Version{.identity = {}, .state = state, .version = said, .atMs = m_clock.nowMs()});
            question->promise.finish();
        });
        connect(job, &VersionJob::over, this, [this] {
            --m_asking;
            startNext();
        });
        job->start(m_launcher, filterEnvironment(m_options.environment),
                   m_options.tmpRoot.isEmpty() ? QString() : QString(m_options.tmpRoot + u'/' + newMarker()),
                   m_options.limit);
    }
}

} // namespace muster
