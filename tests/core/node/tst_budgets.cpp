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
    void aPriceThatNobodyKnows_data();
    void aPriceThatNobodyKnows();
    void nearOfABudgetIsToldInTheInbox();
    void aProjectSaysItsCap();

private:
    static void putFlow(const AgentBed &bed, const QByteArray &top, const QByteArray &steps)
    {
        bed.put(u"flows/own.flow.yaml"_s, "muster: 1\nname: own\n" + top + "steps:\n" + steps);
    }
};

void TestBudgets::theRunsBudgetEndsAllItsAgents()
{
    AgentBed bed(u"demo"_s, "x");
    // However few processors there are, all three spend before one is ended.
    QVERIFY(bed.node.submit(api::SetSetting{.key = u"pools.flow"_s, .value = 3}));
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

// A cap that a person set cannot be held without a price, so nothing is asked; one that only comes with
// Muster gives way to that of tokens.
void TestBudgets::aPriceThatNobodyKnows_data()
{
    QTest::addColumn<QByteArray>("top");
    QTest::addColumn<QByteArray>("step");
    QTest::addColumn<QByteArray>("project");
    QTest::addColumn<double>("setting");
    QTest::addColumn<bool>("refused");
    const QByteArray none;
    const QByteArray says = "muster: 1\nbudget.max_cost_per_task: 3\n";
    QTest::newRow("nobody set one") << none << none << none << 0.0 << false;
    QTest::newRow("of the run") << QByteArray("budget_usd: 1\n") << none << none << 0.0 << true;
    QTest::newRow("of each step") << QByteArray("defaults: {budget_usd: 1}\n") << none << none << 0.0 << true;
    QTest::newRow("of the step") << none << QByteArray(", budget_usd: 1") << none << 0.0 << true;
    QTest::newRow("of the project") << none << none << says << 0.0 << true;
    QTest::newRow("of the settings") << none << none << none << 3.0 << true;
}

void TestBudgets::aPriceThatNobodyKnows()
{
    QFETCH(QByteArray, top);
    QFETCH(QByteArray, step);
    QFETCH(QByteArray, project);
    QFETCH(double, setting);
    QFETCH(bool, refused);
    AgentBed bed(u"counter"_s, "x");
    AgentBed::write(bed.node.paths().configDir + u"/runtimes/counter.json"_s,
                    R"({"id": "counter", "label": "Counter", "protocol": "stream_json",
                        "argv": [")" MUSTER_SOURCE_DIR R"(/tests/fixtures/agents/counter.sh"],
                        "stream_json": {"flags": [], "agent_name": "Counter", "mode": "default", "reports_cost": false},
                        "default_model": "secret", "models": [{"id": "secret", "label": "Secret"}]})");
    bed.node.reopen(); // the catalog is read at the start
    putFlow(bed, top, "  - {id: a, prompt: count" + step + "}\n");
    if (!project.isEmpty())
        bed.put(u".muster/settings.yaml"_s, project);
    QVERIFY(bed.node.submit(SetSetting{.key = u"budget.max_cost_per_task"_s, .value = setting}));
    QVERIFY(bed.node.submit(TrustProject{.path = bed.path({})}));
    const auto told =
        bed.node.query(Preflight{.project = bed.path({}), .flow = u"own"_s, .runtime = u"counter"_s});
    const auto problems = told ? told->runtimes : std::vector<RuntimeForecast>();
    QCOMPARE(std::ranges::count(problems, u"price_unknown"_s, &RuntimeForecast::problem), refused ? 1 : 0);
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, refused ? RunStatus::Failed : RunStatus::Completed);
    if (refused) {
        QCOMPARE(run->run.reason, FailureReason::LaunchFailed);
        QCOMPARE(run->run.detail, u"price_unknown: counter secret"_s);
        QVERIFY(bed.events(u"session.started"_s).empty());
    }
    QVERIFY(bed.isEmptyOfProcesses());
}

// Once, whatever it comes near to afterwards; and what has ended is no news any more.
void TestBudgets::nearOfABudgetIsToldInTheInbox()
{
    AgentBed bed(u"demo"_s, "x");
    putFlow(bed, {}, "  - {id: a, prompt: '@@cost:900000 @@stall:600 say hello', budget_usd: 1}\n");
    const RunId run = bed.start();
    const InboxInfo warning = bed.node.openItem(run);
    QCOMPARE(warning.kind, InboxKind::Warning);
    QVERIFY(warning.refs.task.isValid());
    QCOMPARE(warning.purpose, u"budget_near\ncost_limit 900000 1000000"_s);
    QCOMPARE(warning.who, u"own #1 · a"_s);
    QVERIFY(bed.node.submit(CancelRun{.run = run}));
    QVERIFY(bed.node.ended(run));
    QVERIFY(waitFor([&] { return bed.node.query(ListInbox{})->empty(); }));
    const auto all = bed.node.query(ListInbox{.openOnly = false});
    QCOMPARE(all->size(), size_t{1});
}

// Before the settings, after what the step says; and what its file gets wrong is named and left out.
void TestBudgets::aProjectSaysItsCap()
{
    AgentBed bed(u"demo"_s, "x");
    QVERIFY(bed.node.submit(SetSetting{.key = u"budget.max_cost_per_task"_s, .value = 3}));
    bed.put(u".muster/settings.yaml"_s,
            "muster: 1\nbudget.max_cost_per_task: 0.5\nagent.max_turns: none\nbudget.max_costs: 1\n");
    putFlow(bed, {},
            "  - {id: a, prompt: '@@cost:600000 say hello', budget_usd: 1}\n"
            "  - {id: b, needs: [a], prompt: '@@cost:500000 @@stall:600 say hello'}\n");
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->steps.at(0).status, StepStatus::Completed);
    QCOMPARE(run->steps.at(1).reason, FailureReason::BudgetExceeded);
    QCOMPARE(run->steps.at(1).detail, u"cost_limit 500000 500000"_s);
    const auto cap = [&](const QString &project) {
        const auto all =
            bed.node.query(ListSettings{.project = project}).value_or(std::vector<SettingInfo>());
        const auto found = std::ranges::find(all, u"budget.max_cost_per_task"_s, &SettingInfo::key);
        return found == all.end() ? SettingInfo{} : *found;
    };
    QCOMPARE(cap({}).value.toDouble(), 3.0);
    QCOMPARE(cap({}).origin, u"user"_s);
    QCOMPARE(cap(bed.path({})).value.toDouble(), 3.0); // trusted for that run alone
    QVERIFY(bed.node.submit(TrustProject{.path = bed.path({})}));
    QCOMPARE(cap(bed.path({})).value.toDouble(), 0.5);
    QCOMPARE(cap(bed.path({})).origin, u"project"_s);
    const auto checks = bed.node.query(RunDoctor{.project = bed.path({})});
    const auto check = std::ranges::find(*checks, u"project settings"_s, &CheckItem::name);
    QVERIFY(check != checks->end());
    QVERIFY2(check->detail.startsWith(u".muster/settings.yaml:3:18 wrong_type text number"_s),
             qPrintable(check->detail));
}

QTEST_GUILESS_MAIN(TestBudgets)
#include "tst_budgets.moc"
