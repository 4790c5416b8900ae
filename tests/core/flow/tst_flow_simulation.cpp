// Random flows with random ends, killed at random boundaries: each ends as it would have without.
// MUSTER_SEEDS sets how many (2 000 by default, 100 000 before a release).
#include "tests/core/flow/engine_world.h"
#include "tests/core/flow/rules_driver.h"

#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowSimulation : public QObject {
    Q_OBJECT
private slots:
    void crashesChangeNothing();
    void theSameSeedIsTheSameHistory();
};

namespace {

struct Scenario {
    QString yaml;
    unsigned seed = 0;
    bool exact = false; // what becomes of each step does not depend on the order of events
};

class FlowMaker {
public:
    explicit FlowMaker(unsigned seed)
        : m_random(seed)
    {
    }

    Scenario make(unsigned seed)
    {
        const int steps = 1 + pick(7);
        const bool goesOn = pick(2) == 0;
        QString yaml = u"muster: 1\nname: t\ninputs: {list: {type: string}, yes: {type: boolean}}\n"
                       "batches: {few: {max_concurrent: 2}}\non_failure: "_s %
                       (goesOn ? u"continue"_s : u"stop"_s) % u"\nsteps:\n"_s;
        m_needs.resize(static_cast<size_t>(steps));
        for (int i = 0; i < steps; ++i) {
            for (int need = 0; need < i; ++need) {
                if (pick(3) == 0)
                    m_needs[static_cast<size_t>(i)].append(u's' % QString::number(need));
            }
        }
        for (int i = 0; i < steps; ++i)
            yaml += step(i);
        yaml += m_jumps;
        if (pick(3) == 0)
            yaml += u"finally:\n  - id: f0\n    run: clean\n    idempotent: true\n"
                    "  - {id: f1, needs: [f0], script: inputs.list}\n"_s;
        return {.yaml = yaml, .seed = seed, .exact = goesOn};
    }

private:
    int pick(int below) { return static_cast<int>(m_random() % static_cast<unsigned>(below)); }

    QString step(int i)
    {
        QString text =
            u"  - id: s%1\n    needs: [%2]\n"_s.arg(i).arg(m_needs[static_cast<size_t>(i)].join(u", "));
        static const QStringList triggers{u"all_success"_s, u"all_done"_s, u"one_success"_s, u"always"_s};
        if (pick(3) == 0)
            text += u"    trigger: "_s % triggers.at(pick(4)) % u'\n';
        if (pick(4) == 0)
            text += u"    optional: true\n"_s;
        if (pick(6) == 0)
            text += u"    when: '${{ inputs.yes }}'\n"_s %
                    (pick(2) == 0 ? u"    skip: propagate\n"_s : QString());
        text += onError(i);
        switch (pick(10)) {
        case 0:
            return text + u"    approval: go on\n"_s;
        case 1:
            return text + cases(i);
        case 2:
            return text + u"    delay: %1m\n"_s.arg(1 + pick(5));
        case 3:
            return text + u"    script: inputs.list\n"_s;
        case 4:
            return text + loop(i);
        case 5:
            return text + u"    run: make\n    idempotent: true\n"_s + spread(triggers.at(pick(2)));
        default:
            return text +
                   u"    prompt: 'For ${{ run.id }}'\n    retries: {max: 20, on: [crashed], backoff: 1s}\n"_s +
                   spread(triggers.at(pick(2)));
        }
    }

    QString spread(const QString &join)
    {
        QString text;
        if (pick(4) == 0)
            text += u"    foreach: '${{ inputs.list }}'\n    join: %1\n"_s.arg(join);
        if (pick(3) == 0)
            text += u"    batch: few\n"_s;
        return text;
    }

    QString onError(int i)
    {
        const int way = pick(8);
        if (way == 0)
            return u"    on_error: continue\n"_s;
        if (way != 1)
            return {};
        m_jumps +=
            u"  - id: j%1\n    prompt: J\n    retries: {max: 20, on: [crashed], backoff: 1s}\n"_s.arg(i);
        return u"    on_error: goto j%1\n"_s.arg(i);
    }

    // Each step that needs the switch is in one of its branches, in both, or in none.
    QString cases(int i)
    {
        QStringList first;
        QStringList second;
        const QString self = u's' % QString::number(i);
        for (size_t other = 0; other < m_needs.size(); ++other) {
            if (!m_needs[other].contains(self))
                continue;
            const QString id = u's' % QString::number(other);
            const int where = pick(4);
            if (where == 0 || where == 2)
                first.append(id);
            if (where == 1 || where == 2)
                second.append(id);
        }
        return u"    switch: [{case: x, when: '${{ inputs.yes }}', then: [%1]}, {default: [%2]}]\n"_s.arg(
            first.join(u", "), second.join(u", "));
    }

    QString loop(int i)
    {
        const QString until = pick(2) == 0 ? u"until: '${{ loop.index }}', "_s : QString();
        return u"    loop: {max: %1, %2steps: [{id: w%3, run: make, idempotent: true%4}, {id: v%3, needs: "
               u"[w%3], "
               "prompt: V, retries: {max: 20, on: [crashed], backoff: 1s}%5}]}\n"_s.arg(
                   QString::number(1 + pick(3)), until, QString::number(i),
                   pick(2) == 0 ? u", on_error: continue"_s : QString(),
                   pick(3) == 0 ? u", foreach: '${{ inputs.list }}'"_s : QString());
    }

