#include "core/node/flows/preflight_desk.h"

#include "core/agent/pricing.h"
#include "core/agent/resolution.h"
#include "core/insight/estimator.h"
#include "core/insight/token_count.h"
#include "core/node/projects/project_settings.h"
#include "core/node/work/runtime_problems.h"
#include "core/store/history_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostRuns = 20;
constexpr int mostRows = 20'000;
constexpr int mostTasks = 2'000;
constexpr qint64 charsOfToken = 4; // of outputs that are not read again

struct Read {
    LoadedFlow flow;
    QHash<QString, AgentProfile> profiles;
    QStringList wished; // runtimes
};

// What a start would ask for.
struct Wished {
    QString runtime; // of the whole run; empty: none
    QString byDefault;
};

struct Past {
    std::vector<PastStepRow> steps;
    std::vector<PastTaskRow> tasks;
};

// What a step's agent would run on.
struct Choice {
    Resolution resolution;
    std::optional<TokenPrices> prices;
};

// All that is needed to estimate, by value, so that a worker can.
struct Known {
    Read read;
    Past past;
    Wished wished;
    QStringList fallback;
    QHash<QString, LaunchProblem> problems;
    RuntimeCatalog catalog;
    std::vector<Choice> choices; // by step
    QJsonObject inputs;
    qint64 taskCapMicroUsd = 0; // where neither a step nor its flow says one; 0: only Muster's own
};

std::vector<RuntimeWish> wishesOf(const StepDefinition &step, const Read &read, const Wished &wished)
{
    const AgentProfile profile = read.profiles.value(step.profile);
    return {{.by = u"step"_s,
             .runtime = step.runtime.isEmpty() ? wished.runtime : step.runtime,
             .model = step.model},
            {.by = u"profile"_s, .runtime = profile.runtime, .model = profile.model},
            {.by = u"default"_s, .runtime = wished.byDefault, .model = {}}};
}

Result<Read> readFlow(const FlowLibrary &library, const api::Preflight &query, const Wished &wished)
{
    auto flow = query.text.isEmpty() ? library.load(query.flow)
                                     : Result<LoadedFlow>(library.check(query.text.toUtf8(), query.flow));
    if (!flow)
        return std::unexpected(flow.error());
    Read read{.flow = std::move(*flow), .profiles = {}, .wished = {}};
    if (!read.flow.parsed.ok())
        return read;
    const FlowDefinition &definition = *read.flow.parsed.definition;
    read.profiles = library.profilesOf(definition);
    QSet<QString> seen{QString()};
    for (const StepDefinition &step : definition.steps) {
        if (step.kind != StepKind::Agent)
            continue;
        for (const RuntimeWish &wish : wishesOf(step, read, wished)) {
            if (!seen.contains(wish.runtime))
                read.wished += wish.runtime;
            seen.insert(wish.runtime);
        }
    }
    return read;
}

std::optional<TokenPrices> pricesOf(const RuntimeCatalog &catalog, const Resolution &resolution)
{
    const RuntimeRecord *runtime = catalog.find(resolution.runtime);
    if (!runtime)
        return std::nullopt;
    const RuntimeModel *model =
        modelOf(*runtime, resolution.model.isEmpty() ? runtime->defaultModel : resolution.model);
    if (!model || !model->prices)
        return std::nullopt;
    return TokenPrices{.input = model->prices->input, .output = model->prices->output};
}

// Of samples of one kind.
struct Samples {
    std::vector<qint64> tokensIn;
    std::vector<qint64> tokensOut;
    std::vector<qint64> cost;
    std::vector<qint64> handedOn;

    [[nodiscard]] PastUse use(EstimateBasis basis) const
    {
        PastUse past{.basis = basis,
                     .samples = static_cast<int>(tokensIn.size()),
                     .tokensIn = rangeOf(tokensIn),
                     .tokensOut = rangeOf(tokensOut)};
        if (!cost.empty() && cost.size() == tokensIn.size())
            past.cost = rangeOf(cost);
        return past;
    }
};

// What earlier runs say of each step and each profile, by the runtime that worked: another counts otherwise.
class Experience {
public:
    explicit Experience(const Past &past)
    {
        QHash<QPair<QString, qint64>, qint64> items; // of a step in a run
        for (const PastStepRow &row : past.steps) {
            Samples &of = m_steps[{row.stepId, row.runtime}];
            of.tokensIn.push_back(row.tokensIn);
            of.tokensOut.push_back(row.tokensOut);
            if (row.costMicroUsd)
                of.cost.push_back(*row.costMicroUsd);
            m_handedOn[row.stepId].push_back((row.outputChars + charsOfToken - 1) / charsOfToken);
            if (row.itemIndex >= 0)
                ++items[{row.stepId, row.run.value}];
            if (row.rounds)
                m_rounds[row.stepId].push_back(*row.rounds);
        }
        for (auto item = items.cbegin(); item != items.cend(); ++item)
            m_items[item.key().first].push_back(*item);
        for (const PastTaskRow &row : past.tasks) {
            Samples &of = m_profiles[{row.profile, row.runtime}];
            of.tokensIn.push_back(row.tokensIn);
            of.tokensOut.push_back(row.tokensOut);
        }
    }

