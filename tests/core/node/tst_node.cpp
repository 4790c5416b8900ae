// One suite for a node, passed by a node in this process and by a background node behind its socket.
#include "core/store/event_repository.h"
#include "core/store/project_repository.h"
#include "tests/core/node/node_harness.h"

#include <QTemporaryDir>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNode : public QObject {
    Q_OBJECT
private slots:
    void helloCompletes_data() { bothNodes(); }
    void helloCompletes();
    void surveyWaitsForAnApprovalAndMerges_data() { bothNodes(); }
    void surveyWaitsForAnApprovalAndMerges();
    void rejectedSurveyWritesNothing_data() { bothNodes(); }
    void rejectedSurveyWritesNothing();
    void whatCannotStartIsRefused_data() { bothNodes(); }
    void whatCannotStartIsRefused();
    void cancelledRunEnds_data() { bothNodes(); }
    void cancelledRunEnds();
    void runIsCancelledWhileItIsTakenUp();
    void eventsComeOnceAndInOrder_data() { bothNodes(); }
    void eventsComeOnceAndInOrder();
    void whatHasJustHappenedIsFoundByItsWords();
    void settingsAreChecked_data() { bothNodes(); }
    void settingsAreChecked();
    void aSettingHoldsWhenItIsTold();
    void aSettingOfAnotherProcessHolds();

private:
    static void bothNodes()
    {
        QTest::addColumn<bool>("background");
        QTest::addRow("in process") << false;
        QTest::addRow("background") << true;
    }
    static SettingInfo setting(NodeHarness &node, const QString &key)
    {
        const auto all = node.query(ListSettings{}).value_or(std::vector<SettingInfo>());
        const auto found = std::ranges::find(all, key, &SettingInfo::key);
        return found == all.end() ? SettingInfo{} : *found;
    }
    static QString demo(NodeHarness &node)
    {
        const auto project = node.submit(OpenProject{.demo = true});
        return project ? project->text : QString();
    }
    // A project of its own with one flow file.
    static QString projectWith(const QTemporaryDir &dir, const QByteArray &flow)
    {
        QDir(dir.path()).mkpath(u"flows"_s);
        QFile file(dir.filePath(u"flows/own.flow.yaml"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(flow) != flow.size())
            return {};
        return dir.path();
    }
};

void TestNode::helloCompletes()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const auto run = node.submit(StartRun{.project = demo(node), .flow = u"hello"_s, .unattended = true});
    QVERIFY(run);
    const auto detail = node.ended(run->refs.run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    QCOMPARE(detail->steps.size(), 2);
    for (const StepInfo &step : detail->steps)
        QCOMPARE(step.status, StepStatus::Completed);
    QVERIFY(detail->steps.front().output.contains(u"Larder"));
    QVERIFY(detail->result.contains(u"A command ran in"));
    const auto tasks = node.query(ListTasks{.run = run->refs.run});
    QVERIFY(tasks);
    QCOMPARE(tasks->size(), 2);
}

void TestNode::surveyWaitsForAnApprovalAndMerges()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const QString project = demo(node);
    const auto run = node.submit(StartRun{.project = project, .flow = u"survey"_s, .unattended = true});
    QVERIFY(run);
    const InboxInfo item = node.openItem(run->refs.run);
    QCOMPARE(item.kind, InboxKind::Approval);
    QCOMPARE(item.title, u"Write SURVEY.md?"_s);
    QVERIFY(node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    // The first answer wins.
    const auto second = node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::No});
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::Conflict);

    const auto detail = node.ended(run->refs.run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    QCOMPARE(detail->worktrees.size(), 1);
    QCOMPARE(detail->worktrees.front().filesChanged, 1);
    QVERIFY(!QFile::exists(project + u"/SURVEY.md"_s));
    const auto changes = node.query(GetChanges{.worktree = detail->worktrees.front().id});
    QVERIFY(changes);
    QCOMPARE(changes->files.front().path, u"SURVEY.md"_s);
    const auto merged = node.submit(MergeWorktree{.worktree = detail->worktrees.front().id});
    QVERIFY2(merged, qPrintable(merged ? QString() : merged.error().detail + merged.error().where));
    QVERIFY(QFile::exists(project + u"/SURVEY.md"_s));
    const auto again = node.submit(MergeWorktree{.worktree = detail->worktrees.front().id});
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::Conflict);
}

void TestNode::rejectedSurveyWritesNothing()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const auto run = node.submit(StartRun{.project = demo(node), .flow = u"survey"_s, .unattended = true});
    QVERIFY(run);
    const InboxInfo item = node.openItem(run->refs.run);
    QVERIFY(node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::No}));
    const auto detail = node.ended(run->refs.run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    QCOMPARE(detail->steps.back().status, StepStatus::Skipped);
    QVERIFY(detail->worktrees.empty());
}

