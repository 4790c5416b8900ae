// Tasks are made once, keep all that they were given, and only the holder of the lease can change them.
#include "core/store/task_repository.h"
#include "tests/support/temp_store.h"

using namespace muster;
using namespace Qt::StringLiterals;

class TestTaskRepository : public QObject {
    Q_OBJECT
private slots:
    void init();
    void keepsEverything();
    void sameKeyMakesOneTask();
    void refuses_data();
    void refuses();
    void lists_data();
    void lists();
    void staleHolderChangesNothing_data();
    void staleHolderChangesNothing();
    void holderChanges();
    void finishNeedsAReason_data();
    void finishNeedsAReason();
    void leasesExpireAndAreTakenOver();
    void renewsOneLease();
    void waitingAgainChangesNothing();
    void takenOverWhileItWaited();
    void waitingGivesTheSlotBackOrNot();
    void givenBackWithoutASlot();
    void timeStandsStill();
    void requeueWaitsUntil();
    void cancelsOnlyWhatIsQueued();

private:
    TaskId add(const TaskRow &task)
    {
        const auto inserted = m_tasks->insert(task, {}, {u"flow"_s});
        return inserted ? inserted->id : TaskId{};
    }
    TaskId addClaimed()
    {
        const TaskId id = add(m_row);
        (void)m_tasks->claim(id, {.owner = u"me"_s, .nowMs = 1000});
        return id;
    }
    std::unique_ptr<TempStore> m_temp;
    std::unique_ptr<Connection> m_db;
    std::unique_ptr<TaskRepository> m_tasks;
    TaskRow m_row;
};

void TestTaskRepository::init()
{
    m_db.reset();
    m_temp = std::make_unique<TempStore>();
    m_db = m_temp->connection();
    QVERIFY(m_db);
    QVERIFY(PoolRepository(*m_db).setCap(u"flow"_s, 100));
    m_tasks = std::make_unique<TaskRepository>(*m_db);
    m_row = {};
    m_row.createdBy = u"person"_s;
}

void TestTaskRepository::keepsEverything()
{
    TaskRow row = m_row;
    row.key = u"1/read[2]#1"_s;
    row.source = TaskSource::Flow;
    row.sourceRef = u"9"_s;
    row.kind = TaskKind::Shell;
    row.priority = -2;
    row.createdMs = 11;
    row.queuedMs = 12;
    row.notBeforeMs = 13;
    row.deadlineMs = 14;
    const TaskSpec spec{.prompt = u"do \"it\"\n"_s,
                        .runtimeAsked = u"demo"_s,
                        .modelAsked = u"m"_s,
                        .profile = u"explorer"_s,
                        .maxTurns = 7,
                        .budgetMicroUsd = 5'000'000,
                        .manifest = {{u"files"_s, QJsonArray{u"a"_s}}},
                        .data = {{u"command"_s, QJsonArray{u"ls"_s}}}};
    const auto inserted = m_tasks->insert(row, spec, {u"flow"_s, u"manual"_s});
    VERIFY_RESULT(inserted);
    QVERIFY(inserted->created);
    const auto found = m_tasks->find(inserted->id);
    VERIFY_RESULT(found);
    QCOMPARE(found->key, row.key);
    QCOMPARE(found->source, TaskSource::Flow);
    QCOMPARE(found->sourceRef, u"9"_s);
    QCOMPARE(found->kind, TaskKind::Shell);
    QCOMPARE(found->pool, u"flow"_s);
    QCOMPARE(found->priority, -2);
    QCOMPARE(found->createdMs, 11);
    QCOMPARE(found->queuedMs, 12);
    QCOMPARE(found->notBeforeMs, 13);
    QCOMPARE(found->deadlineMs, std::optional<qint64>(14));
    QCOMPARE(found->status, TaskStatus::Queued);
    QVERIFY(!found->usage.costMicroUsd);
    QVERIFY(m_tasks->setResolved(inserted->id, u"claude"_s, u"big"_s, u"the first was limited"_s));
    const auto kept = m_tasks->spec(inserted->id);
    VERIFY_RESULT(kept);
    QCOMPARE(kept->prompt, spec.prompt);
    QCOMPARE(kept->profile, spec.profile);
    QCOMPARE(kept->maxTurns, spec.maxTurns);
    QCOMPARE(kept->budgetMicroUsd, spec.budgetMicroUsd);
    QVERIFY(!kept->budgetTokens);
    QCOMPARE(kept->manifest, spec.manifest);
    QCOMPARE(kept->data, spec.data);
    QCOMPARE(kept->runtime, u"claude"_s);
    QCOMPARE(m_db->value<qint64>(u"SELECT count(*) FROM task_pools"_s).value().value(),
             3); // `manual` shares one
}

