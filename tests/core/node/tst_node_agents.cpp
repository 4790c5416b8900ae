// What a node says of runtimes, and the rules that answers "always" make: the same in this process and behind
// a socket.
#include "tests/core/node/node_harness.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNodeAgents : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void runtimesAreFoundOut_data() { bothNodes(); }
    void runtimesAreFoundOut();
    void doctorTellsOfThem_data() { bothNodes(); }
    void doctorTellsOfThem();
    void alwaysMakesARuleUntilItIsRevoked_data() { bothNodes(); }
    void alwaysMakesARuleUntilItIsRevoked();
    void rulesAreWrittenAndChanged_data() { bothNodes(); }
    void rulesAreWrittenAndChanged();
    void rulesThatAreRefused_data();
    void rulesThatAreRefused();
    void profilesAreNamed();

private:
    static void bothNodes()
    {
        QTest::addColumn<bool>("background");
        QTest::addRow("in process") << false;
        QTest::addRow("background") << true;
    }
    static void put(const QString &path, const QByteArray &content, bool executable = false)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        if (executable)
            QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }
    // One runtime of the person's own that works, one that is too old, and a file that is none.
    void addPersonal(const QString &configDir) const
    {
        QVERIFY(QDir().mkpath(configDir + u"/runtimes"_s));
        put(configDir + u"/runtimes/mine.json"_s,
            R"({"id": "mine", "label": "Mine", "argv": ["mine-agent"], "version_args": ["--version"],
                "models": [{"id": "m", "prices": {"input": 3000000, "date": "2026-01-02", "source": "a page"}}],
                "sign_in": {"env": ["MINE_KEY"]}})");
        put(configDir + u"/runtimes/old.json"_s,
            R"({"id": "old", "label": "Old", "argv": ["mine-agent"], "version_args": ["--version"],
                "minimum_version": "9.0"})");
        put(configDir + u"/runtimes/bad.json"_s, R"({"id": "bad", "label": "Bad", "argv": []})");
    }
    static RuntimeInfo named(const std::vector<RuntimeInfo> &all, const QString &id)
    {
        const auto found = std::ranges::find(all, id, &RuntimeInfo::id);
        return found == all.end() ? RuntimeInfo() : *found;
    }

    QTemporaryDir m_programs;
};

void TestNodeAgents::initTestCase()
{
    put(m_programs.filePath(u"mine-agent"_s), "#!/bin/sh\necho mine 1.2.3\n", true);
    qputenv("PATH", QByteArray(QFile::encodeName(m_programs.path()) + ":" + qgetenv("PATH")));
    qputenv("MINE_KEY", "something");
}

void TestNodeAgents::runtimesAreFoundOut()
{
    QFETCH(bool, background);
    NodeHarness node(background, [this](const Paths &paths) { addPersonal(paths.configDir); });
    const auto all = node.query(ListRuntimes{});
    QVERIFY(all);
    const RuntimeInfo demo = named(*all, u"demo"_s);
    QCOMPARE(demo.state, u"ready"_s);
    QCOMPARE(demo.signIn, u"not_needed"_s);
    QVERIFY(demo.isDefault);
    QVERIFY(demo.file.isEmpty());
    QVERIFY(demo.abilities.contains(u"works_offline"_s));
    const RuntimeInfo mine = named(*all, u"mine"_s);
    QCOMPARE(mine.state, u"ready"_s);
    QCOMPARE(mine.version, u"1.2.3"_s);
    QCOMPARE(mine.path, m_programs.filePath(u"mine-agent"_s));
    QCOMPARE(mine.signIn, u"signed_in"_s);
    QCOMPARE(mine.signedInBy, u"MINE_KEY"_s);
    QVERIFY(mine.file.endsWith(u"/runtimes/mine.json"));
    QVERIFY(mine.checkedAt > 0);
    QCOMPARE(mine.models.size(), size_t{1});
    QCOMPARE(mine.models.front().prices->inputMicroUsd, 3'000'000);
    QCOMPARE(mine.models.front().prices->source, u"a page"_s);
    QCOMPARE(named(*all, u"old"_s).state, u"wrong_version"_s);
    QVERIFY(named(*all, u"bad"_s).id.isEmpty());
    QVERIFY(!named(*all, u"gemini"_s).npm.isEmpty());

    const auto one = node.query(ListRuntimes{.runtime = u"mine"_s, .again = true});
    QVERIFY(one);
    QCOMPARE(one->size(), size_t{1});
    QVERIFY(one->front().checkedAt >= mine.checkedAt);
    const auto none = node.query(ListRuntimes{.runtime = u"bad"_s});
    QVERIFY(!none);
    QCOMPARE(none.error().code, ErrorCode::InvalidArgument);
    QVERIFY(node.submit(SetSetting{.key = u"runtime.default"_s, .value = u"mine"_s}));
    QVERIFY(named(node.query(ListRuntimes{}).value(), u"mine"_s).isDefault);
}