void TestNode::whatCannotStartIsRefused()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    QCOMPARE(node.submit(StartRun{.project = demo(node), .flow = u"no-such-flow"_s}).error().code,
             ErrorCode::NotFound);
    QCOMPARE(node.submit(StartRun{.project = u"/no/such/folder"_s, .flow = u"hello"_s}).error().code,
             ErrorCode::NotFound);
    QCOMPARE(node.submit(StartRun{.project = demo(node), .flow = u"hello"_s, .inputs = {{u"odd"_s, 1}}})
                 .error()
                 .code,
             ErrorCode::InvalidArgument);

    const QTemporaryDir dir;
    const QString project =
        projectWith(dir, "muster: 1\nname: own\nsteps:\n  - { id: a, run: 'true', isolation: none }\n");
    const StartRun own{.project = project, .flow = u"own"_s, .unattended = true};
    QCOMPARE(node.submit(own).error().code, ErrorCode::NotTrusted);
    QVERIFY(node.submit(TrustProject{.path = project}));
    const auto run = node.submit(own);
    QVERIFY(run);
    QCOMPARE(node.ended(run->refs.run)->run.status, RunStatus::Completed);
    // What was trusted has changed, so it is not trusted any more.
    (void)projectWith(dir, "muster: 1\nname: own\nsteps:\n  - { id: a, run: 'false', isolation: none }\n");
    QCOMPARE(node.submit(own).error().code, ErrorCode::NotTrusted);
    (void)projectWith(dir, "muster: 1\nname: own\nsteps:\n  - { id: a, rum: 'true' }\n");
    QVERIFY(node.submit(TrustProject{.path = project}));
    QCOMPARE(node.submit(own).error().code, ErrorCode::InvalidArgument);
    const auto check = node.query(CheckFlow{.project = project, .flow = u"own"_s});
    QVERIFY(check);
    QVERIFY(!check->problems.empty());
    QCOMPARE(check->problems.front().line, 4);
}

void TestNode::cancelledRunEnds()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const QTemporaryDir dir;
    const QString project =
        projectWith(dir, "muster: 1\nname: own\nsteps:\n  - { id: a, run: 'sleep 1000', isolation: none }\n");
    const auto run =
        node.submit(StartRun{.project = project, .flow = u"own"_s, .unattended = true, .trust = true});
    QVERIFY(run);
    QVERIFY(waitFor([&] {
        const auto now = node.query(GetRun{.run = run->refs.run});
        return now && now->steps.front().status == StepStatus::Running;
    }));
    QVERIFY(node.submit(CancelRun{.run = run->refs.run}));
    const auto detail = node.ended(run->refs.run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Cancelled);
    QCOMPARE(node.submit(CancelRun{.run = run->refs.run}).error().code, ErrorCode::Conflict);
    const auto tasks = node.query(ListTasks{.run = run->refs.run});
    QVERIFY(tasks);
    QCOMPARE(tasks->front().status, TaskStatus::Cancelled);
}

// The node has claimed the run of one before it and told so, but still reads it when the cancel comes.
void TestNode::runIsCancelledWhileItIsTakenUp()
{
    NodeHarness node(false);
    const QTemporaryDir dir;
    const QString project =
        projectWith(dir, "muster: 1\nname: own\nsteps:\n  - { id: ok, approval: Go on? }\n");
    const auto run = node.submit(StartRun{.project = project, .flow = u"own"_s, .trust = true});
    QVERIFY(run);
    const RunId id = run->refs.run;
    QVERIFY(node.openItem(id).id.isValid());
    node.reopen();
    QObject context;
    bool asked = false;
    node.api().subscribe({.filter = {.run = id}}, &context, [&](const Notice &notice) {
        const auto *told = std::get_if<EventsNotice>(&notice);
        if (told && std::ranges::contains(told->events, u"run.resumed"_s, &Event::kind) &&
            !std::exchange(asked, true))
            node.api().submit(CancelRun{.run = id}, &context, [](const Result<CommandDone> &) {});
    });
    const auto detail = node.ended(id);
    QVERIFY(asked);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Cancelled);
}

