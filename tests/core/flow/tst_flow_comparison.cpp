// What the documentation of Apache Airflow (trigger rules, branching) and of Netflix Conductor (switch, fork
// and join, do-while) says of small graphs, beside what Muster does with the same graph: what becomes of the
// step `t`. Where it is another thing the row says so, and docs/flows-compared.md tells each row to people.
#include "core/flow/evaluation.h"
#include "tests/core/flow/rules_driver.h"

#include <QFile>
#include <QJSEngine>
#include <QTest>

#include <deque>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowComparison : public QObject {
    Q_OBJECT
private slots:
    void asThere_data();
    void asThere();
    void nothingElseIsTold();

private:
    [[nodiscard]] static QHash<QString, QStringList> told();
};

namespace {

// What becomes of a step. Early: while a step before it in the file is still open. Fails: it never begins,
// and that is a failure.
enum class Fate : std::uint8_t { Runs, RunsEarly, LeftOut, Fails, Cancelled, Never };

QString wordFor(Fate fate)
{
    static const QStringList words{u"runs"_s,         u"runs early"_s, u"is left out"_s,
                                   u"cannot begin"_s, u"is let go"_s,  u"never comes"_s};
    return words.at(static_cast<int>(fate));
}

// How steps come out by themselves; what is not named goes well.
struct Outcomes {
    QStringList fail;
    QStringList late; // ends when nothing else is under way
};

// Follows one run to its end. Expressions are evaluated for real.
class Play {
public:
    Play(const QString &yaml, Outcomes outcomes)
        : m_driver(flowOf(yaml))
        , m_outcomes(std::move(outcomes))
    {
        take(m_driver.submit(RunStarted{.run = RunId{1}, .inputs = {{u"side"_s, u"b"_s}}}));
        while (!m_open.empty()) {
            const QString line = m_open.front();
            m_open.pop_front();
            if (line.startsWith(u"evaluate "))
                evaluate(line.section(u' ', 1));
            else if (isLate(line) &&
                     !std::ranges::all_of(m_open, [&](const QString &l) { return isLate(l); }))
                m_open.push_back(line);
            else
                end(line.section(u' ', 1));
        }
    }

    [[nodiscard]] bool isOver() const { return m_driver.state().verdict.has_value(); }
    [[nodiscard]] RunStatus verdict() const { return m_driver.state().verdict->status; }
    [[nodiscard]] Fate fateOf(const QString &step) const
    {
        const UnitState &unit = m_driver.state().unit({m_driver.definition().indexOf(step), kNoItem});
        if (m_begun.contains(step))
            return m_begun.value(step) ? Fate::RunsEarly : Fate::Runs;
        if (unit.status == StepStatus::Completed)
            return Fate::Runs; // a list without items
        if (unit.status == StepStatus::Failed)
            return Fate::Fails;
        return unit.status == StepStatus::Cancelled ? Fate::Cancelled : Fate::LeftOut;
    }
    [[nodiscard]] int rounds(const QString &loop) const
    {
        return m_driver.state().steps[static_cast<size_t>(m_driver.definition().indexOf(loop))].round;
    }

private:
    static QString stepOf(const QString &line)
    {
        return line.section(u' ', 1).section(u'#', 0, 0).section(u'[', 0, 0);
    }
    [[nodiscard]] bool isLate(const QString &line) const { return m_outcomes.late.contains(stepOf(line)); }

    void take(const QStringList &lines)
    {
        for (const QString &line : lines) {
            if (line.startsWith(u"queued ") && !m_begun.contains(stepOf(line)))
                m_begun.insert(stepOf(line), somethingIsOpenBefore(stepOf(line)));
            if (line.startsWith(u"queued ") || line.startsWith(u"evaluate "))
                m_open.push_back(line);
        }
    }
    [[nodiscard]] bool somethingIsOpenBefore(const QString &step) const
    {
        const int own = m_driver.definition().indexOf(step);
        for (int before = 0; before < own; ++before) {
            if (m_driver.state().unit({before, kNoItem}).phase != UnitPhase::Settled)
                return true;
        }
        return false;
    }
    void evaluate(const QString &unit)
    {
        const Evaluate asked = *m_driver.asked(unit);
        QJSEngine engine;
        for (auto it = asked.scope.begin(); it != asked.scope.end(); ++it)
            engine.globalObject().setProperty(it.key(), engine.toScriptValue(it.value().toVariant()));
        QJsonArray values;
        for (const QString &expression : asked.expressions) {
            const QJSValue value = engine.evaluate(u'(' + expression + u')');
            if (value.isError())
                return take(m_driver.submit(factFromEvaluation(
                    m_driver.definition(), asked, fail(ErrorCode::InvalidArgument, value.toString()))));
            values.append(QJsonValue::fromVariant(value.toVariant()));
        }
        take(m_driver.submit(factFromEvaluation(m_driver.definition(), asked, values)));
    }
    void end(const QString &key)
    {
        const bool fails = m_outcomes.fail.contains(key.section(u'#', 0, 0).section(u'[', 0, 0));
        take(m_driver.apply(fails ? QString(u"fail " + key + u" gate_failed") : QString(u"ok " + key)));
    }

