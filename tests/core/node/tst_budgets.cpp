// Budgets of runs and limits of steps, with agents that say what they cost while they work: what is crossed
// ends the work, what is nearly spent is told, and a node that starts anew has not forgotten.
#include "tests/core/node/agent_bed.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;

class TestBudgets : public QObject {
    Q_OBJECT
private slots:
    void theRunsBudgetEndsAllItsAgents();
    void itCountsWhatItsFlowStepsCost();
    void itCountsWhatTheirRetriesCost();
    void anAttemptsBudget();
    void turns();
    void whatWasSpentOutlivesTheNode();
    void aPriceThatNobodyKnows();

private:
    static void putFlow(const AgentBed &bed, const QByteArray &top, const QByteArray &steps)
    {
        bed.put(u"flows/own.flow.yaml"_s, "muster: 1\nname: own\n" + top + "steps:\n" + steps);
    }
};

void TestBudgets::theRunsBudgetEndsAllItsAgents()
{
    AgentBed bed(u"demo"_s, "x");
    putFlow(bed, "budget_usd: 1\n",
            "  - {id: cheap, prompt: '@@cost:100000 say hello'}\n"
            "  - {id: dear, needs: [cheap], prompt: '@@cost:350000 @@stall:600 say hello ${{ item }}', "
            "foreach: [1, 2, 3]}\n"
            "  - {id: next, needs: [dear], prompt: say hello}\n"
            "finally:\n  - {id: last, run: echo done, isolation: none}\n");
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Failed);
    QCOMPARE(run->run.reason, FailureReason::BudgetExceeded);
    QVERIFY2(run->run.detail.startsWith(u"cost_limit 1"_s) && run->run.detail.endsWith(u" 1000000"_s),
             qPrintable(run->run.detail));
    QCOMPARE(bed.events(u"run.near_budget"_s).size(), size_t{1});
    QCOMPARE(bed.events(u"run.budget_crossed"_s).size(), size_t{1});
    QHash<QString, StepStatus> statuses;
    for (const StepInfo &step : run->steps)
        statuses.insert(step.stepId + QString::number(step.index), step.status);
    QCOMPARE(statuses.value(u"cheap-1"_s), StepStatus::Completed);
    for (const QString &item : {u"dear0"_s, u"dear1"_s, u"dear2"_s})
        QCOMPARE(statuses.value(item), StepStatus::Failed);
    QCOMPARE(statuses.value(u"next-1"_s), StepStatus::Cancelled);
    QCOMPARE(statuses.value(u"last-1"_s), StepStatus::Completed);
    QVERIFY(bed.isEmptyOfProcesses());
}

// Over two generations, while the agent of the last is at work. Commands go on and last steps run there too.
void TestBudgets::itCountsWhatItsFlowStepsCost()
{
    AgentBed bed(u"demo"_s, "x");
    bed.put(u"flows/inner.flow.yaml"_s,
            "muster: 1\nname: inner\nsteps:\n"
            "  - {id: cheap, prompt: '@@cost:600000 say hello'}\n"
            "  - {id: dear, needs: [cheap], prompt: '@@cost:600000 @@stall:600 say hello'}\n"
            "finally:\n  - {id: last, run: echo done, isolation: none}\n");
    bed.put(u"flows/part.flow.yaml"_s, "muster: 1\nname: part\nsteps:\n  - {id: y, flow: inner}\n");
    putFlow(bed, "budget_usd: 1\n",
            "  - {id: x, flow: part}\n  - {id: next, needs: [x], prompt: say hello}\n");
    const auto run = bed.run();
    QVERIFY(run);
    const QString spent = u"cost_limit 1200000 1000000"_s;
    QCOMPARE(run->run.status, RunStatus::Failed);
    QCOMPARE(run->run.reason, FailureReason::BudgetExceeded);
    QCOMPARE(run->run.detail, spent);
    QCOMPARE(bed.events(u"run.budget_crossed"_s).size(), size_t{1});
    QCOMPARE(run->steps.front().status, StepStatus::Failed);
    QCOMPARE(run->steps.front().reason, FailureReason::BudgetExceeded);
    QCOMPARE(run->steps.front().costMicroUsd, 1'200'000);
    const auto part = bed.node.query(GetRun{.run = run->steps.front().child});
    QVERIFY(part);
    const auto inner = bed.node.query(GetRun{.run = part->steps.front().child});
    QVERIFY(inner);
    for (const RunDetail &child : {*part, *inner}) {
        QCOMPARE(child.run.status, RunStatus::Failed);
        QCOMPARE(child.run.reason, FailureReason::BudgetExceeded);
        QCOMPARE(child.run.detail, spent);
    }
    QCOMPARE(inner->steps.at(0).status, StepStatus::Completed);
    QCOMPARE(inner->steps.at(1).reason, FailureReason::BudgetExceeded);
    QCOMPARE(inner->steps.at(2).status, StepStatus::Completed);
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestBudgets::itCountsWhatTheirRetriesCost()
{
    AgentBed bed(u"demo"_s, "x");
    bed.put(u"flows/part.flow.yaml"_s, "muster: 1\nname: part\nsteps:\n"
                                       "  - {id: a, prompt: '@@cost:600000 @@once:tried:crash say hello', "
                                       "retries: {max: 1, on: [crashed], backoff: 1ms}}\n");
    putFlow(bed, {}, "  - {id: x, flow: part}\n");
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Completed);
    QCOMPARE(run->steps.front().costMicroUsd, 1'200'000);
}

