// Several accounts of a runtime: work goes on with one that is free, waits by itself where none is, and a
// resumed session keeps its own. The time is set by hand, the agents are real; what they say of their limits
// lies in the folder of the account that they were started with.
#include "core/chat/turn_end.h"
#include "tests/core/node/chat_helpers.h"
#include "tests/support/manual_clock.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestAccounts : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void anotherAccountIsTakenAtOnce();
    void theEarliestResetIsWaitedFor();
    void aRestartedNodeKnows();
    void aNewAccountWakesWhatWaits();
    void usageIsSpread();
    void theOneWithMostLeft();
    void aResumedSessionKeepsItsAccount();
    void aRemovedAccountIsNotUsed();
    void notSignedInIsPassedOver();
    void aMissingFolderIsSaid();
    void refusals_data();
    void refusals();

private:
    static constexpr qint64 hourMs = 3600 * 1000;

    [[nodiscard]] QString homeOf(const QString &account) const { return m_homes->filePath(account); }
    void setLimited(const QString &account, qint64 resetMs) const
    {
        QFile file(homeOf(account) + u"/limited"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::number(resetMs / 1000));
    }
    void setFree(const QString &account) const { QVERIFY(QFile::remove(homeOf(account) + u"/limited"_s)); }
    void addSecond()
    {
        const auto added = m_node->submit(
            AddAccount{.runtime = u"own"_s, .name = u"second"_s, .configHome = homeOf(u"second"_s)});
        QVERIFY2(added, added ? "" : qPrintable(added.error().where));
    }
    [[nodiscard]] RunId start(const QByteArray &prompt = "quota; whoami")
    {
        QFile file(m_folder->filePath(u"flows/own.flow.yaml"_s));
        if (file.open(QIODevice::WriteOnly))
            file.write("muster: 1\nname: own\nparallel_runs: true\nsteps:\n  - { id: a, prompt: '" + prompt +
                       "', timeout: 10m }\n");
        file.close();
        const auto run = m_node->submit(
            StartRun{.project = m_folder->path(), .flow = u"own"_s, .runtime = u"own"_s, .trust = true});
        return run ? run->refs.run : RunId();
    }
    // The run's task once it waits for a limit.
    [[nodiscard]] std::optional<TaskInfo> resting(RunId run)
    {
        std::optional<TaskInfo> found;
        (void)waitFor([&] {
            const auto tasks = m_node->query(ListTasks{.run = run});
            if (tasks && !tasks->empty() && tasks->front().notBefore > m_clock->nowMs())
                found = tasks->front();
            return found.has_value();
        });
        return found;
    }
    [[nodiscard]] std::vector<Event> log(const api::EventFilter &filter)
    {
        return m_node->query(ListEvents{.filter = filter}).value_or(std::vector<Event>());
    }
    // The accounts that its sessions began with, and why.
    [[nodiscard]] QStringList taken(const api::EventFilter &of)
    {
        api::EventFilter filter = of;
        filter.kinds = {u"session.started"_s};
        QStringList out;
        for (const Event &event : log(filter))
            out += event.data.value(u"account"_s).toString(u"-"_s) + u' ' +
                   event.data.value(u"account_reason"_s).toString();
        return out;
    }
    [[nodiscard]] AccountInfo account(const QString &name)
    {
        const auto all = m_node->query(ListRuntimes{.runtime = u"own"_s});
        const auto &accounts = all.value().front().accounts;
        const auto found = std::ranges::find(accounts, name, &AccountInfo::name);
        return found == accounts.end() ? AccountInfo{.state = u"none"_s} : *found;
    }
    [[nodiscard]] std::optional<MessageInfo> askIn(ConversationId chat, const QString &prompt,
                                                   MessageStatus status = MessageStatus::Complete)
    {
        const size_t before = messages(*m_node, chat).size();
        if (!send(*m_node, chat, prompt))
            return {};
        (void)waitFor([&] {
            m_clock->advance(50); // a turn waits a moment for more of what is asked
            const auto all = messages(*m_node, chat);
            return all.size() == before + 2 && isSettledMessage(all.back().status);
        });
        const auto all = messages(*m_node, chat);
        return !all.empty() && all.back().status == status ? std::optional(all.back()) : std::nullopt;
    }
    [[nodiscard]] ConversationId chatOfOwn()
    {
        const auto project = m_node->submit(OpenProject{.demo = true});
        const auto made = m_node->submit(NewConversation{.project = project->text, .runtime = u"own"_s});
        return made ? made->refs.conversation : ConversationId();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QTemporaryDir> m_homes;
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<NodeHarness> m_node;
};