    [[nodiscard]] StepBasis basisOf(const StepDefinition &step, const QString &runtime) const
    {
        StepBasis basis{.handedOn = known(m_handedOn, step.id),
                        .items = known(m_items, step.id),
                        .rounds = known(m_rounds, step.id)};
        if (const auto same = m_steps.constFind({step.id, runtime}); same != m_steps.cend())
            basis.past = same->use(EstimateBasis::SameStep);
        else if (const auto like = m_profiles.constFind({step.profile, runtime}); like != m_profiles.cend())
            basis.past = like->use(EstimateBasis::SameProfile);
        return basis;
    }

private:
    using ByName = QHash<QString, std::vector<qint64>>;
    static std::optional<Range> known(const ByName &samples, const QString &name)
    {
        const auto found = samples.constFind(name);
        return found == samples.cend() ? std::nullopt : std::optional(rangeOf(*found));
    }

    QHash<QPair<QString, QString>, Samples> m_steps;
    QHash<QPair<QString, QString>, Samples> m_profiles;
    ByName m_handedOn;
    ByName m_items;
    ByName m_rounds;
};

api::RangeInfo toApi(const Range &range)
{
    return {.low = range.low, .likely = range.likely, .high = range.high};
}

QStringList namesOf(const FlowDefinition &flow, const std::vector<int> &steps)
{
    QStringList names;
    for (const int step : steps)
        names += flow.step(step).id;
    return names;
}

FlowEstimate estimateOf(const Known &known)
{
    const FlowDefinition &flow = *known.read.flow.parsed.definition;
    const Experience experience(known.past);
    QHash<QString, qint64> instructions;
    for (auto profile = known.read.profiles.cbegin(); profile != known.read.profiles.cend(); ++profile)
        instructions.insert(profile.key(), estimateTokens(profile->instructions));
    EstimateQuestion question{
        .flow = flow, .steps = {}, .inputs = known.inputs, .capMicroUsd = flow.budgetMicroUsd};
    for (int i = 0; i < flow.stepCount(); ++i) {
        const StepDefinition &step = flow.step(i);
        const Choice &choice = known.choices[static_cast<size_t>(i)];
        StepBasis basis = experience.basisOf(step, choice.resolution.runtime);
        basis.instructionTokens = instructions.value(step.profile);
        basis.prices = choice.prices;
        basis.capMicroUsd = step.budgetMicroUsd > 0 ? step.budgetMicroUsd : known.taskCapMicroUsd;
        question.steps.push_back(basis);
    }
    return estimate(question);
}

api::StepForecast forecastOf(const StepDefinition &step, const StepEstimate &made, const Choice &choice)
{
    api::StepForecast info{.step = step.id,
                           .attempts = toApi(made.times),
                           .attemptsAssumed = made.timesAssumed,
                           .basis = enumName(made.basis),
                           .samples = made.samples,
                           .tokensIn = toApi(made.tokensIn),
                           .tokensOut = toApi(made.tokensOut),
                           .runtime = choice.resolution.runtime,
                           .runtimeBy = choice.resolution.by,
                           .model = choice.resolution.model};
    if (made.cost)
        info.costMicroUsd = toApi(*made.cost);
    return info;
}

api::PreflightInfo infoOf(const Known &known)
{
    api::PreflightInfo info{.check = checkInfo(known.read.flow)};
    const FlowDefinition &flow = *known.read.flow.parsed.definition;
    const FlowEstimate made = estimateOf(known);
    for (int i = 0; i < flow.stepCount(); ++i) {
        const auto at = static_cast<size_t>(i);
        if (flow.step(i).kind == StepKind::Agent)
            info.steps.push_back(forecastOf(flow.step(i), made.steps[at], known.choices[at]));
    }
    info.tokensIn = toApi(made.tokensIn);
    info.tokensOut = toApi(made.tokensOut);
    info.costMicroUsd = toApi(made.cost);
    info.unpriced = namesOf(flow, made.unpriced);
    for (const CapWarning &warning : made.warnings)
        info.caps.push_back({.step = warning.step < 0 ? QString() : flow.step(warning.step).id,
                             .capMicroUsd = warning.capMicroUsd,
                             .likely = warning.reach == CapReach::Likely,
                             .blame = namesOf(flow, warning.blame)});
    return info;
}

// A person has set a cap in dollars that nobody could hold it to.
bool isRefused(const Known &known, const StepDefinition &step, const Resolution &resolution)
{
    const LoadedFlow &flow = known.read.flow;
    const bool isOwn = flow.found.file.path.isEmpty() || flow.found.file.place != LookupPlace::BuiltIn;
    const bool flowCaps = step.budgetMicroUsd > 0 || flow.parsed.definition->budgetMicroUsd > 0;
    const bool settingCaps = step.budgetMicroUsd == 0 && known.taskCapMicroUsd > 0;
    const RuntimeRecord *runtime = known.catalog.find(resolution.runtime);
    return ((isOwn && flowCaps) || settingCaps) && runtime && !costIsKnown(*runtime, resolution.model);
}

