// Warm sessions: kept, taken by one, let go of when too many or too old, forgotten when they end by
// themselves.
#include "core/agent/session_pool.h"
#include "core/process/process_identity.h"
#include "tests/core/agent/session_harness.h"

#include <QSignalSpy>

#include <csignal>

using namespace muster;
using namespace muster::testing;

class TestSessionPool : public QObject {
    Q_OBJECT
private slots:
    void takenSessionGoesOnInTheSameProcess();
    void everyPartOfTheKeyMatters_data();
    void everyPartOfTheKeyMatters();
    void takenOnlyOnce();
    void sameKeyReplacesTheOlder();
    void tooManyLetGoOfTheLongestIdle();
    void idleTimeIsOver();
    void takenSessionIsNotLetGo();
    void diedIdleIsForgotten();
    void busyOrClosingIsRefused();
    void noneAreKeptWithLimitZero();
    void permissionBetweenTurnsIsRefused();
    void conversationWaitsForTheSessionThatIsEnded();
    void closeEndsEveryTree();
    void closedPoolRefuses();

private:
    // A pool with sessions over one harness; each session is Ready.
    struct Pool {
        SessionHarness h;
        SessionPoolLimits limits;
        SessionPool pool{h.clock, [this] {
            return limits;
        }};
        QSignalSpy ended{&pool, &SessionPool::ended};

        AgentSession *ready()
        {
            auto *session = new AgentSession(h.spec, h.launcher, h.clock, &pool);
            session->start();
            (void)QTest::qWaitFor([&] { return session->state() == SessionState::Ready; }, patience);
            return session;
        }
        static SessionPoolKey key(qint64 conversation)
        {
            return {.conversation = ConversationId{conversation},
                    .runtime = u"fake"_s,
                    .workspace = u"/work"_s,
                    .profile = u"p"_s,
                    .model = u"m"_s};
        }
        // The pid of what was parked.
        qint64 park(qint64 conversation)
        {
            AgentSession *session = ready();
            const qint64 pid = session->health().pid;
            return pool.park(key(conversation), SessionId{conversation}, session) ? pid : 0;
        }
    };
    static bool isAlivePid(qint64 pid) { return identityOf(pid).has_value(); }
};

void TestSessionPool::takenSessionGoesOnInTheSameProcess()
{
    Pool p;
    AgentSession *session = p.ready();
    QStringList said;
    connect(session, &AgentSession::sessionEvent, session, [&](const SessionEvent &event) {
        if (const auto *text = std::get_if<TextDelta>(&event))
            said += text->text;
    });
    QVERIFY(session->prompt({.text = u"say one"_s, .attachments = {}}));
    QTRY_SOON(said.size() == 1 && session->state() == SessionState::Ready);
    const qint64 pid = session->health().pid;
    QVERIFY(p.pool.park(Pool::key(1), SessionId{7}, session));
    QCOMPARE(p.pool.find(Pool::key(1)), SessionId{7});
    AgentSession *taken = p.pool.take(Pool::key(1));
    QCOMPARE(taken, session);
    QVERIFY(!taken->parent());
    taken->setParent(&p.pool);
    QVERIFY(taken->prompt({.text = u"say two"_s, .attachments = {}}));
    QTRY_SOON(said.size() == 2);
    QCOMPARE(taken->health().pid, pid);
    QCOMPARE(p.ended.size(), 0);
}

void TestSessionPool::everyPartOfTheKeyMatters_data()
{
    QTest::addColumn<SessionPoolKey>("other");
    const auto row = [](const char *name, auto change) {
        SessionPoolKey key = Pool::key(1);
        change(key);
        QTest::addRow("%s", name) << key;
    };
    row("conversation", [](SessionPoolKey &key) { key.conversation = ConversationId{2}; });
    row("runtime", [](SessionPoolKey &key) { key.runtime = u"x"_s; });
    row("workspace", [](SessionPoolKey &key) { key.workspace = u"/work2"_s; });
    row("profile", [](SessionPoolKey &key) { key.profile.clear(); });
    row("model", [](SessionPoolKey &key) { key.model = u"x"_s; });
}