void TestAccounts::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_homes = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(m_folder->filePath(u"flows"_s)));
    for (const QString &name : {u"first"_s, u"second"_s, u"third"_s})
        QVERIFY(QDir().mkpath(homeOf(name)));
    qputenv("CLAUDE_CONFIG_DIR", QFile::encodeName(homeOf(u"first"_s)));
    m_clock = std::make_unique<ManualClock>(QDateTime::currentMSecsSinceEpoch());
    m_node = std::make_unique<NodeHarness>(false, [](const Paths &paths) {
        QVERIFY(QDir().mkpath(paths.configDir + u"/runtimes"_s));
        QFile file(paths.configDir + u"/runtimes/own.json"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"id": "own", "label": "Own", "protocol": "stream_json", "argv": [")" MUSTER_BIN_DIR
                   R"(/../tests/fake_claude"], "pass_env": ["CLAUDE_CONFIG_DIR"],
                   "abilities": {"can_resume": true},
                   "sign_in": {"env": ["ANTHROPIC_API_KEY"], "home_env": "CLAUDE_CONFIG_DIR"},
                   "launch_failures": [{"pattern": "Not logged in", "problem": "auth_required"}],
                   "stream_json": {"flags": ["-p"], "agent_name": "Own", "mode": "default"}})");
    }, m_clock.get());
}

void TestAccounts::cleanup()
{
    m_node.reset();
    qunsetenv("CLAUDE_CONFIG_DIR");
}

void TestAccounts::anotherAccountIsTakenAtOnce()
{
    addSecond();
    setLimited(u"first"_s, m_clock->nowMs() + hourMs);
    const RunId run = start();
    const auto ended = m_node->ended(run); // without any time having passed
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QCOMPARE(ended->steps.front().attempt, 1);
    QCOMPARE(ended->steps.front().output, u"I am second, new"_s);
    const auto tasks = m_node->query(ListTasks{.run = run});
    QCOMPARE(tasks->size(), size_t{1});
    QCOMPARE(tasks->front().runtimeReason, u"step; account second: others_rest"_s);
    QVERIFY(!ended->steps.front().fallback); // it is the runtime that was wished for
    QCOMPARE(taken({.run = run}), (QStringList{u" in_order"_s, u"second others_rest"_s}));
    QCOMPARE(log({.run = run, .kinds = {u"task.put_off"_s}}).size(), size_t{1});
    QVERIFY(log({.run = run, .kinds = {u"step.retry"_s}}).empty());
    // What is known of each, with its age.
    const AccountInfo first = account({});
    QCOMPARE(first.state, u"rests"_s);
    QVERIFY(first.limit && std::abs(first.limit->restsUntil - m_clock->nowMs() - hourMs) <= 1000);
    QCOMPARE(first.limit->seenAt, m_clock->nowMs());
    QCOMPARE(account(u"second"_s).state, u"ready"_s);
    QVERIFY(!account(u"second"_s).limit);
}

void TestAccounts::theEarliestResetIsWaitedFor()
{
    addSecond();
    const qint64 earlier = m_clock->nowMs() + hourMs;
    setLimited(u"first"_s, earlier + hourMs);
    setLimited(u"second"_s, earlier);
    const RunId run = start();
    const auto task = resting(run);
    QVERIFY(task);
    QCOMPARE(task->status, TaskStatus::Queued);
    QVERIFY(std::abs(task->notBefore - earlier) <= 1000);
    const RunId other = start(); // it does not run into them
    QVERIFY(resting(other));
    QVERIFY(taken({.run = other}).isEmpty());
    setFree(u"second"_s);
    m_clock->advance(hourMs + 1000);
    for (const RunId one : {run, other}) {
        const auto ended = m_node->ended(one);
        QVERIFY(ended);
        QCOMPARE(ended->run.status, RunStatus::Completed);
        QCOMPARE(ended->steps.front().attempt, 1);
        QCOMPARE(ended->steps.front().output.section(u',', 0, 0), u"I am second"_s);
    }
    QCOMPARE(account({}).state, u"rests"_s);
    QCOMPARE(account(u"second"_s).state, u"ready"_s);
}