void TestBudgets::anAttemptsBudget()
{
    AgentBed bed(u"demo"_s, "x");
    putFlow(bed, "defaults: {budget_usd: 3}\n",
            "  - {id: a, prompt: '@@cost:500000 @@stall:600 say hello', budget_usd: 0.5}\n");
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->steps.front().reason, FailureReason::BudgetExceeded);
    QCOMPARE(run->steps.front().detail, u"cost_limit 500000 500000"_s);
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestBudgets::turns()
{
    AgentBed bed(u"demo"_s, "x");
    putFlow(bed, {}, "  - {id: a, prompt: '@@loop:50 say hello', max_turns: 5}\n");
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->steps.front().reason, FailureReason::TurnLimitExceeded);
    QVERIFY2(run->steps.front().detail.startsWith(u"turns_limit 6 5"_s),
             qPrintable(run->steps.front().detail));
    QCOMPARE(bed.events(u"session.near_limit"_s).size(), size_t{1});
}

// The agent that was at work when the node ended goes on in another process, which knows nothing of what the
// first has spent.
void TestBudgets::whatWasSpentOutlivesTheNode()
{
    QTemporaryDir project;
    AgentBed::write(project.filePath(u"flows/own.flow.yaml"_s),
                    "muster: 1\nname: own\nbudget_usd: 1\nsteps:\n"
                    "  - {id: a, prompt: '@@cost:900000 @@once:begun:stall say hello'}\n"
                    "  - {id: b, needs: [a], prompt: '@@cost:200000 @@stall say hello'}\n");
    NodeHarness node(true);
    const auto started = node.submit(StartRun{.project = project.path(), .flow = u"own"_s, .trust = true});
    QVERIFY2(started, started ? "" : qPrintable(started.error().detail));
    const RunId run = started->refs.run;
    const auto told = [&] {
        const auto events = node.query(ListEvents{.filter = {.run = run, .kinds = {u"run.near_budget"_s}}});
        return events ? events->size() : 0;
    };
    QVERIFY(waitFor([&] { return told() == 1; }));
    node.killServer();
    node.startServer();
    const auto ended = node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->steps.at(0).status, StepStatus::Completed);
    QCOMPARE(ended->steps.at(0).attempt, 1);
    QCOMPARE(ended->steps.at(0).costMicroUsd, 900'000);
    QCOMPARE(ended->run.reason, FailureReason::BudgetExceeded);
    QCOMPARE(ended->run.detail, u"cost_limit 1100000 1000000"_s);
    QCOMPARE(told(), size_t{1});
}

void TestBudgets::aPriceThatNobodyKnows()
{
    AgentBed bed(u"counter"_s, "x");
    AgentBed::write(bed.node.paths().configDir + u"/runtimes/counter.json"_s,
                    R"({"id": "counter", "label": "Counter", "protocol": "stream_json",
                        "argv": [")" MUSTER_SOURCE_DIR R"(/tests/fixtures/agents/counter.sh"],
                        "stream_json": {"flags": [], "agent_name": "Counter", "mode": "default", "reports_cost": false},
                        "default_model": "secret", "models": [{"id": "secret", "label": "Secret"}]})");
    bed.node.reopen(); // the catalog is read at the start
    putFlow(bed, "budget_usd: 0.01\n",
            "  - {id: a, prompt: count}\n  - {id: b, needs: [a], prompt: count}\n");
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Completed);
    const auto warnings = bed.events(u"session.warning"_s);
    QCOMPARE(warnings.size(), size_t{2}); // once for each attempt
    QCOMPARE(warnings.front().data[u"code"_s].toString(), u"unknown_price"_s);
}

QTEST_GUILESS_MAIN(TestBudgets)
#include "tst_budgets.moc"