void TestSessionPool::everyPartOfTheKeyMatters()
{
    QFETCH(SessionPoolKey, other);
    Pool p;
    QVERIFY(p.park(1));
    QVERIFY(!p.pool.find(other).isValid());
    QVERIFY(!p.pool.take(other));
    QVERIFY(p.pool.find(Pool::key(1)).isValid());
}

void TestSessionPool::takenOnlyOnce()
{
    Pool p;
    QVERIFY(p.park(1));
    AgentSession *taken = p.pool.take(Pool::key(1));
    QVERIFY(taken);
    taken->setParent(&p.pool);
    QVERIFY(!p.pool.take(Pool::key(1)));
    QVERIFY(!p.pool.find(Pool::key(1)).isValid());
}

void TestSessionPool::sameKeyReplacesTheOlder()
{
    Pool p;
    const qint64 first = p.park(1);
    const qint64 second = p.park(1);
    QVERIFY(first && second);
    QTRY_SOON(p.ended.size() == 1);
    QVERIFY(!isAlivePid(first));
    QVERIFY(isAlivePid(second));
    QCOMPARE(p.pool.idleCount(), 1);
}

void TestSessionPool::tooManyLetGoOfTheLongestIdle()
{
    Pool p;
    p.limits.most = 2;
    const qint64 first = p.park(1);
    const qint64 second = p.park(2);
    // Used again, so that it is not the one that waits longest.
    AgentSession *again = p.pool.take(Pool::key(1));
    QVERIFY(p.pool.park(Pool::key(1), SessionId{1}, again));
    const qint64 third = p.park(3);
    QTRY_SOON(p.ended.size() == 1);
    QCOMPARE(p.ended.first().first().value<SessionId>(), SessionId{2});
    QVERIFY(!isAlivePid(second));
    QVERIFY(isAlivePid(first) && isAlivePid(third));
    QCOMPARE(p.pool.idleCount(), 2);
}

void TestSessionPool::idleTimeIsOver()
{
    Pool p;
    p.limits.idleFor = 20ms;
    const qint64 pid = p.park(1);
    QTRY_SOON(p.ended.size() == 1);
    QVERIFY(!isAlivePid(pid));
    QVERIFY(!p.ended.first().last().value<SessionEnded>().reason); // on purpose
    QVERIFY(!p.pool.take(Pool::key(1)));
}

void TestSessionPool::takenSessionIsNotLetGo()
{
    Pool p;
    const qint64 pid = p.park(1);
    AgentSession *taken = p.pool.take(Pool::key(1));
    taken->setParent(&p.pool);
    p.limits = {.most = 1, .idleFor = 1ms};
    const qint64 other = p.park(2);
    QTRY_SOON(p.ended.size() == 1);
    QVERIFY(!isAlivePid(other));
    QVERIFY(isAlivePid(pid));
    QCOMPARE(taken->state(), SessionState::Ready);
}

void TestSessionPool::diedIdleIsForgotten()
{
    Pool p;
    const qint64 pid = p.park(1);
    ::kill(static_cast<pid_t>(pid), SIGKILL);
    QTRY_SOON(p.ended.size() == 1);
    QCOMPARE(p.ended.first().last().value<SessionEnded>().reason, FailureReason::Crashed);
    QCOMPARE(p.pool.idleCount(), 0);
    QVERIFY(!p.pool.find(Pool::key(1)).isValid());
}

void TestSessionPool::busyOrClosingIsRefused()
{
    Pool p;
    AgentSession *session = p.ready();
    bool heard = false;
    connect(session, &AgentSession::sessionEvent, this,
            [&](const SessionEvent &event) { heard = heard || std::holds_alternative<TextDelta>(event); });
    QVERIFY(session->prompt({.text = u"say x; hang"_s, .attachments = {}}));
    QVERIFY(!p.pool.park(Pool::key(1), SessionId{1}, session));
    QTRY_SOON(heard);
    QVERIFY(!p.pool.park(Pool::key(1), SessionId{1}, session));
    bool ready = false;
    connect(session, &AgentSession::sessionEvent, this, [&](const SessionEvent &event) {
        if (!std::holds_alternative<TurnFinished>(event))
            return;
        ready = session->state() == SessionState::Ready;
        QVERIFY(!p.pool.park(Pool::key(1), SessionId{1}, session)); // it is being stopped
    });
    session->stop(FailureReason::Aborted, {});
    QTRY_SOON(session->state() == SessionState::Ended);
    QVERIFY(ready);
    QVERIFY(!p.pool.park(Pool::key(1), SessionId{1}, session));
    QCOMPARE(p.pool.idleCount(), 0);
}

