// Runs are numbered within their project; only the holder of a run's lease writes it or its steps.
#include "core/store/intent_repository.h"
#include "core/store/project_repository.h"
#include "core/store/run_repository.h"
#include "tests/support/temp_store.h"

using namespace muster;
using namespace Qt::StringLiterals;

class TestRunRepository : public QObject {
    Q_OBJECT
private slots:
    void init();
    void definitionIsKeptOnce();
    void numbersWithinTheProject();
    void onlyOneIsActive();
    void originIsNeeded();
    void leaseIsClaimed_data();
    void leaseIsClaimed();
    void deadOwnersLeaseIsVoid();
    void statusSetsTimes();
    void staleHolderChangesNothing();
    void runThatIsGoneIsAnError();
    void stepsAreWrittenOver();
    void stepKeepsEverything();
    void attemptsAreKept();
    void intentsAreRecordedOnce();
    void lists();

private:
    Result<RunRow> create(const QString &flow = u"survey"_s, bool parallel = false)
    {
        RunRow run;
        run.project = m_project;
        run.definition = m_definition;
        run.flow = flow;
        run.inputs = {{u"focus"_s, u"x"_s}};
        run.createdBy = u"person"_s;
        run.createdMs = 5;
        return m_runs->create(run, parallel);
    }
    std::unique_ptr<TempStore> m_temp;
    std::unique_ptr<Connection> m_db;
    std::unique_ptr<RunRepository> m_runs;
    ProjectId m_project;
    FlowDefinitionId m_definition;
};

void TestRunRepository::init()
{
    m_db.reset();
    m_temp = std::make_unique<TempStore>();
    m_db = m_temp->connection();
    QVERIFY(m_db);
    m_runs = std::make_unique<RunRepository>(*m_db);
    m_project = ProjectRepository(*m_db).open(u"/p"_s, u"p"_s, 1).value().id;
    m_definition =
        m_runs->saveDefinition({.hash = u"h"_s, .name = u"survey"_s, .origin = u"builtin"_s}).value();
}

void TestRunRepository::definitionIsKeptOnce()
{
    const FlowDefinitionRow row{
        .hash = u"abc"_s, .name = u"n"_s, .origin = u"project"_s, .path = u"/f"_s, .text = u"muster: 1\n"_s};
    const auto first = m_runs->saveDefinition(row);
    const auto second = m_runs->saveDefinition(row);
    VERIFY_RESULT(first);
    VERIFY_RESULT(second);
    QCOMPARE(*first, *second);
    QVERIFY(*first != m_definition);
    QCOMPARE(m_runs->definition(*first).value().text, row.text);
}

void TestRunRepository::numbersWithinTheProject()
{
    const ProjectId other = ProjectRepository(*m_db).open(u"/q"_s, u"q"_s, 1).value().id;
    QCOMPARE(create(u"a"_s, true).value().number, 1);
    QCOMPARE(create(u"b"_s, true).value().number, 2);
    m_project = other;
    QCOMPARE(create().value().number, 1);
}

void TestRunRepository::onlyOneIsActive()
{
    const RunRow first = create().value();
    const auto second = create();
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::Conflict);
    QVERIFY(create(u"hello"_s));        // another flow
    QVERIFY(create(u"survey"_s, true)); // it says that several may run
    const auto lease = m_runs->claim(first.id, u"me"_s, 10, 100).value();
    QVERIFY(m_runs->setStatus(first.id, lease->epoch, {.status = RunStatus::Completed, .nowMs = 20}));
    QVERIFY(!create()); // the parallel one still runs
}

void TestRunRepository::originIsNeeded()
{
    RunRow run;
    run.project = m_project;
    run.definition = m_definition;
    const auto created = m_runs->create(run, true);
    QVERIFY(!created);
    QCOMPARE(created.error().code, ErrorCode::InvalidArgument);
}