void TestTaskRepository::sameKeyMakesOneTask()
{
    m_row.key = u"1/a#1"_s;
    const auto first = m_tasks->insert(m_row, {}, {u"flow"_s});
    const auto second = m_tasks->insert(m_row, {}, {u"flow"_s});
    VERIFY_RESULT(first);
    VERIFY_RESULT(second);
    QVERIFY(first->created);
    QVERIFY(!second->created);
    QCOMPARE(first->id, second->id);
    QVERIFY(add({.createdBy = u"person"_s}).isValid()); // without a key as many as one likes
    QVERIFY(add({.createdBy = u"person"_s}).isValid());
}

void TestTaskRepository::refuses_data()
{
    QTest::addColumn<QString>("createdBy");
    QTest::addColumn<QStringList>("pools");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("no origin") << QString() << QStringList{u"flow"_s} << ErrorCode::InvalidArgument;
    QTest::newRow("no pool") << u"person"_s << QStringList{} << ErrorCode::InvalidArgument;
    QTest::newRow("unknown pool") << u"person"_s << QStringList{u"gold"_s} << ErrorCode::NotFound;
}

void TestTaskRepository::refuses()
{
    QFETCH(QString, createdBy);
    QFETCH(QStringList, pools);
    QFETCH(ErrorCode, code);
    const auto inserted = m_tasks->insert({.createdBy = createdBy}, {}, pools);
    QVERIFY(!inserted);
    QCOMPARE(inserted.error().code, code);
}

void TestTaskRepository::lists_data()
{
    QTest::addColumn<TaskFilter>("filter");
    QTest::addColumn<QList<qint64>>("ids");
    QTest::newRow("all") << TaskFilter{} << QList<qint64>{4, 3, 2, 1};
    QTest::newRow("limit") << TaskFilter{.limit = 2} << QList<qint64>{4, 3};
    QTest::newRow("next page") << TaskFilter{.limit = 2, .before = {3}} << QList<qint64>{2, 1};
    QTest::newRow("open") << TaskFilter{.openOnly = true} << QList<qint64>{4, 2, 1};
    QTest::newRow("running") << TaskFilter{.statuses = {TaskStatus::Running}} << QList<qint64>{2};
    QTest::newRow("two statuses") << TaskFilter{.statuses = {TaskStatus::Running, TaskStatus::Completed}}
                                  << QList<qint64>{3, 2};
    QTest::newRow("pool") << TaskFilter{.pool = u"chat"_s} << QList<qint64>{4};
}

void TestTaskRepository::lists()
{
    QFETCH(TaskFilter, filter);
    QFETCH(QList<qint64>, ids);
    (void)add(m_row);
    (void)addClaimed();
    const TaskId third = addClaimed();
    QVERIFY(m_tasks->finish(third, 1, 2000, {.status = TaskStatus::Completed}));
    QVERIFY(m_tasks->insert(m_row, {}, {u"chat"_s}));
    QList<qint64> found;
    const auto rows = m_tasks->list(filter);
    VERIFY_RESULT(rows);
    for (const TaskRow &row : *rows)
        found += row.id.value;
    QCOMPARE(found, ids);
}

using Write = std::function<Status(TaskRepository &, TaskId, qint64 epoch)>;
Q_DECLARE_METATYPE(Write)