    std::vector<QStringList> m_needs;
    QString m_jumps; // steps that are jumped to
    std::mt19937 m_random;
};

// By the unit alone, so that it is the same in every order and after every crash.
AttemptResult outcomeOf(const AttemptSpec &spec, unsigned seed)
{
    const unsigned step = spec.key.step.back().unicode() * 40U + spec.key.step.front().unicode() * 7U;
    std::minstd_rand numbers(seed * 1000 + step + static_cast<unsigned>(spec.key.item + 1));
    numbers.discard(3);
    const auto roll = numbers();
    if (roll % 6 == 0)
        return {.outcome = AttemptOutcome::Error, .reason = FailureReason::GateFailed, .exitCode = 1};
    return {.outcome = AttemptOutcome::Ok, .output = u"done"_s, .exitCode = 0};
}

WorldSetup setupOf(const Scenario &scenario, double crashChance)
{
    return {.definition = flowOf(scenario.yaml),
            .seed = scenario.seed,
            .crashChance = crashChance,
            .mostCrashes = 12,
            .unattended = scenario.seed % 2 == 0,
            .approve = scenario.seed % 3 != 0,
            .inputs = {{u"list"_s, QJsonArray{1, 2, 3}}, {u"yes"_s, scenario.seed % 5 != 0}},
            .outcome = [seed = scenario.seed](const AttemptSpec &spec) {
        return outcomeOf(spec, seed);
    }};
}

QStringList statuses(const EngineWorld &world, const FlowDefinition &definition)
{
    QStringList lines;
    const FlowState state = world.finalState();
    for (int step = 0; step < definition.stepCount(); ++step)
        lines.append(definition.step(step).id % u' ' % enumName(state.unit({step, kNoItem}).status));
    return lines;
}

// At most one good end of each unit in each round, however often its node died.
QStringList repeated(const EngineWorld &world, const FlowDefinition &definition)
{
    QHash<QString, int> good;
    QHash<int, int> rounds;
    QStringList found;
    for (const FlowEvent &event : world.journal()) {
        if (const auto *round = std::get_if<RoundBegan>(&event.fact))
            rounds.insert(definition.indexOf(round->step), round->round);
        const auto *finished = std::get_if<AttemptFinished>(&event.fact);
        if (!finished || finished->result.outcome != AttemptOutcome::Ok)
            continue;
        AttemptKey unit = finished->key;
        unit.attempt = rounds.value(definition.step(definition.indexOf(unit.step)).loop);
        if (++good[unit.toString()] > 1)
            found.append(unit.toString());
    }
    return found;
}

// The rows of the store say what folding the journal says.
QStringList disagreeing(const EngineWorld &world, const FlowDefinition &definition)
{
    QStringList found;
    const FlowState state = world.finalState();
    for (const FlowStepRow &row : allStepRows(definition, state)) {
        const QString key = row.step % u'[' % QString::number(row.item) % u']';
        const auto stored = world.rows().constFind(key);
        if (stored == world.rows().cend() || stored->status != row.status || stored->attempt != row.attempt)
            found.append(key);
    }
    return found;
}

} // namespace

void TestFlowSimulation::crashesChangeNothing()
{
    bool given = false;
    int seeds = qEnvironmentVariableIntValue("MUSTER_SEEDS", &given);
    seeds = given ? seeds : 2000;
    int crashes = 0;
    for (int i = 0; i < seeds; ++i) {
        const auto seed = static_cast<unsigned>(i);
        const Scenario scenario = FlowMaker(seed).make(seed);
        const QByteArray what = "seed " + QByteArray::number(i) + "\n" + scenario.yaml.toUtf8();
        EngineWorld calm(setupOf(scenario, 0));
        QVERIFY2(calm.runToEnd(), what.constData());
        EngineWorld stormy(setupOf(scenario, 0.06));
        QVERIFY2(stormy.runToEnd(), what.constData());
        crashes += stormy.crashes();
        const auto definition = flowOf(scenario.yaml);
        const QStringList wrong = stormy.violations() + repeated(stormy, *definition) +
                                  disagreeing(stormy, *definition) + stormy.openApprovals();
        QVERIFY2(wrong.isEmpty(), QByteArray(what + wrong.join(u'\n').toUtf8()).constData());
        QVERIFY2(stormy.verdict()->status == calm.verdict()->status, what.constData());
        QVERIFY2(stormy.verdict()->status != RunStatus::Stuck, what.constData());
        if (scenario.exact)
            QVERIFY2(statuses(stormy, *definition) == statuses(calm, *definition), what.constData());
    }
    QVERIFY(crashes > seeds);
    qInfo("%d runs, %d crashes", seeds, crashes);
}

void TestFlowSimulation::theSameSeedIsTheSameHistory()
{
    for (unsigned seed = 0; seed < 20; ++seed) {
        const Scenario scenario = FlowMaker(seed).make(seed);
        QStringList histories[2];
        for (QStringList &history : histories) {
            EngineWorld world(setupOf(scenario, 0.06));
            QVERIFY(world.runToEnd());
            for (const FlowEvent &event : world.journal())
                history.append(QString::number(event.atMs) % u' ' % describe(event.fact));
        }
        QCOMPARE(histories[0], histories[1]);
    }
}

QTEST_GUILESS_MAIN(TestFlowSimulation)
#include "tst_flow_simulation.moc"
