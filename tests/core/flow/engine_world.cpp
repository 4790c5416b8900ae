#include "tests/core/flow/engine_world.h"

#include "core/flow/rules.h"

namespace muster::test {

using namespace Qt::StringLiterals;

namespace {

constexpr RunId kRun{1};

// "a.b.c" in the scope; anything else throws, as an evaluator would.
Result<QJsonValue> lookUp(const QString &path, const QJsonObject &scope)
{
    QJsonValue value = scope;
    const QStringList names = path.split(u'.');
    for (const QString &name : names) {
        if (!value.isObject())
            return fail(ErrorCode::InvalidArgument, u"TypeError: "_s % path);
        value = value[name];
    }
    return value.isUndefined() ? QJsonValue(QJsonValue::Null) : value;
}

// A path, or the choice of a switch between paths: "(PATH\n) ? 0 : (PATH\n) ? 1 : -1".
Result<QJsonValue> valueOf(const QString &expression, const QJsonObject &scope)
{
    QString rest = expression;
    while (rest.startsWith(u'(')) {
        const auto condition = lookUp(rest.sliced(1, rest.indexOf(u'\n') - 1), scope);
        if (!condition)
            return condition;
        rest = rest.section(u" ? "_s, 1);
        if (condition->toBool())
            return rest.section(u" : "_s, 0, 0).toInt();
        rest = rest.section(u" : "_s, 1);
    }
    bool number = false;
    const int index = rest.toInt(&number);
    return number ? Result<QJsonValue>(index) : lookUp(rest, scope);
}

QString rowKey(const FlowStepRow &row) { return row.step % u'[' % QString::number(row.item) % u']'; }

} // namespace

EngineWorld::EngineWorld(WorldSetup setup)
    : m_setup(std::move(setup))
    , m_random(m_setup.seed)
{
    m_engine = std::make_unique<FlowEngine>(FlowPorts{this, this, this, this, this, this},
                                            static_cast<FlowEngineObserver *>(this));
}

EngineWorld::~EngineWorld() = default;

unsigned EngineWorld::random(unsigned below) { return static_cast<unsigned>(m_random() % below); }

bool EngineWorld::dies()
{
    if (m_dead)
        return true;
    if (m_crashes >= m_setup.mostCrashes)
        return false;
    m_dead = std::uniform_real_distribution<>(0, 1)(m_random) < m_setup.crashChance;
    return m_dead;
}

void EngineWorld::later(std::function<void()> what)
{
    if (!m_dead)
        m_waiting.push_back(std::move(what));
}

void EngineWorld::start() { begin(); }

void EngineWorld::begin()
{
    const RunSetup setup{.run = kRun,
                         .definition = m_setup.definition,
                         .inputs = m_setup.inputs,
                         .runInfo = {{u"id"_s, 1}},
                         .project = {},
                         .unattended = m_setup.unattended,
                         .kept = m_setup.kept};
    // A node withdraws at its start what is left of runs that have ended.
    if (!m_journal.empty() && finalState().verdict)
        m_open.clear();
    const Status begun =
        m_journal.empty() ? m_engine->start(setup) : m_engine->resume(kRun, m_setup.definition, m_journal);
    if (!begun)
        m_violations.append(u"could not begin: "_s % begun.error().detail);
}

void EngineWorld::kill()
{
    m_dead = false;
    ++m_crashes;
    m_waiting.clear();
    m_wakeAtMs.reset();
    // Agents die with the node; commands are under their guard, which a machine that goes down ends as well.
    const bool machineDown = m_outages < 2 && random(8) == 0;
    m_outages += machineDown ? 1 : 0;
    for (Act &act : m_acts)
        act.alive = act.alive && act.spec.kind == StepKind::Shell && !machineDown;
    m_engine = std::make_unique<FlowEngine>(FlowPorts{this, this, this, this, this, this},
                                            static_cast<FlowEngineObserver *>(this));
    m_nowMs += random(100);
    begin();
}

bool EngineWorld::step()
{
    if (m_dead)
        kill();
    (void)holdOrGoOn(false);
    const auto own = static_cast<unsigned>(m_waiting.size());
    const auto guarded = static_cast<unsigned>(m_guarded.size());
    if (own + guarded > 0) {
        unsigned pick = random(own + guarded);
        auto &queue = pick < own ? m_waiting : m_guarded;
        pick = pick < own ? pick : pick - own;
        const auto what = std::move(queue[pick]);
        queue.erase(queue.begin() + pick);
        m_nowMs += random(5);
        what();
        return true;
    }
    if (!m_wakeAtMs)
        return m_dead || holdOrGoOn(true);
    m_nowMs = std::max(m_nowMs, *m_wakeAtMs);
    m_wakeAtMs.reset();
    m_engine->wake(kRun);
    return true;
}

bool EngineWorld::holdOrGoOn(bool must)
{
    const FlowState *state = m_setup.pauses ? m_engine->state(kRun) : nullptr;
    if (!state || m_dead)
        return false;
    if (state->pausedBy)
        return (must || random(4) == 0) && m_engine->goOn(kRun, u"person"_s).has_value();
    return !must && random(12) == 0 && m_engine->pause(kRun, u"person"_s).has_value();
}

bool EngineWorld::runToEnd()
{
    if (m_journal.empty())
        start();
    while (!m_verdict && !m_dropped) {
        if (!step())
            break;
    }
    return m_verdict.has_value();
}

FlowState EngineWorld::finalState() const { return foldJournal(*m_setup.definition, m_journal).value(); }

void EngineWorld::append(const FlowAppend &batch, std::function<void(Status)> committed)
{
    if (dies())
        return;
    ++m_appends;
    if (failNextAppend) {
        later([committed, error = *std::exchange(failNextAppend, std::nullopt)] {
            committed(std::unexpected(error));
        });
        return;
    }
    later([this, batch, committed] {
        if (dies())
            return; // the transaction is rolled back
        m_journal.insert(m_journal.end(), batch.events.begin(), batch.events.end());
        for (const FlowStepRow &row : batch.stepRows)
            m_rows.insert(rowKey(row), row);
        if (!dies())
            committed({});
    });
}

bool EngineWorld::isStored(const std::function<bool(const FlowFact &)> &is) const
{
    return std::ranges::any_of(m_journal, [&](const FlowEvent &event) { return is(event.fact); });
}

void EngineWorld::start(const AttemptSpec &spec)
{
    if (dies())
        return;
    const QString key = spec.key.toString();
    const bool recorded = isStored([&](const FlowFact &fact) {
        const auto *queued = std::get_if<AttemptQueued>(&fact);
        return queued && queued->key == spec.key;
    });
    if (!recorded)
        m_violations.append(u"acted before the intent was stored: "_s % key);
    Act &act = m_acts[key];
    if (++act.begun > 1)
        m_violations.append(u"begun twice: "_s % key);
    act.spec = spec;
    act.alive = true;
    if (dies() && spec.kind == StepKind::Agent)
        act.alive = false;
    work(key);
}

void EngineWorld::work(const QString &key)
{
    const AttemptSpec &spec = m_acts[key].spec;
    later([this, attempt = spec.key] { m_engine->attemptStarted(attempt); });
    const qint64 cost = m_setup.outcome(spec).usage.costMicroUsd.value_or(0);
    if (cost > 0)
        later([this, attempt = spec.key, cost] { m_engine->attemptSpent(attempt, cost / 2); });
    auto end = [this, key] {
        const Act &act = m_acts[key];
        if (act.alive && !act.result)
            finish(key, act.stopping ? AttemptResult{.outcome = AttemptOutcome::Cancelled,
                                                     .reason = FailureReason::Aborted}
                                     : m_setup.outcome(act.spec));
    };
    if (spec.kind == StepKind::Shell)
        m_guarded.emplace_back(end);
    else
        later(end);
}

// The result is stored with the task before anyone is told.
void EngineWorld::finish(const QString &key, const AttemptResult &result)
{
    Act &act = m_acts[key];
    act.result = result;
    act.alive = false;
    if (!dies())
        m_engine->attemptFinished(act.spec.key, result);
}

void EngineWorld::resume(const AttemptSpec &spec)
{
    if (dies())
        return;
    m_acts[spec.key.toString()].alive = true;
    work(spec.key.toString());
}

void EngineWorld::stop(const AttemptKey &key, FailureReason)
{
    if (dies())
        return;
    if (!isStored([&](const FlowFact &fact) {
        const auto *stopping = std::get_if<AttemptStopping>(&fact);
        return stopping && stopping->key == key;
    }))
        m_violations.append(u"stopped before the intent was stored: "_s % key.toString());
    Act &act = m_acts[key.toString()];
    act.stopping = true;
    if (!act.alive && !act.result)
        later([this, key] {
            m_engine->attemptFinished(key,
                                      {.outcome = AttemptOutcome::Lost, .reason = FailureReason::Crashed});
        });
}

void EngineWorld::reconcile(const AttemptSpec &spec, std::function<void(Reconciled, AttemptResult)> answer)
{
    if (m_dead)
        return;
    const Act act = m_acts.value(spec.key.toString());
    auto how = Reconciled::Lost;
    if (act.begun == 0)
        how = Reconciled::NotBegun;
    else if (act.result)
        how = Reconciled::Finished;
    else if (act.alive)
        how = Reconciled::StillRunning;
    else if (random(2) == 0)
        how = Reconciled::Resumable;
    const auto say = [answer = std::move(answer), how, result = act.result.value_or(AttemptResult{})] {
        answer(how, result);
    };
    if (random(2) == 0)
        say();
    else
        later(say);
}

void EngineWorld::evaluate(const EvaluationRequest &request, std::function<void(Result<QJsonArray>)> done)
{
    QJsonArray values;
    std::optional<Error> error;
    for (const QString &expression : request.expressions) {
        const auto value = valueOf(expression, request.scope);
        if (value)
            values.append(*value);
        else
            error = value.error();
    }
    later([done = std::move(done), values, error] {
        if (error)
            done(std::unexpected(*error));
        else
            done(values);
    });
}

void EngineWorld::ask(const ApprovalSpec &spec)
{
    if (dies())
        return;
    m_open.insert(spec.key.toString());
    later([this, key = spec.key] {
        if (m_open.remove(key.toString()))
            (void)m_engine->answerApproval(key, m_setup.approve, u"person"_s);
    });
}

void EngineWorld::withdraw(const AttemptKey &key, const QString &)
{
    if (!dies())
        m_open.remove(key.toString());
}

void EngineWorld::wakeAt(RunId, qint64 atMs)
{
    if (!m_dead)
        m_wakeAtMs = atMs;
}

void EngineWorld::forget(RunId)
{
    if (!m_dead)
        m_wakeAtMs.reset();
}

void EngineWorld::runAdvanced(RunId, const FlowState &, const std::vector<FlowEvent> &) {}

void EngineWorld::runFinished(RunId, const RunFinished &verdict)
{
    if (!m_dead)
        m_verdict = verdict;
}

void EngineWorld::runDropped(RunId, const Error &error)
{
    if (!m_dead)
        m_dropped = error;
}

} // namespace muster::test