void TestNode::eventsComeOnceAndInOrder()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const QString project = demo(node);
    std::vector<Event> live;
    const auto collect = [](std::vector<Event> &into) {
        return [&into](const Notice &notice) {
            if (const auto *events = std::get_if<EventsNotice>(&notice))
                into.insert(into.end(), events->events.begin(), events->events.end());
        };
    };
    node.api().subscribe({.fromSeq = 0}, &node.api(), collect(live));
    const auto run = node.submit(StartRun{.project = project, .flow = u"hello"_s, .unattended = true});
    QVERIFY(run);
    QVERIFY(node.ended(run->refs.run));
    std::vector<Event> late;
    node.api().subscribe({.filter = {.run = run->refs.run}, .fromSeq = 0}, &node.api(), collect(late));
    const auto stored = node.query(ListEvents{.limit = 5000});
    QVERIFY(stored);
    QTRY_VERIFY_WITH_TIMEOUT(live.size() >= stored->size(), patienceMs);
    for (size_t i = 1; i < live.size(); ++i)
        QCOMPARE(live[i].seq, live[i - 1].seq + 1);
    QTRY_VERIFY_WITH_TIMEOUT(!late.empty() && late.back().kind == u"run.finished", patienceMs);
    for (size_t i = 1; i < late.size(); ++i) {
        QVERIFY(late[i].seq > late[i - 1].seq);
        QCOMPARE(late[i].refs.run, run->refs.run);
    }
}

void TestNode::whatHasJustHappenedIsFoundByItsWords()
{
    NodeHarness node(false);
    const auto run = node.submit(StartRun{.project = demo(node), .flow = u"hello"_s, .unattended = true});
    QVERIFY(run);
    QVERIFY(node.ended(run->refs.run));
    const api::EventFilter words{.run = run->refs.run, .kinds = {u"run.finished"_s}, .text = u"completed"_s};
    QVERIFY(waitFor([&] {
        const auto found = node.query(ListEvents{.filter = words, .limit = 10});
        return found && found->size() == 1;
    }));
}

void TestNode::settingsAreChecked()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const auto wrong = node.submit(SetSetting{.key = u"pools.flow"_s, .value = 0});
    QCOMPARE(wrong.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(wrong.error().detail, u"1 … 256"_s);
    const auto unknown = node.submit(SetSetting{.key = u"runtime.default"_s, .value = u"foo"_s});
    QCOMPARE(unknown.error().code, ErrorCode::InvalidArgument);
    QVERIFY(unknown.error().detail.split(u" | "_s).contains(u"demo"_s));
    const auto run = node.submit(StartRun{.project = demo(node), .flow = u"hello"_s, .runtime = u"foo"_s});
    QCOMPARE(run.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(run.error().where, u"runtime"_s);
    QVERIFY(run.error().detail.split(u", "_s).contains(u"demo"_s));
    QCOMPARE(node.submit(SetSetting{.key = u"no.such"_s, .value = 1}).error().code, ErrorCode::NotFound);
    QVERIFY(node.submit(SetSetting{.key = u"pools.flow"_s, .value = u"3"_s}));
    const SettingInfo pool = setting(node, u"pools.flow"_s);
    QCOMPARE(pool.value.toInt(), 3);
    QCOMPARE(pool.origin, u"user"_s);
}

// Whoever asks as soon as it hears of it.
void TestNode::aSettingHoldsWhenItIsTold()
{
    NodeHarness node(false);
    std::vector<int> found;
    QObject context;
    node.api().subscribe({.filter = {.kinds = {u"node.setting"_s}}}, &context, [&](const Notice &notice) {
        if (std::holds_alternative<EventsNotice>(notice))
            found.push_back(setting(node, u"agent.warm_sessions"_s).value.toInt());
    });
    QVERIFY(node.submit(SetSetting{.key = u"agent.warm_sessions"_s, .value = 3}));
    QVERIFY(node.submit(SetSetting{.key = u"agent.warm_sessions"_s, .value = {}}));
    QVERIFY(waitFor([&] { return found.size() == 2; }));
    QCOMPARE(found, (std::vector{3, 8}));
}

void TestNode::aSettingOfAnotherProcessHolds()
{
    NodeHarness node(false);
    const auto db = Connection::open({.file = node.paths().storeFile});
    QVERIFY(db);
    const Status written = (*db)->inTransaction([&]() -> Status {
        Event told{.atMs = QDateTime::currentMSecsSinceEpoch(),
                   .kind = u"node.setting"_s,
                   .source = u"other"_s,
                   .data = {{u"key"_s, u"agent.warm_sessions"_s}, {u"value"_s, 5}}};
        const Status set = SettingsRepository(**db).set(u"agent.warm_sessions"_s, 5, 1);
        return set ? EventRepository(**db).append(std::span(&told, 1)) : set;
    });
    QVERIFY(written);
    QVERIFY(waitFor([&] { return setting(node, u"agent.warm_sessions"_s).value.toInt() == 5; }));
}

QTEST_GUILESS_MAIN(TestNode)
#include "tst_node.moc"