void TestRunRepository::leaseIsClaimed_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<qint64>("nowMs");
    QTest::addColumn<qint64>("epoch"); // 0: refused
    QTest::newRow("held by another") << u"you"_s << 1099LL << 0LL;
    QTest::newRow("expired") << u"you"_s << 1100LL << 2LL;
    QTest::newRow("one's own") << u"me"_s << 1050LL << 2LL;
}

void TestRunRepository::leaseIsClaimed()
{
    QFETCH(QString, owner);
    QFETCH(qint64, nowMs);
    QFETCH(qint64, epoch);
    const RunId id = create().value().id;
    QCOMPARE(m_runs->claim(id, u"me"_s, 1000, 100).value().value().epoch, 1);
    const auto lease = m_runs->claim(id, owner, nowMs, 100).value();
    QCOMPARE(lease ? lease->epoch : 0, epoch);
}

void TestRunRepository::deadOwnersLeaseIsVoid()
{
    const RunId id = create().value().id;
    QVERIFY(m_runs->claim(id, u"dead"_s, 1000, 60'000).value());
    QVERIFY(!m_runs->claim(id, u"me"_s, 1001, 60'000).value());
    QCOMPARE(m_runs->releaseLeasesOf(u"dead"_s).value(), 1);
    QVERIFY(m_runs->claim(id, u"me"_s, 1002, 60'000).value());
}

void TestRunRepository::statusSetsTimes()
{
    const RunId id = create().value().id;
    const qint64 epoch = m_runs->claim(id, u"me"_s, 1000, 100).value()->epoch;
    QVERIFY(m_runs->setStatus(id, epoch, {.status = RunStatus::Running, .nowMs = 10}));
    QVERIFY(m_runs->setStatus(id, epoch, {.status = RunStatus::Waiting, .nowMs = 20}));
    QVERIFY(m_runs->setStatus(id, epoch, {.status = RunStatus::Running, .nowMs = 30}));
    RunRow run = m_runs->find(id).value();
    QCOMPARE(run.startedMs, std::optional<qint64>(10));
    QVERIFY(!run.endedMs);
    QCOMPARE(run.inputs.value(u"focus").toString(), u"x"_s);
    QVERIFY(m_runs->requestCancel(id, 35));
    QVERIFY(m_runs->setStatus(
        id, epoch, {.status = RunStatus::Cancelled, .reason = FailureReason::Aborted, .nowMs = 40}));
    run = m_runs->find(id).value();
    QCOMPARE(run.endedMs, std::optional<qint64>(40));
    QCOMPARE(run.cancelRequestedMs, std::optional<qint64>(35));
    QCOMPARE(run.reason, std::optional(FailureReason::Aborted));
    QCOMPARE(run.lease.expiresAtMs, 0);
    QCOMPARE(m_runs->setStatus(id, epoch, {.status = RunStatus::Running}).error().code, ErrorCode::Conflict);
    QCOMPARE(m_runs->requestCancel(id, 50).error().code, ErrorCode::Conflict);
}

void TestRunRepository::staleHolderChangesNothing()
{
    const RunId id = create().value().id;
    QVERIFY(m_runs->claim(id, u"old"_s, 1000, 100).value());
    QVERIFY(m_runs->claim(id, u"new"_s, 2000, 100).value());
    QCOMPARE(m_runs->setStatus(id, 1, {.status = RunStatus::Failed}).error().code, ErrorCode::Conflict);
    QCOMPARE(m_runs->renew(id, 1, 9000).error().code, ErrorCode::Conflict);
    QCOMPARE(m_runs->saveStep({.run = id, .stepId = u"a"_s}, 1).error().code, ErrorCode::Conflict);
    QCOMPARE(m_runs->steps(id).value().size(), 0U);
    QCOMPARE(m_runs->find(id).value().status, RunStatus::Queued);
    QVERIFY(m_runs->renew(id, 2, 9000));
    const auto saved = m_runs->saveStep({.run = id, .stepId = u"a"_s}, 2);
    VERIFY_RESULT(saved);
    const StepRunRow known{.id = *saved, .run = id, .stepId = u"a"_s, .status = StepStatus::Running};
    QCOMPARE(m_runs->saveStep(known, 1).error().code, ErrorCode::Conflict);
    QCOMPARE(m_runs->step(*saved).value().status, StepStatus::Pending);
    QCOMPARE(m_runs->saveStep(known, 2).value(), *saved);
    QCOMPARE(m_runs->step(*saved).value().status, StepStatus::Running);
    QCOMPARE(m_runs->renewAll(u"old"_s, 1).value(), 0);
    QCOMPARE(m_runs->renewAll(u"new"_s, 9500).value(), 1);
}

void TestRunRepository::runThatIsGoneIsAnError()
{
    QCOMPARE(m_runs->setStatus({99}, 1, {.status = RunStatus::Running}).error().code, ErrorCode::NotFound);
    QCOMPARE(m_runs->saveStep({.run = {99}, .stepId = u"a"_s}, 1).error().code, ErrorCode::NotFound);
    QCOMPARE(m_runs->find({99}).error().code, ErrorCode::NotFound);
}

void TestRunRepository::stepsAreWrittenOver()
{
    const RunId id = create().value().id;
    QVERIFY(m_runs->claim(id, u"me"_s, 1000, 100).value());
    const auto first = m_runs->saveStep({.run = id, .stepId = u"read"_s, .itemIndex = 1}, 1);
    const auto again =
        m_runs->saveStep({.run = id, .stepId = u"read"_s, .itemIndex = 1, .status = StepStatus::Running}, 1);
    const auto other = m_runs->saveStep({.run = id, .stepId = u"read"_s, .itemIndex = 2}, 1);
    VERIFY_RESULT(first);
    VERIFY_RESULT(again);
    VERIFY_RESULT(other);
    QCOMPARE(*first, *again);
    QVERIFY(*first != *other);
    QCOMPARE(m_runs->steps(id).value().size(), 2U);
    QCOMPARE(m_runs->step(*first).value().status, StepStatus::Running);
}

void TestRunRepository::stepKeepsEverything()
{
    const RunId id = create().value().id;
    QVERIFY(m_runs->claim(id, u"me"_s, 1000, 100).value());
    const StepRunRow step{.run = id,
                          .stepId = u"check"_s,
                          .status = StepStatus::Failed,
                          .attempt = 3,
                          .reason = FailureReason::GateFailed,
                          .detail = u"exit 2"_s,
                          .label = u"tested"_s,
                          .outputText = u"out"_s,
                          .outputJson = u"[1]"_s,
                          .exitCode = 2,
                          .readyMs = 1,
                          .startedMs = 2,
                          .endedMs = 3,
                          .dueMs = 4,
                          .usage = {.tokensIn = 5, .tokensOut = 6, .tokensCached = 7, .costMicroUsd = 8}};
    const auto saved = m_runs->saveStep(step, 1);
    VERIFY_RESULT(saved);
    const StepRunRow row = m_runs->step(*saved).value();
    QCOMPARE(row.itemIndex, -1);
    QCOMPARE(row.status, step.status);
    QCOMPARE(row.attempt, 3);
    QCOMPARE(row.reason, step.reason);
    QCOMPARE(row.detail, step.detail);
    QCOMPARE(row.label, step.label);
    QCOMPARE(row.outputText, step.outputText);
    QCOMPARE(row.outputJson, step.outputJson);
    QCOMPARE(row.exitCode, step.exitCode);
    QCOMPARE(row.readyMs, step.readyMs);
    QCOMPARE(row.startedMs, step.startedMs);
    QCOMPARE(row.endedMs, step.endedMs);
    QCOMPARE(row.dueMs, step.dueMs);
    QCOMPARE(row.usage, step.usage);
    QVERIFY(!row.task.isValid());
}

void TestRunRepository::attemptsAreKept()
{
    const RunId id = create().value().id;
    QVERIFY(m_runs->claim(id, u"me"_s, 1000, 100).value());
    const StepRunId step = m_runs->saveStep({.run = id, .stepId = u"a"_s}, 1).value();
    QVERIFY(m_runs->saveAttempt({.step = step, .attempt = 1, .startedMs = 5}));
    QVERIFY(m_runs->saveAttempt({.step = step,
                                 .attempt = 1,
                                 .outcome = AttemptOutcome::Lost,
                                 .reason = FailureReason::Crashed,
                                 .startedMs = 6, // the end knows no other
                                 .endedMs = 6}));
    QVERIFY(m_runs->saveAttempt({.step = step, .attempt = 2, .startedMs = 7}));
    const auto attempts = m_runs->attempts(step).value();
    QCOMPARE(attempts.size(), 2U);
    QCOMPARE(attempts.at(0).outcome, std::optional(AttemptOutcome::Lost));
    QCOMPARE(attempts.at(0).reason, std::optional(FailureReason::Crashed));
    QCOMPARE(attempts.at(0).startedMs, 5);
    QCOMPARE(attempts.at(0).endedMs, std::optional<qint64>(6));
    QVERIFY(!attempts.at(1).outcome);
}

void TestRunRepository::intentsAreRecordedOnce()
{
    IntentRepository intents(*m_db);
    const RunId id = create().value().id;
    const IntentRow intent{
        .key = u"1/a#1"_s, .run = id, .kind = u"start"_s, .data = {{u"x"_s, 1}}, .recordedMs = 5};
    QCOMPARE(intents.record(intent).value(), true);
    QCOMPARE(intents.record({.key = u"1/a#1"_s, .run = id, .kind = u"other"_s}).value(), false);
    QCOMPARE(intents.open().value().size(), 1U);
    QVERIFY(intents.complete(u"1/a#1"_s, {{u"exit"_s, 0}}, 9));
    QCOMPARE(intents.complete(u"1/a#1"_s, {{u"exit"_s, 1}}, 10).error().code, ErrorCode::Conflict);
    QCOMPARE(intents.complete(u"1/b#1"_s, {}, 10).error().code, ErrorCode::NotFound);
    const auto found = intents.find(u"1/a#1"_s).value();
    QVERIFY(found && found->done);
    QCOMPARE(found->kind, u"start"_s);
    QCOMPARE(found->data.value(u"x").toInt(), 1);
    QCOMPARE(found->result.value(u"exit").toInt(-1), 0);
    QCOMPARE(found->doneMs, std::optional<qint64>(9));
    QCOMPARE(intents.open().value().size(), 0U);
    QCOMPARE(intents.ofRun(id).value().size(), 1U);
    QVERIFY(!intents.find(u"none"_s).value());
}

void TestRunRepository::lists()
{
    const RunId first = create(u"a"_s).value().id;
    const RunId second = create(u"b"_s).value().id;
    const RunId third = create(u"a"_s, true).value().id;
    QVERIFY(m_runs->claim(first, u"me"_s, 1, 100).value());
    QVERIFY(m_runs->setStatus(first, 1, {.status = RunStatus::Completed, .nowMs = 2}));
    const auto ids = [&](const RunFilter &filter) {
        std::vector<RunId> found;
        const auto rows = m_runs->list(filter);
        for (const RunRow &run : rows.value())
            found.push_back(run.id);
        return found;
    };
    QCOMPARE(ids({}), (std::vector{third, second, first}));
    QCOMPARE(ids({.flow = u"a"_s}), (std::vector{third, first}));
    QCOMPARE(ids({.activeOnly = true}), (std::vector{third, second}));
    QCOMPARE(ids({.limit = 1, .before = third}), (std::vector{second}));
    QCOMPARE(ids({.project = {77}}), (std::vector<RunId>{}));
}

QTEST_GUILESS_MAIN(TestRunRepository)
#include "tst_run_repository.moc"