void TestNodeAgents::doctorTellsOfThem()
{
    QFETCH(bool, background);
    NodeHarness node(background, [this](const Paths &paths) { addPersonal(paths.configDir); });
    const auto items = node.query(RunDoctor{});
    QVERIFY(items);
    const auto item = [&](const QString &name) {
        const auto found = std::ranges::find(*items, name, &CheckItem::name);
        return found == items->end() ? CheckItem() : *found;
    };
    QCOMPARE(item(u"runtime demo"_s).state, u"ok"_s);
    QVERIFY(item(u"runtime mine"_s).detail.contains(u"1.2.3"));
    QCOMPARE(item(u"runtime old"_s).state, u"warning"_s);
    QCOMPARE(item(u"runtime old"_s).advice, u"runtime_wrong_version"_s);
    QCOMPARE(item(u"runtime file"_s).state, u"warning"_s); // and the node runs all the same
    QVERIFY(item(u"runtime file"_s).detail.contains(u"bad.json: argv"));
}

void TestNodeAgents::alwaysMakesARuleUntilItIsRevoked()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(u"flows"_s));
    put(folder.filePath(u"flows/own.flow.yaml"_s),
        "muster: 1\nname: own\nsteps:\n  - { id: a, prompt: 'run `echo hello-rule`' }\n");
    const StartRun start{.project = folder.path(), .flow = u"own"_s, .trust = true};
    const auto asked = [&](RunId run) {
        InboxInfo item;
        (void)QTest::qWaitFor([&] {
            const auto items = node.query(ListInbox{.run = run});
            if (items && !items->empty())
                item = items->front();
            const auto detail = node.query(GetRun{.run = run});
            return item.id.isValid() || !detail || isSettled(detail->run.status);
        }, patienceMs);
        return item;
    };
    const auto first = node.submit(start);
    QVERIFY(first);
    const InboxInfo item = asked(first->refs.run);
    QCOMPARE(item.kind, InboxKind::Permission);
    QVERIFY(node.query(ListPermissions{})->empty());
    QVERIFY(
        node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes, .scope = AnswerScope::Always}));
    QCOMPARE(node.ended(first->refs.run)->run.status, RunStatus::Completed);

    const auto rules = node.query(ListPermissions{});
    QVERIFY(rules);
    QCOMPARE(rules->size(), size_t{1});
    const PermissionInfo rule = rules->front();
    QVERIFY(rule.allowed);
    QCOMPARE(rule.kind, ToolKind::Execute);
    QCOMPARE(rule.pattern, u"echo hello-rule"_s);
    QCOMPARE(rule.projectPath, QDir(folder.path()).canonicalPath());
    QCOMPARE(node.query(ListPermissions{.project = rule.projectPath})->size(), size_t{1});
    QCOMPARE(node.query(ListPermissions{.project = u"/"_s})->size(), size_t{0});

    const auto second = node.submit(start);
    QVERIFY(second);
    QVERIFY(!asked(second->refs.run).id.isValid()); // it ended without a question
    QCOMPARE(node.query(ListPermissions{})->front().usedCount, 1);

    QVERIFY(node.submit(RevokePermission{.rule = rule.id}));
    QVERIFY(node.query(ListPermissions{})->empty());
    const auto again = node.submit(RevokePermission{.rule = rule.id});
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::NotFound);
    const auto third = node.submit(start);
    QVERIFY(third);
    QVERIFY(asked(third->refs.run).id.isValid());
    const auto log = node.query(ListEvents{.filter = {.kinds = {u"permission.revoked"_s}}});
    QVERIFY(log);
    QCOMPARE(log->size(), size_t{1});
    QCOMPARE(log->front().data.value(u"pattern").toString(), u"echo hello-rule"_s);
    QVERIFY(node.submit(CancelRun{.run = third->refs.run}));
    QVERIFY(node.ended(third->refs.run));
}