void TestSessionPool::noneAreKeptWithLimitZero()
{
    Pool p;
    p.limits.most = 0;
    QCOMPARE(p.park(1), 0);
}

void TestSessionPool::permissionBetweenTurnsIsRefused()
{
    Pool p;
    AgentSession *session = p.ready();
    int asked = 0;
    connect(session, &AgentSession::sessionEvent, session, [&](const SessionEvent &event) {
        asked += std::holds_alternative<PermissionRequested>(event) ? 1 : 0;
    });
    QVERIFY(p.pool.park(Pool::key(1), SessionId{1}, session));
    // The turn is started behind the pool's back, so that a question comes while the session is parked.
    QVERIFY(session->prompt({.text = u"ask edit a.txt"_s, .attachments = {}}));
    QTRY_SOON(asked == 1 && session->state() == SessionState::Ready);
    QCOMPARE(session->health().openRequests, 0);
}

void TestSessionPool::conversationWaitsForTheSessionThatIsEnded()
{
    Pool p;
    p.h.spec.runtime = fakeRuntime({u"--ignore-eof"_s, u"--ignore-term"_s});
    const qint64 pid = p.park(1);
    QVERIFY(pid > 0);
    QVERIFY(p.pool.whenEnded(ConversationId{1}).isFinished()); // it is kept, not ended
    p.limits.most = 1;
    QVERIFY(p.park(2) > 0); // one too many: the older is let go of
    const auto ended = p.pool.whenEnded(ConversationId{1});
    QVERIFY(!ended.isFinished());
    QVERIFY(isAlivePid(pid));
    QVERIFY(p.pool.whenEnded(ConversationId{2}).isFinished()); // no other waits for it
    QTRY_SOON(ended.isFinished());
    QVERIFY(!isAlivePid(pid));
}

void TestSessionPool::closeEndsEveryTree()
{
    Pool p;
    QList<qint64> pids;
    for (const QStringList &flags : {QStringList(), QStringList{u"--ignore-eof"_s, u"--ignore-term"_s}}) {
        p.h.spec.runtime = fakeRuntime(flags);
        AgentSession *session = p.ready();
        connect(session, &AgentSession::sessionEvent, this, [&](const SessionEvent &event) {
            if (const auto *text = std::get_if<TextDelta>(&event))
                pids += text->text.toLongLong();
        });
        const qsizetype before = pids.size();
        QVERIFY(session->prompt({.text = u"child"_s, .attachments = {}}));
        QTRY_SOON(pids.size() == before + 1 && session->state() == SessionState::Ready);
        pids += session->health().pid;
        QVERIFY(p.pool.park(Pool::key(pids.size()), SessionId{pids.size()}, session));
    }
    for (const qint64 pid : std::as_const(pids))
        QVERIFY(isAlivePid(pid));
    bool done = false;
    p.pool.close([&] { done = true; });
    QVERIFY(!done);
    QTRY_SOON(done);
    for (const qint64 pid : std::as_const(pids))
        QVERIFY(!isAlivePid(pid));
    QCOMPARE(p.ended.size(), 2);
}

void TestSessionPool::closedPoolRefuses()
{
    Pool p;
    AgentSession *session = p.ready();
    bool done = false;
    p.pool.close([&] { done = true; });
    QVERIFY(done);
    QVERIFY(!p.pool.park(Pool::key(1), SessionId{1}, session));
    QCOMPARE(session->state(), SessionState::Ready);
}

QTEST_GUILESS_MAIN(TestSessionPool)
#include "tst_session_pool.moc"