    RulesDriver m_driver;
    Outcomes m_outcomes;
    std::deque<QString> m_open;
    QHash<QString, bool> m_begun; // early?
};

QString flow(const QString &steps) { return u"muster: 1\nname: t\non_failure: continue\nsteps:\n"_s % steps; }
// Two steps, and `t` that needs both.
QString two(const QString &a, const QString &b, const QString &t)
{
    return flow(
        u"  - {id: a, prompt: A%1}\n  - {id: b, prompt: B%2}\n  - {id: t, needs: [a, b], prompt: T%3}\n"_s
            .arg(a, b, t));
}
const QString kSkipped = u", when: false"_s;
const QString kSpreads = u", when: false, skip: propagate"_s;
const QString kAllDone = u", trigger: all_done"_s;
const QString kOneSuccess = u", trigger: one_success"_s;

QString doneAnd(const QString &condition) { return kAllDone % u", when: \"${{ "_s % condition % u" }}\""_s; }

int rowCount = 0;

void row(const char *name, Fate there, Fate here, const QString &yaml, const Outcomes &outcomes = {})
{
    ++rowCount;
    QTest::newRow(name) << there << here << yaml << outcomes.fail << outcomes.late;
}

void airflowRules()
{
    row("all_success, both good", Fate::Runs, Fate::Runs, two({}, {}, {}));
    row("all_success, one failed", Fate::Fails, Fate::Fails, two({}, {}, {}), {.fail = {u"a"_s}, .late = {}});
    row("all_success, one skipped", Fate::LeftOut, Fate::Runs, two(kSkipped, {}, {}));
    row("all_success, one skipped with skip: propagate", Fate::LeftOut, Fate::LeftOut, two(kSpreads, {}, {}));
    row("all_failed, both failed", Fate::Runs, Fate::Runs,
        two({}, {}, doneAnd(u"steps.a.status === 'failed' && steps.b.status === 'failed'"_s)),
        {.fail = {u"a"_s, u"b"_s}, .late = {}});
    row("all_failed, one good", Fate::LeftOut, Fate::LeftOut,
        two({}, {}, doneAnd(u"steps.a.status === 'failed' && steps.b.status === 'failed'"_s)),
        {.fail = {u"a"_s}, .late = {}});
    row("all_done, one failed, one skipped", Fate::Runs, Fate::Runs, two({}, kSkipped, kAllDone),
        {.fail = {u"a"_s}, .late = {}});
    row("all_done_min_one_success, one failed", Fate::Runs, Fate::Runs,
        two({}, {}, doneAnd(u"[steps.a, steps.b].some(s => s.status === 'completed')"_s)),
        {.fail = {u"a"_s}, .late = {}});
    row("one_success, the other still runs", Fate::RunsEarly, Fate::RunsEarly, two({}, {}, kOneSuccess),
        {.fail = {}, .late = {u"b"_s}});
    row("one_success, all failed", Fate::Fails, Fate::Fails, two({}, {}, kOneSuccess),
        {.fail = {u"a"_s, u"b"_s}, .late = {}});
    row("one_success, all skipped", Fate::LeftOut, Fate::Fails, two(kSkipped, kSkipped, kOneSuccess));
    row("one_failed, the other still runs", Fate::RunsEarly, Fate::Runs,
        two({}, {}, doneAnd(u"[steps.a, steps.b].some(s => s.status === 'failed')"_s)),
        {.fail = {u"a"_s}, .late = {u"b"_s}});
    row("one_failed as on_error: goto", Fate::RunsEarly, Fate::RunsEarly,
        flow(u"  - {id: a, prompt: A, on_error: goto t}\n  - {id: b, prompt: B, on_error: goto t}\n"
             "  - {id: t, prompt: T}\n"_s),
        {.fail = {u"a"_s}, .late = {u"b"_s}});
    row("one_failed, none failed", Fate::LeftOut, Fate::LeftOut,
        two({}, {}, doneAnd(u"[steps.a, steps.b].some(s => s.status === 'failed')"_s)));
    row("one_done, the other still runs", Fate::RunsEarly, Fate::Runs, two({}, {}, kAllDone),
        {.fail = {u"a"_s}, .late = {u"b"_s}});
    row("none_failed, one skipped", Fate::Runs, Fate::Runs, two({}, kSkipped, {}));
    row("none_failed, all skipped", Fate::Runs, Fate::Runs, two(kSkipped, kSkipped, {}));
    row("none_failed, one failed", Fate::Fails, Fate::Fails, two({}, kSkipped, {}),
        {.fail = {u"a"_s}, .late = {}});
    row("none_failed_min_one_success, all skipped", Fate::LeftOut, Fate::Runs, two(kSkipped, kSkipped, {}));
    row("none_skipped, one skipped", Fate::LeftOut, Fate::LeftOut, two(kSpreads, {}, {}));
    row("none_skipped, one failed", Fate::Runs, Fate::Runs,
        two({}, {}, doneAnd(u"[steps.a, steps.b].every(s => s.status !== 'skipped')"_s)),
        {.fail = {u"a"_s}, .late = {}});
    row("all_skipped, all skipped", Fate::Runs, Fate::Runs,
        two(kSkipped, kSkipped, doneAnd(u"[steps.a, steps.b].every(s => s.status === 'skipped')"_s)));
    row("all_skipped, one good", Fate::LeftOut, Fate::LeftOut,
        two(kSkipped, {}, doneAnd(u"[steps.a, steps.b].every(s => s.status === 'skipped')"_s)));
    row("always, the others still run", Fate::RunsEarly, Fate::Runs, two({}, {}, u", trigger: always"_s),
        {.fail = {}, .late = {u"a"_s, u"b"_s}});
    row("teardown after failed work", Fate::Runs, Fate::Runs,
        flow(u"  - {id: setup, prompt: S}\n  - {id: a, needs: [setup], prompt: A}\n"
             "finally:\n  - {id: t, prompt: T, when: \"${{ steps.setup.status === 'completed' }}\"}\n"_s),
        {.fail = {u"a"_s}, .late = {}});
    row("teardown after a failed setup", Fate::LeftOut, Fate::LeftOut,
        flow(u"  - {id: setup, prompt: S}\n  - {id: a, needs: [setup], prompt: A}\n"
             "finally:\n  - {id: t, prompt: T, when: \"${{ steps.setup.status === 'completed' }}\"}\n"_s),
        {.fail = {u"setup"_s}, .late = {}});
}

const QString kBranch =
    u"  - {id: p, switch: [{case: left, when: \"${{ inputs.side === 'a' }}\", then: [a]}, "
    "{case: right, when: \"${{ inputs.side === 'b' }}\", then: [b]}]}\n"
    "  - {id: a, needs: [p], prompt: A}\n  - {id: b, needs: [p], prompt: B}\n"_s;

QString withInput(const QString &steps)
{
    return flow(steps).replace(u"steps:\n"_s, u"inputs: {side: {type: string}}\nsteps:\n"_s);
}

void airflowGraphs()
{
    row("a branch, joined by all_success", Fate::LeftOut, Fate::Runs,
        withInput(kBranch % u"  - {id: t, needs: [a, b], prompt: T}\n"_s));
    row("a branch, joined by none_failed_min_one_success", Fate::Runs, Fate::Runs,
        withInput(kBranch % u"  - {id: t, needs: [a, b], prompt: T}\n"_s));
    row("a branch that was not taken", Fate::LeftOut, Fate::LeftOut,
        withInput(kBranch % u"  - {id: t, needs: [a], prompt: T}\n"_s));
    row("short circuit before all_done", Fate::LeftOut, Fate::Runs,
        flow(u"  - {id: a, prompt: A, when: false, skip: propagate}\n"
             "  - {id: t, needs: [a], trigger: all_done, prompt: T}\n"_s));
    row("upstream_failed spreads", Fate::Fails, Fate::Fails,
        flow(
            u"  - {id: a, prompt: A}\n  - {id: b, needs: [a], prompt: B}\n  - {id: t, needs: [b], prompt: T}\n"_s),
        {.fail = {u"a"_s}, .late = {}});
    row("another branch after a failure", Fate::Runs, Fate::Runs,
        flow(u"  - {id: a, prompt: A}\n  - {id: b, prompt: B}\n  - {id: t, needs: [b], prompt: T}\n"_s),
        {.fail = {u"a"_s}, .late = {u"b"_s}});
    row("another branch after a failure, by default", Fate::Runs, Fate::Cancelled,
        flow(u"  - {id: a, prompt: A}\n  - {id: b, prompt: B}\n  - {id: t, needs: [b], prompt: T}\n"_s)
            .replace(u"on_failure: continue\n"_s, QString()),
        {.fail = {u"a"_s}, .late = {u"b"_s}});
}

void conductorSwitch()
{
    const QString other = QString(kBranch).replace(u"=== 'b'"_s, u"=== 'c'"_s);
    row("switch, the case that matches", Fate::Runs, Fate::Runs,
        withInput(
            QString(kBranch).replace(u"id: b, "_s, u"id: t, "_s).replace(u"then: [b]"_s, u"then: [t]"_s)));
    row("switch, another case", Fate::LeftOut, Fate::LeftOut,
        withInput(
            QString(kBranch).replace(u"id: a, "_s, u"id: t, "_s).replace(u"then: [a]"_s, u"then: [t]"_s)));
    row("switch, no match and a default case", Fate::Runs, Fate::Runs,
        withInput(QString(other).replace(u"then: [b]}]"_s, u"then: [b]}, {default: [t]}]"_s) %
                  u"  - {id: t, needs: [p], prompt: T}\n"_s));
    row("switch, no match and no default: what needs the switch", Fate::Runs, Fate::Runs,
        withInput(other % u"  - {id: t, needs: [p], prompt: T}\n"_s));
    row("switch, no match and no default: what needs the branches", Fate::Runs, Fate::LeftOut,
        withInput(other % u"  - {id: t, needs: [a, b], prompt: T}\n"_s));
    row("switch, an expression that throws", Fate::Fails, Fate::Fails,
        withInput(QString(kBranch).replace(u"inputs.side === 'a'"_s, u"inputs.side.none.at"_s) %
                  u"  - {id: t, needs: [b], prompt: T}\n"_s));
}

void conductorForks()
{
    row("join on all", Fate::Runs, Fate::Runs, two({}, {}, {}), {.fail = {}, .late = {u"b"_s}});
    row("join on a part", Fate::RunsEarly, Fate::RunsEarly,
        flow(u"  - {id: a, prompt: A}\n  - {id: b, prompt: B}\n  - {id: t, needs: [a], prompt: T}\n"_s),
        {.fail = {}, .late = {u"b"_s}});
    row("join after an optional task failed, as optional", Fate::Runs, Fate::Fails,
        two(u", optional: true"_s, {}, {}), {.fail = {u"a"_s}, .late = {}});
    row("join after an optional task failed, as on_error: continue", Fate::Runs, Fate::Runs,
        two(u", on_error: continue"_s, {}, {}), {.fail = {u"a"_s}, .late = {}});
    row("a task beside one that failed", Fate::Cancelled, Fate::Runs,
        flow(u"  - {id: t, prompt: T}\n  - {id: a, prompt: A}\n"_s)
            .replace(u"on_failure: continue\n"_s, QString()),
        {.fail = {u"a"_s}, .late = {u"t"_s}});
    row("dynamic fork without tasks", Fate::Runs, Fate::Runs,
        flow(u"  - {id: a, prompt: A, foreach: '${{ [] }}'}\n  - {id: t, needs: [a], prompt: T}\n"_s));
    row("dynamic fork, one failed", Fate::Fails, Fate::Fails,
        flow(u"  - {id: a, prompt: A, foreach: [1, 2]}\n  - {id: t, needs: [a], prompt: T}\n"_s),
        {.fail = {u"a"_s}, .late = {}});
}

void conductorLoops()
{
    const QString after = u"  - {id: t, needs: [l], prompt: T}\n"_s;
    row("do-while, false at once: once", Fate::Runs, Fate::Runs,
        flow(
            u"  - {id: l, loop: {max: 5, until: '${{ !(loop.index < 0) }}', steps: [{id: w, prompt: W}]}}\n"_s %
            after));
    row("do-while, until the third", Fate::Runs, Fate::Runs,
        flow(
            u"  - {id: l, loop: {max: 5, until: '${{ !(loop.index < 2) }}', steps: [{id: w, prompt: W}]}}\n"_s %
            after));
    row("do-while, for ever", Fate::Never, Fate::Fails,
        flow(u"  - {id: l, loop: {max: 5, until: '${{ false }}', steps: [{id: w, prompt: W}]}}\n"_s % after));
    row("do-while, its task fails", Fate::Fails, Fate::Fails,
        flow(u"  - {id: l, loop: {max: 5, until: '${{ true }}', steps: [{id: w, prompt: W}]}}\n"_s % after),
        {.fail = {u"w"_s}, .late = {}});
    row("do-while, its optional task fails", Fate::Runs, Fate::Runs,
        flow(
            u"  - {id: l, loop: {max: 5, until: '${{ true }}', steps: [{id: w, prompt: W, on_error: continue}]}}\n"_s %
            after),
        {.fail = {u"w"_s}, .late = {}});
    row("do-while, its condition throws", Fate::Fails, Fate::Fails,
        flow(
            u"  - {id: l, loop: {max: 5, until: '${{ loop.index.none.at }}', steps: [{id: w, prompt: W}]}}\n"_s %
            after));
    row("do-while over a list", Fate::Runs, Fate::Runs,
        flow(u"  - {id: l, prompt: W, foreach: [1, 2, 3], batch: one}\n"_s % after)
            .replace(u"steps:\n"_s, u"batches: {one: {max_concurrent: 1}}\nsteps:\n"_s));
}

} // namespace