void TestNodeAgents::rulesAreWrittenAndChanged()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const QTemporaryDir folder;
    const auto project = node.submit(OpenProject{.path = folder.path()});
    QVERIFY(project);
    SetPermission wanted{
        .project = project->text, .profile = u"writer"_s, .pattern = u"ctest *"_s, .allowed = true};
    const auto made = node.submit(wanted);
    QVERIFY2(made, made ? "" : qPrintable(made.error().where));
    PermissionInfo rule = node.query(ListPermissions{})->front();
    QCOMPARE(made->text, rule.id.toString());
    QCOMPARE(rule.profile, u"writer"_s);
    QCOMPARE(rule.projectPath, project->text);
    QVERIFY(rule.allowed && !rule.exact);

    wanted.rule = rule.id;
    wanted.allowed = false;
    wanted.project.clear();
    QVERIFY(node.submit(wanted));
    const auto changed = node.query(ListPermissions{});
    QCOMPARE(changed->size(), size_t{1});
    QCOMPARE(changed->front().id, rule.id);
    QVERIFY(!changed->front().allowed);
    QVERIFY(!changed->front().project.isValid());
    QCOMPARE(changed->front().createdAt, rule.createdAt);
    const auto log = node.query(ListEvents{.filter = {.kinds = {u"permission.kept"_s}}});
    QVERIFY(log);
    QCOMPARE(log->size(), size_t{2});
    QCOMPARE(log->back().data.value(u"effect").toString(), u"deny"_s);
}

void TestNodeAgents::rulesThatAreRefused_data()
{
    QTest::addColumn<SetPermission>("rule");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const SetPermission &rule, ErrorCode code, const QString &where) {
        QTest::newRow(name) << rule << code << where;
    };
    using enum ErrorCode;
    row("empty", {.pattern = u"  "_s}, InvalidArgument, u"permission_rule"_s);
    row("two lines", {.pattern = u"a\nb"_s}, InvalidArgument, u"permission_rule"_s);
    row("turned round", {.pattern = u"a \u202eb"_s}, InvalidArgument, u"permission_rule"_s);
    row("only answered", {.kind = ToolKind::Fetch, .pattern = u"x"_s}, InvalidArgument, u"permission_rule"_s);
    row("never allows", {.pattern = u"make * | sh"_s, .allowed = true}, InvalidArgument,
        u"permission_command"_s);
    row("no project", {.project = u"/nonexistent"_s, .pattern = u"make"_s}, NotFound,
        u"permission_project"_s);
    row("no rule", {.rule = PermissionRuleId{99}, .pattern = u"make"_s}, NotFound, u"permission_rules"_s);
    row("the same", {.pattern = u"make all"_s}, AlreadyExists, u"permission_rule"_s);
}

void TestNodeAgents::rulesThatAreRefused()
{
    QFETCH(SetPermission, rule);
    QFETCH(ErrorCode, code);
    QFETCH(QString, where);
    NodeHarness node(false);
    QVERIFY(node.submit(SetPermission{.pattern = u"make all"_s}));
    const auto refused = node.submit(rule);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, code);
    QCOMPARE(refused.error().where, where);
    QCOMPARE(node.query(ListPermissions{})->size(), size_t{1});
}

// Those of a project that is not trusted as well: a name does nothing. Looking does not open it.
void TestNodeAgents::profilesAreNamed()
{
    NodeHarness node(false);
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(u"agents"_s));
    put(folder.filePath(u"agents/x.agent.md"_s), "---\nname: builder\ndescription: Builds\n---\nBuild it.\n");
    put(folder.filePath(u"agents/y.agent.md"_s), "no profile");
    const QStringList builtIn = node.query(ListProfiles{}).value_or(QStringList());
    QVERIFY(builtIn.contains(u"writer"));
    QStringList expected = builtIn;
    expected += u"builder"_s;
    expected.sort();
    QCOMPARE(node.query(ListProfiles{.project = folder.path()}).value_or(QStringList()), expected);
    QVERIFY(node.query(ListProjects{})->empty());
}

QTEST_GUILESS_MAIN(TestNodeAgents)
#include "tst_node_agents.moc"