api::RuntimeForecast &entryFor(std::vector<api::RuntimeForecast> &all, const api::RuntimeForecast &wanted)
{
    const auto found = std::ranges::find_if(all, [&](const api::RuntimeForecast &each) {
        return each.runtime == wanted.runtime && each.problem == wanted.problem;
    });
    return found == all.end() ? all.emplace_back(wanted) : *found;
}

// One entry for each runtime that cannot be used, in the order in which the steps name them.
std::vector<api::RuntimeForecast> missingIn(const Known &known)
{
    const FlowDefinition &flow = *known.read.flow.parsed.definition;
    std::vector<api::RuntimeForecast> out;
    for (int i = 0; i < flow.stepCount(); ++i) {
        const Resolution &resolution = known.choices[static_cast<size_t>(i)].resolution;
        const QString wished = resolution.wished.isEmpty() ? resolution.runtime : resolution.wished;
        const LaunchProblem problem = known.problems.value(wished, LaunchProblem::None);
        if (flow.step(i).kind != StepKind::Agent)
            continue;
        if (isRefused(known, flow.step(i), resolution))
            entryFor(out, {.runtime = resolution.runtime, .problem = u"price_unknown"_s}).steps +=
                flow.step(i).id;
        if (problem == LaunchProblem::None)
            continue;
        const RuntimeRecord *record = known.catalog.find(wished);
        const bool isUnset = record && problem == LaunchProblem::NotConfigured;
        entryFor(out, {.runtime = wished,
                       .problem = enumName(problem),
                       .needs = isUnset ? record->needsEnv.join(u", "_s) : QString(),
                       .taken = resolution.wished.isEmpty() ? QString() : resolution.runtime})
            .steps += flow.step(i).id;
    }
    return out;
}

Result<api::PreflightInfo> preflightOf(Known known)
{
    for (const StepDefinition &step : known.read.flow.parsed.definition->steps) {
        Choice choice;
        if (step.kind == StepKind::Agent) {
            choice.resolution =
                resolveRuntime(wishesOf(step, known.read, known.wished), known.fallback, known.problems);
            choice.prices = pricesOf(known.catalog, choice.resolution);
        }
        known.choices.push_back(std::move(choice));
    }
    api::PreflightInfo info = infoOf(known);
    info.runtimes = missingIn(known);
    return info;
}

Result<Past> pastOf(Connection &db, ProjectId project, const QString &flow)
{
    HistoryRepository history(db);
    auto steps = history.steps(project, flow, mostRuns, mostRows);
    if (!steps)
        return std::unexpected(steps.error());
    auto tasks = history.tasks(project, mostTasks);
    if (!tasks)
        return std::unexpected(tasks.error());
    return Past{.steps = std::move(*steps), .tasks = std::move(*tasks)};
}

} // namespace

PreflightDesk::PreflightDesk(WorkContext &work, std::function<qint64()> taskCapMicroUsd)
    : m_work(work)
    , m_taskCapMicroUsd(std::move(taskCapMicroUsd))
{
}

Async<api::PreflightInfo> PreflightDesk::look(api::Preflight query)
{
    OpenedProject project;
    if (!query.project.isEmpty()) {
        const auto opened = co_await m_work.projects.open(query.project);
        if (!opened)
            co_return std::unexpected(opened.error());
        project = *opened;
    }
    const FlowLibrary library(project.info.root, m_work.personFolder, project.trusted);
    const Wished wished{.runtime = query.runtime, .byDefault = m_work.defaultRuntime()};
    const auto read =
        co_await resultOf(onPool([library, query, wished] { return readFlow(library, query, wished); }));
    if (!read)
        co_return std::unexpected(read.error());
    if (!read->flow.parsed.ok())
        co_return api::PreflightInfo{.check = checkInfo(read->flow)};
    Known known{.read = *read,
                .past = {},
                .wished = wished,
                .fallback = namesIn(m_work.fallback()),
                .problems = {},
                .catalog = m_work.runtimes,
                .choices = {},
                .inputs = query.inputs,
                .taskCapMicroUsd = m_taskCapMicroUsd()};
    const auto problems = co_await knownProblems(
        m_work.accounts, RuntimeQuestion::about(m_work.runtimes, known.read.wished + known.fallback,
                                                m_work.credentials.kept()));
    known.problems = problems.value_or(known.problems);
    const auto settings = co_await settingsOf(project.info.root, project.trusted);
    if (settings && settings->costMicroUsd)
        known.taskCapMicroUsd = *settings->costMicroUsd;
    const FlowDefinitionPtr flow = known.read.flow.parsed.definition;
    const auto past = co_await resultOf(m_work.ledger.readAsync(
        [id = project.row.id, name = flow->name](Connection &db) { return pastOf(db, id, name); }));
    known.past = past.value_or(Past{}); // an estimate without it is one, too
    auto info = co_await resultOf(onPool([known] { return preflightOf(known); }));
    if (info)
        info->needsGit = flow->usesWorktrees() && !project.info.isGit;
    co_return info;
}

} // namespace muster