void TestAccounts::aRestartedNodeKnows()
{
    addSecond();
    setLimited(u"first"_s, m_clock->nowMs() + hourMs);
    QCOMPARE(m_node->ended(start())->run.status, RunStatus::Completed);
    const AccountInfo before = account({});
    m_node->reopen();
    const AccountInfo after = account({});
    QCOMPARE(after.state, u"rests"_s);
    QCOMPARE(after.limit->restsUntil, before.limit->restsUntil);
    QCOMPARE(after.limit->seenAt, before.limit->seenAt);
    QCOMPARE(account(u"second"_s).configHome, homeOf(u"second"_s));
    const RunId run = start();
    QCOMPARE(m_node->ended(run)->run.status, RunStatus::Completed);
    QCOMPARE(taken({.run = run}), QStringList(u"second others_rest"_s));
}

void TestAccounts::aNewAccountWakesWhatWaits()
{
    setLimited(u"first"_s, m_clock->nowMs() + hourMs);
    const RunId run = start();
    QVERIFY(resting(run));
    addSecond();
    const auto ended = m_node->ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QCOMPARE(ended->steps.front().output, u"I am second, new"_s);
}

void TestAccounts::usageIsSpread()
{
    addSecond();
    QStringList names;
    for (int i = 0; i < 4; ++i) {
        m_clock->advance(1000);
        names += m_node->ended(start("whoami"))->steps.front().output;
    }
    QCOMPARE(names, (QStringList{u"I am first, new"_s, u"I am second, new"_s, u"I am first, new"_s,
                                 u"I am second, new"_s}));
}

void TestAccounts::theOneWithMostLeft()
{
    addSecond();
    const QByteArray resetsAt = QByteArray::number((m_clock->nowMs() + hourMs) / 1000);
    QCOMPARE(m_node->ended(start("warn 0.95 " + resetsAt + "; whoami"))->steps.front().output,
             u"I am first, new"_s);
    for (int i = 0; i < 2; ++i) {
        m_clock->advance(1000);
        const RunId run = start("whoami");
        QCOMPARE(m_node->ended(run)->steps.front().output, u"I am second, new"_s);
        QCOMPARE(taken({.run = run}), QStringList(u"second most_left"_s));
    }
    QCOMPARE(account({}).limit->usedPercent, std::optional(95));
    QCOMPARE(account({}).state, u"ready"_s);
    m_clock->advance(hourMs); // its limit has begun anew; the second was never warned
    const RunId later = start("whoami");
    QVERIFY(m_node->ended(later));
    QCOMPARE(taken({.run = later}), QStringList(u"second limited_least"_s));
}

void TestAccounts::aResumedSessionKeepsItsAccount()
{
    addSecond();
    QCOMPARE(m_node->ended(start("whoami"))->steps.front().output, u"I am first, new"_s);
    m_clock->advance(1000);
    const ConversationId chat = chatOfOwn();
    QCOMPARE(askIn(chat, u"whoami"_s)->text, u"I am second, new"_s);
    m_clock->advance(1000);
    QCOMPARE(askIn(chat, u"whoami"_s)->text, u"I am second, new"_s); // the same process
    m_node->reopen();
    m_clock->advance(1000);
    QCOMPARE(askIn(chat, u"whoami"_s)->text, u"I am second, resumed"_s);
    QCOMPARE(taken({.conversation = chat}), (QStringList{u"second used_least"_s, u"second goes_on"_s}));
    // When it rests the conversation goes on with another, which does not know what was said, and says so.
    setLimited(u"second"_s, m_clock->nowMs() + hourMs);
    QCOMPARE(askIn(chat, u"quota; whoami"_s)->text, u"I am first, new"_s);
    const auto warnings = log({.conversation = chat, .kinds = {u"session.warning"_s}});
    QVERIFY(std::ranges::any_of(
        warnings, [](const Event &event) { return event.data.value(u"code"_s) == u"account_changed"_s; }));
}