void TestFlowComparison::asThere_data()
{
    QTest::addColumn<Fate>("there");
    QTest::addColumn<Fate>("here");
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QStringList>("fail");
    QTest::addColumn<QStringList>("late");
    airflowRules();
    airflowGraphs();
    conductorSwitch();
    conductorForks();
    conductorLoops();
}

void TestFlowComparison::asThere()
{
    QFETCH(Fate, there);
    QFETCH(Fate, here);
    QFETCH(QString, yaml);
    QFETCH(QStringList, fail);
    QFETCH(QStringList, late);
    const Play play(yaml, {.fail = fail, .late = late});
    QVERIFY(play.isOver());
    QVERIFY(play.verdict() != RunStatus::Stuck);
    QCOMPARE(play.fateOf(u"t"_s), here);
    const QByteArray name = QTest::currentDataTag();
    QCOMPARE(told().value(QString::fromUtf8(name)), QStringList({wordFor(there), wordFor(here)}));
    if (name.startsWith("do-while, false"))
        QCOMPARE(play.rounds(u"l"_s), 1);
    else if (name.startsWith("do-while, until the third"))
        QCOMPARE(play.rounds(u"l"_s), 3);
    else if (name.startsWith("do-while, for ever"))
        QCOMPARE(play.rounds(u"l"_s), 5);
}

// The rows of the page's tables: what becomes of the step there, and here.
QHash<QString, QStringList> TestFlowComparison::told()
{
    QFile page(QStringLiteral(MUSTER_SOURCE_DIR "/docs/flows-compared.md"));
    if (!page.open(QIODevice::ReadOnly))
        return {};
    QHash<QString, QStringList> rows;
    for (const QString &line : QString::fromUtf8(page.readAll()).split(u'\n')) {
        const QStringList cells = line.split(u" | "_s);
        if (line.startsWith(u"| ") && cells.size() == 4 && cells.at(1) != u"there" &&
            !cells.at(1).startsWith(u"---"))
            rows.insert(cells.front().sliced(2), cells.sliced(1, 2));
    }
    return rows;
}

void TestFlowComparison::nothingElseIsTold() { QCOMPARE(told().size(), rowCount); }

QTEST_GUILESS_MAIN(TestFlowComparison)
#include "tst_flow_comparison.moc"