void TestTaskRepository::staleHolderChangesNothing_data()
{
    QTest::addColumn<Write>("write");
    const auto row = [](const char *name, Write write) {
        QTest::newRow(name) << write;
    };
    row("renew", [](auto &t, TaskId id, qint64 epoch) { return t.renew(id, epoch, 99'000); });
    row("wait", [](auto &t, TaskId id, qint64 epoch) { return t.setWaiting(id, epoch, 5, true); });
    row("requeue", [](auto &t, TaskId id, qint64 epoch) { return t.requeue(id, epoch, 5, 6, true); });
    row("finish", [](auto &t, TaskId id, qint64 epoch) {
        return t.finish(id, epoch, 5, {.status = TaskStatus::Completed});
    });
    row("session", [](auto &t, TaskId id, qint64 epoch) { return t.setSession(id, epoch, {}); });
    row("usage", [](auto &t, TaskId id, qint64 epoch) { return t.setUsage(id, epoch, 3, {.tokensIn = 4}); });
    row("output", [](auto &t, TaskId id, qint64 epoch) { return t.setOutput(id, epoch, {{u"a"_s, 1}}); });
}

void TestTaskRepository::staleHolderChangesNothing()
{
    QFETCH(Write, write);
    const TaskId id = addClaimed();
    QVERIFY(m_tasks->takeOver(id, 1, u"reaper"_s, 2000, 1000).value().has_value());
    const auto everything = [&] {
        return m_db->value<QString>(
            u"SELECT json_array(status, lease_owner, lease_epoch, lease_expires_at, turns, "
            "session_id, deadline_at, slot_claimed_at, ended_at, (SELECT output FROM "
            "task_specs)) FROM tasks"_s);
    };
    const auto before = everything();
    const Status stale = write(*m_tasks, id, 1);
    QVERIFY(!stale);
    QCOMPARE(stale.error().code, ErrorCode::Conflict);
    QCOMPARE(everything().value(), before.value());
    QVERIFY(write(*m_tasks, id, 2));
    if (qstrcmp(QTest::currentDataTag(), "session") != 0)
        QVERIFY(everything().value() != before.value());
}

void TestTaskRepository::holderChanges()
{
    const TaskId id = addClaimed();
    QVERIFY(
        m_tasks->setUsage(id, 1, 4, {.tokensIn = 1, .tokensOut = 2, .tokensCached = 3, .costMicroUsd = 5}));
    QVERIFY(m_tasks->setOutput(id, 1, {{u"text"_s, u"done"_s}}));
    QVERIFY(m_tasks->finish(id, 1, 9000,
                            {.status = TaskStatus::Failed,
                             .reason = FailureReason::Crashed,
                             .detail = u"SIGSEGV"_s,
                             .signal = 11}));
    const TaskRow row = m_tasks->find(id).value();
    QCOMPARE(row.status, TaskStatus::Failed);
    QCOMPARE(row.reason, std::optional(FailureReason::Crashed));
    QCOMPARE(row.signal, std::optional<int>(11));
    QVERIFY(!row.exitCode);
    QCOMPARE(row.endedMs, std::optional<qint64>(9000));
    QVERIFY(!row.slotClaimedMs);
    QCOMPARE(row.usage, (UsageTotals{.tokensIn = 1, .tokensOut = 2, .tokensCached = 3, .costMicroUsd = 5}));
    QCOMPARE(m_tasks->spec(id).value().output.value(u"text").toString(), u"done"_s);
    QVERIFY(!m_tasks->finish(id, 1, 9001, {.status = TaskStatus::Completed})); // once
}

void TestTaskRepository::finishNeedsAReason_data()
{
    QTest::addColumn<TaskEnd>("end");
    QTest::newRow("failed without") << TaskEnd{.status = TaskStatus::Failed};
    QTest::newRow("completed with") << TaskEnd{.status = TaskStatus::Completed,
                                               .reason = FailureReason::Unknown};
    QTest::newRow("not an end") << TaskEnd{.status = TaskStatus::Running};
}

void TestTaskRepository::finishNeedsAReason()
{
    QFETCH(TaskEnd, end);
    const Status finished = m_tasks->finish(addClaimed(), 1, 5, end);
    QVERIFY(!finished);
    QCOMPARE(finished.error().code, ErrorCode::InvalidArgument);
}

void TestTaskRepository::leasesExpireAndAreTakenOver()
{
    const TaskId id = addClaimed(); // until 61 000
    QCOMPARE(m_tasks->expired(60'999).value().size(), 0U);
    QCOMPARE(m_tasks->expired(61'000).value().size(), 1U);
    QCOMPARE(m_tasks->leased().value().size(), 1U);
    const auto taken = m_tasks->takeOver(id, 1, u"other"_s, 61'000, 60'000).value();
    QVERIFY(taken);
    QCOMPARE(taken->epoch, 2);
    QVERIFY(!m_tasks->takeOver(id, 1, u"third"_s, 61'000, 60'000).value()); // one reaper only
    QCOMPARE(m_tasks->expired(61'000).value().size(), 0U);
    QVERIFY(m_tasks->find(id).value().slotClaimedMs); // until its processes are gone
    QVERIFY(m_tasks->requeue(id, 2, 62'000, 0, false));
    QCOMPARE(m_tasks->leased().value().size(), 0U);
}

void TestTaskRepository::renewsOneLease()
{
    const TaskId mine = addClaimed();
    const TaskId another = addClaimed();
    const TaskId ended = addClaimed();
    QVERIFY(m_tasks->finish(ended, 1, 2000, {.status = TaskStatus::Completed}));
    QVERIFY(m_tasks->renew(mine, 1, 90'000));
    QCOMPARE(m_tasks->renew(ended, 1, 90'000).error().code, ErrorCode::Conflict);
    QCOMPARE(m_tasks->find(mine).value().lease.expiresAtMs, 90'000);
    QCOMPARE(m_tasks->find(another).value().lease.expiresAtMs, 61'000);
    QCOMPARE(m_tasks->find(ended).value().lease.expiresAtMs, 0);
}

// The store may have refused the write before (disk full), so that the holder comes twice or not at all.
void TestTaskRepository::waitingAgainChangesNothing()
{
    const TaskId id = addClaimed();
    QVERIFY(m_tasks->goOn(id, 1, 5).value());
    QCOMPARE(m_tasks->find(id).value().status, TaskStatus::Running);
    QVERIFY(m_tasks->setWaiting(id, 1, 5, true));
    QVERIFY(m_tasks->setWaiting(id, 1, 5, true));
    QCOMPARE(m_tasks->find(id).value().status, TaskStatus::Waiting);
    QVERIFY(m_tasks->find(id).value().slotClaimedMs);
}

void TestTaskRepository::takenOverWhileItWaited()
{
    const TaskId id = addClaimed();
    QVERIFY(m_tasks->setWaiting(id, 1, 5, true));
    QVERIFY(m_tasks->takeOver(id, 1, u"other"_s, 61'000, 60'000).value());
    QCOMPARE(m_tasks->find(id).value().status, TaskStatus::Running);
    QVERIFY(m_tasks->setWaiting(id, 2, 5, true)); // its new owner asks again
}

void TestTaskRepository::waitingGivesTheSlotBackOrNot()
{
    const TaskId gives = addClaimed();
    const TaskId keeps = addClaimed();
    QVERIFY(m_tasks->setWaiting(gives, 1, 2000, false));
    QVERIFY(m_tasks->setWaiting(keeps, 1, 2000, true));
    QVERIFY(!m_tasks->find(gives).value().slotClaimedMs);
    QVERIFY(m_tasks->find(keeps).value().slotClaimedMs);
    QVERIFY(m_tasks->goOn(keeps, 1, 3000).value());
    QCOMPARE(m_tasks->find(keeps).value().status, TaskStatus::Running);
    // The other goes through the queue, where only the owner of its session finds it, and has its lease
    // still.
    QVERIFY(!m_tasks->goOn(gives, 1, 3000).value());
    TaskRow row = m_tasks->find(gives).value();
    QCOMPARE(row.status, TaskStatus::Queued);
    QVERIFY(row.answered);
    QVERIFY(!m_tasks->claim(gives, {.owner = u"another"_s, .nowMs = 3000}).value());
    QVERIFY(m_tasks->renew(gives, 1, 90'000));
    const auto again = m_tasks->claim(gives, {.owner = u"me"_s, .nowMs = 3000}).value();
    QVERIFY(again);
    QCOMPARE(again->epoch, 1);
    QCOMPARE(m_tasks->find(gives).value().status, TaskStatus::Running);
}

// Lost while it waited without a slot: into the queue, for whoever claims it.
void TestTaskRepository::givenBackWithoutASlot()
{
    const TaskId id = addClaimed();
    QVERIFY(!m_tasks->giveBack(id, 1, 2000).value()); // it has its slot
    QVERIFY(m_tasks->setWaiting(id, 1, 2000, false));
    QVERIFY(!m_tasks->takeOver(id, 1, u"other"_s, 61'000, 60'000).value());
    QVERIFY(m_tasks->giveBack(id, 1, 61'000).value());
    QVERIFY(!m_tasks->giveBack(id, 1, 61'000).value());
    QVERIFY(!m_tasks->goOn(id, 1, 61'000));
    const auto lease = m_tasks->claim(id, {.owner = u"other"_s, .nowMs = 61'000}).value();
    QVERIFY(lease);
    QCOMPARE(lease->epoch, 3);
    QVERIFY(m_tasks->find(id).value().recovered);
}

// What is left of its time is what it has not worked: not what it waited, nor what it stood in the queue, nor
// what passed after its owner's last heartbeat.
void TestTaskRepository::timeStandsStill()
{
    TaskRow row = m_row;
    row.timeLeftMs = 100'000;
    const auto inserted = m_tasks->insert(row, {}, {u"flow"_s});
    QVERIFY(inserted);
    const TaskId id = inserted->id;
    const auto left = [&] {
        return m_tasks->find(id).value().timeLeftMs;
    };
    const auto deadline = [&] {
        return m_tasks->find(id).value().deadlineMs;
    };
    QVERIFY(m_tasks->claim(id, {.owner = u"me"_s, .nowMs = 1'000}).value());
    QCOMPARE(deadline(), std::optional<qint64>(101'000));
    QVERIFY(m_tasks->setWaiting(id, 1, 11'000, false));
    QCOMPARE(left(), std::optional<qint64>(90'000));
    QVERIFY(!deadline());
    QVERIFY(!m_tasks->goOn(id, 1, 500'000).value());
    QVERIFY(m_tasks->claim(id, {.owner = u"me"_s, .nowMs = 600'000}).value()); // the lease until 660 000
    QCOMPARE(deadline(), std::optional<qint64>(690'000));
    QVERIFY(m_tasks->takeOver(id, 1, u"other"_s, 700'000, 60'000).value());
    QCOMPARE(deadline(), std::optional<qint64>(790'000));
    QVERIFY(m_tasks->shiftDeadline(id, 2, 5'000));
    QVERIFY(m_tasks->putOff(id, 2, 705'000, 900'000));
    QCOMPARE(left(), std::optional<qint64>(90'000));
    QVERIFY(m_tasks->claim(id, {.owner = u"me"_s, .nowMs = 900'000}).value());
    QCOMPARE(deadline(), std::optional<qint64>(990'000));
}

void TestTaskRepository::requeueWaitsUntil()
{
    const TaskId id = addClaimed();
    QVERIFY(m_tasks->requeue(id, 1, 2000, 50'000, false));
    QVERIFY(!m_tasks->claim(id, {.owner = u"me"_s, .nowMs = 49'999}).value());
    const auto lease = m_tasks->claim(id, {.owner = u"me"_s, .nowMs = 50'000}).value();
    QVERIFY(lease);
    QCOMPARE(lease->epoch, 2);
    QCOMPARE(m_tasks->find(id).value().startedMs, std::optional<qint64>(1000)); // it started then
}

void TestTaskRepository::cancelsOnlyWhatIsQueued()
{
    const TaskEnd aborted{.status = TaskStatus::Cancelled, .reason = FailureReason::Aborted};
    const TaskId queued = add(m_row);
    const TaskId running = addClaimed();
    QVERIFY(m_tasks->cancelQueued(queued, 5000, aborted));
    QCOMPARE(m_tasks->find(queued).value().status, TaskStatus::Cancelled);
    QCOMPARE(m_tasks->cancelQueued(running, 5000, aborted).error().code, ErrorCode::Conflict);
    QVERIFY(m_tasks->requestCancel(running, 5000));
    QVERIFY(m_tasks->requestCancel(running, 6000));
    QCOMPARE(m_tasks->find(running).value().cancelRequestedMs, std::optional<qint64>(5000));
}

QTEST_GUILESS_MAIN(TestTaskRepository)
#include "tst_task_repository.moc"