void TestAccounts::aRemovedAccountIsNotUsed()
{
    addSecond();
    setLimited(u"first"_s, m_clock->nowMs() + 2 * hourMs);
    setLimited(u"second"_s, m_clock->nowMs() + hourMs);
    const RunId run = start();
    QVERIFY(resting(run));
    QVERIFY(m_node->submit(RemoveAccount{.runtime = u"own"_s, .name = u"second"_s}));
    QCOMPARE(account(u"second"_s).state, u"none"_s);
    QVERIFY(QFileInfo(homeOf(u"second"_s)).isDir()); // what is in it is the person's
    QCOMPARE(m_node->submit(RemoveAccount{.runtime = u"own"_s, .name = u"second"_s}).error().code,
             ErrorCode::NotFound);
    m_clock->advance(hourMs + 1000); // it would have been free now
    const auto still = resting(run);
    QVERIFY(still);
    setFree(u"first"_s);
    m_clock->advance(hourMs);
    QCOMPARE(m_node->ended(run)->steps.front().output.section(u',', 0, 0), u"I am first"_s);
    // By the same name it is another one: nothing is known of it.
    addSecond();
    QVERIFY(!account(u"second"_s).limit);
    QCOMPARE(account(u"second"_s).state, u"ready"_s);
}

void TestAccounts::notSignedInIsPassedOver()
{
    addSecond();
    QFile mark(homeOf(u"first"_s) + u"/signed-out"_s);
    QVERIFY(mark.open(QIODevice::WriteOnly));
    const RunId run = start("whoami");
    const auto ended = m_node->ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QCOMPARE(ended->steps.front().output, u"I am second, new"_s);
    const auto refused = log({.run = run, .kinds = {u"task.account_refused"_s}});
    QCOMPARE(refused.size(), size_t{1});
    QCOMPARE(refused.front().data.value(u"problem"_s).toString(), u"auth_required"_s);
    QVERIFY(QFile::copy(mark.fileName(), homeOf(u"second"_s) + u"/signed-out"_s));
    QCOMPARE(m_node->ended(start("whoami"))->run.reason, FailureReason::AuthRequired);
}

void TestAccounts::aMissingFolderIsSaid()
{
    addSecond();
    setLimited(u"first"_s, m_clock->nowMs() + hourMs);
    QVERIFY(QDir(homeOf(u"second"_s)).removeRecursively());
    const auto ended = m_node->ended(start());
    QVERIFY(ended);
    QCOMPARE(ended->run.reason, FailureReason::LaunchFailed);
    QVERIFY2(ended->run.detail.contains(homeOf(u"second"_s)), qPrintable(ended->run.detail));
}

void TestAccounts::refusals_data()
{
    QTest::addColumn<QString>("runtime");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("home");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("where");
    QTest::newRow("no such runtime") << u"nobody"_s << u"a"_s << QString() << QString() << QString()
                                     << u"runtime"_s;
    QTest::newRow("no name") << u"own"_s << QString() << QString() << QString() << QString() << u"account"_s;
    QTest::newRow("no such name") << u"own"_s << u"../a"_s << QString() << QString() << QString()
                                  << u"account"_s;
    QTest::newRow("no such folder") << u"own"_s << u"a"_s << u"/no/such/folder"_s << QString() << QString()
                                    << u"account_home"_s;
    QTest::newRow("relative folder") << u"own"_s << u"a"_s << u"folder"_s << QString() << QString()
                                     << u"account_home"_s;
    QTest::newRow("takes no folder") << u"anthropic"_s << u"a"_s << u"/"_s << QString() << QString()
                                     << u"account_home"_s;
    QTest::newRow("needs a key") << u"anthropic"_s << u"a"_s << QString() << QString() << QString()
                                 << u"account_key"_s;
    QTest::newRow("not its key") << u"own"_s << u"a"_s << QString() << u"OPENAI_API_KEY"_s << u"value-of-it"_s
                                 << u"secret"_s;
    QTest::newRow("no value") << u"own"_s << u"a"_s << QString() << u"ANTHROPIC_API_KEY"_s << QString()
                              << u"secret_value"_s;
}

void TestAccounts::refusals()
{
    QFETCH(QString, runtime);
    QFETCH(QString, name);
    QFETCH(QString, home);
    QFETCH(QString, key);
    QFETCH(QString, value);
    const auto added = m_node->submit(
        AddAccount{.runtime = runtime, .name = name, .configHome = home, .key = key, .value = value});
    QVERIFY(!added);
    QTEST(added.error().where, "where");
    QCOMPARE(account(u"a"_s).state, u"none"_s);
    QVERIFY(log({.kinds = {u"account.added"_s}}).empty());
}

QTEST_GUILESS_MAIN(TestAccounts)
#include "tst_accounts.moc"
