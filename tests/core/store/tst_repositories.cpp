// Inbox, permissions, audit, sessions, streams, conversations, projects, worktrees, settings.
#include "core/store/conversation_repository.h"
#include "core/store/inbox_repository.h"
#include "core/store/merge_turn_repository.h"
#include "core/store/permission_repository.h"
#include "core/store/project_repository.h"
#include "core/store/session_repository.h"
#include "core/store/stream_repository.h"
#include "tests/support/temp_store.h"

using namespace muster;
using namespace Qt::StringLiterals;

class TestRepositories : public QObject {
    Q_OBJECT
private slots:
    void init();
    void inboxAsksOnce();
    void firstAnswerWins();
    void withdrawnCannotBeAnswered();
    void inboxListsAndExpires();
    void rulesOfProjectAndOfAll();
    void auditIsNewestFirst();
    void sessionEndsOnce();
    void streamReadsOn();
    void streamTailIsBounded_data();
    void streamTailIsBounded();
    void messageSettlesOnce();
    void messagesPageBackwards();
    void projectByPath();
    void trustIsBoundToItsHash();
    void worktreeEndsOnce();
    void mergeTurnsAreInOrder();
    void aPlaceThatWasLostIsAtTheEnd();
    void settingsKeepAnyJson_data();
    void settingsKeepAnyJson();

private:
    ProjectId aProject() { return ProjectRepository(*m_db).open(u"/p"_s, u"p"_s, 1).value().id; }
    std::unique_ptr<TempStore> m_temp;
    std::unique_ptr<Connection> m_db;
};

void TestRepositories::init()
{
    m_db.reset();
    m_temp = std::make_unique<TempStore>();
    m_db = m_temp->connection();
    QVERIFY(m_db);
}

void TestRepositories::inboxAsksOnce()
{
    InboxRepository inbox(*m_db);
    const InboxRow item{.key = u"approval/1/ok"_s,
                        .kind = InboxKind::Approval,
                        .refs = {.project = aProject(), .run = {1}, .step = {2}},
                        .title = u"Write?"_s,
                        .body = {{u"show"_s, u"text"_s}},
                        .expiresMs = 90,
                        .createdMs = 5};
    const auto first = inbox.open(item).value();
    const auto second = inbox.open(item).value();
    QVERIFY(first.created);
    QVERIFY(!second.created);
    QCOMPARE(first.id, second.id);
    const InboxRow row = inbox.find(first.id).value();
    QCOMPARE(row.kind, InboxKind::Approval);
    QCOMPARE(row.refs, item.refs);
    QCOMPARE(row.title, item.title);
    QCOMPARE(row.body, item.body);
    QCOMPARE(row.expiresMs, item.expiresMs);
    QVERIFY(inbox.answer(first.id, {.answer = u"yes"_s, .by = u"person"_s, .nowMs = 6}));
    QVERIFY(!inbox.open(item).value().created); // also when it has been answered
    QVERIFY(inbox.open({.title = u"no key"_s}).value().created);
    QVERIFY(inbox.open({.title = u"no key"_s}).value().created);
}

void TestRepositories::firstAnswerWins()
{
    InboxRepository inbox(*m_db);
    const InboxId id = inbox.open({.title = u"?"_s}).value().id;
    QCOMPARE(inbox.openCount().value(), 1);
    QVERIFY(
        inbox.answer(id, {.answer = u"yes"_s, .message = u"go"_s, .scope = u"once"_s, .by = u"window"_s}));
    const Status second = inbox.answer(id, {.answer = u"no"_s, .by = u"command line"_s});
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::Conflict);
    const InboxRow row = inbox.find(id).value();
    QCOMPARE(row.answer, u"yes"_s);
    QCOMPARE(row.answeredBy, u"window"_s);
    QCOMPARE(row.message, u"go"_s);
    QCOMPARE(row.scope, u"once"_s);
    QCOMPARE(row.status, InboxStatus::Answered);
    QCOMPARE(inbox.openCount().value(), 0);
    QCOMPARE(inbox.answer({99}, {}).error().code, ErrorCode::NotFound);
}

void TestRepositories::withdrawnCannotBeAnswered()
{
    InboxRepository inbox(*m_db);
    const InboxId id = inbox.open({.title = u"?"_s}).value().id;
    QVERIFY(inbox.withdraw(id, u"flow"_s, 7));
    QCOMPARE(inbox.answer(id, {.answer = u"yes"_s}).error().code, ErrorCode::Conflict);
    QCOMPARE(inbox.find(id).value().status, InboxStatus::Withdrawn);
}

void TestRepositories::inboxListsAndExpires()
{
    InboxRepository inbox(*m_db);
    const InboxId first = inbox.open({.title = u"a"_s, .expiresMs = 10}).value().id;
    const InboxId second = inbox.open({.refs = {.run = {5}}, .title = u"b"_s}).value().id;
    const InboxId third = inbox.open({.title = u"c"_s, .expiresMs = 10}).value().id;
    QVERIFY(inbox.answer(third, {.answer = u"yes"_s}));
    QCOMPARE(inbox.list({}).value().size(), 3U);
    QCOMPARE(inbox.list({}).value().front().id, third);
    QCOMPARE(inbox.list({.status = InboxStatus::Open}).value().size(), 2U);
    QCOMPARE(inbox.list({.run = {5}}).value().front().id, second);
    QCOMPARE(inbox.list({.limit = 1}).value().size(), 1U);
    QCOMPARE(inbox.expired(9).value().size(), 0U);
    QCOMPARE(inbox.expired(10).value().size(), 1U);
    QCOMPARE(inbox.expired(10).value().front().id, first);
}

void TestRepositories::rulesOfProjectAndOfAll()
{
    PermissionRepository rules(*m_db);
    const ProjectId project = aProject();
    const ProjectId other = ProjectRepository(*m_db).open(u"/q"_s, u"q"_s, 1).value().id;
    const PermissionRuleRow rule{.project = project,
                                 .profile = u"explorer"_s,
                                 .toolKind = ToolKind::Execute,
                                 .pattern = u"ctest *"_s,
                                 .effect = RuleEffect::Allow,
                                 .createdBy = u"person"_s,
                                 .createdMs = 5};
    const auto id = rules.add(rule);
    VERIFY_RESULT(id);
    QVERIFY(rules.add({.pattern = u"rm *"_s, .createdBy = u"person"_s}));
    QVERIFY(rules.add({.project = other, .pattern = u"x"_s, .createdBy = u"person"_s}));
    QVERIFY(rules.countUse(*id, 9));
    const auto found = rules.forProject(project).value();
    QCOMPARE(found.size(), 2U);
    QCOMPARE(found.at(0).pattern, u"ctest *"_s);
    QCOMPARE(found.at(0).toolKind, ToolKind::Execute);
    QCOMPARE(found.at(0).effect, RuleEffect::Allow);
    QCOMPARE(found.at(0).usedCount, 1);
    QCOMPARE(found.at(1).effect, RuleEffect::Deny);
    QCOMPARE(rules.all().value().size(), 3U);
    QCOMPARE(rules.find(*id).value().pattern, u"ctest *"_s);
    QVERIFY(rules.remove(*id));
    QCOMPARE(rules.find(*id).error().code, ErrorCode::NotFound);
    QCOMPARE(rules.remove(*id).error().code, ErrorCode::NotFound);
    QCOMPARE(rules.add({.pattern = u"no origin"_s}).error().code, ErrorCode::InvalidArgument);
}

void TestRepositories::auditIsNewestFirst()
{
    AuditRepository audit(*m_db);
    for (int i = 1; i <= 5; ++i) {
        QVERIFY(audit.add({.atMs = i,
                           .who = u"person"_s,
                           .what = u"permission.allowed"_s,
                           .scope = u"once"_s,
                           .refs = {.run = {i}},
                           .data = {{u"i"_s, i}}}));
    }
    const auto page = audit.list(0, 2).value();
    QCOMPARE(page.size(), 2U);
    QCOMPARE(page.at(0).refs.run, RunId{5});
    QCOMPARE(page.at(0).data.value(u"i").toInt(), 5);
    QCOMPARE(audit.list(page.at(1).id, 10).value().size(), 3U);
    QCOMPARE(audit.add({.what = u"x"_s}).error().code, ErrorCode::InvalidArgument); // by whom?
}

void TestRepositories::sessionEndsOnce()
{
    SessionRepository sessions(*m_db);
    SessionRow row{.project = aProject(),
                   .nativeId = u"n"_s,
                   .runtime = u"demo"_s,
                   .cwd = u"/p"_s,
                   .marker = u"m"_s,
                   .pid = 4'000'000,
                   .pidStart = 123'456'789'012,
                   .owner = u"me"_s};
    row.id = sessions.insert(row).value();
    QVERIFY(sessions.setState(row.id, SessionRowState::Busy, 7));
    row = sessions.find(row.id).value();
    QCOMPARE(row.state, SessionRowState::Busy);
    QCOMPARE(row.pidStart, 123'456'789'012);
    row.turns = 3;
    row.model = u"big"_s;
    QVERIFY(sessions.update(row));
    QCOMPARE(sessions.find(row.id).value().turns, 3);
    QCOMPARE(sessions.open().value().size(), 1U);
    QVERIFY(sessions.end(row.id, FailureReason::Crashed, u"SIGSEGV"_s, 9));
    QCOMPARE(sessions.end(row.id, std::nullopt, {}, 10).error().code, ErrorCode::NotFound);
    QCOMPARE(sessions.setState(row.id, SessionRowState::Idle, 10).error().code, ErrorCode::NotFound);
    row = sessions.find(row.id).value();
    QCOMPARE(row.state, SessionRowState::Ended);
    QCOMPARE(row.endReason, std::optional(FailureReason::Crashed));
    QCOMPARE(sessions.open().value().size(), 0U);
    QCOMPARE(sessions.newest({}, 10).value().size(), 1U);
    QCOMPARE(sessions.newest(row.project, 10).value().size(), 1U);
    QCOMPARE(sessions.newest({99}, 10).value().size(), 0U);
}

void TestRepositories::streamReadsOn()
{
    StreamRepository streams(*m_db);
    std::vector<StreamChunk> chunks{
        {.session = {1}, .messageKey = u"m1"_s, .offset = 0, .atMs = 5, .text = u"Hello "_s},
        {.session = {1}, .channel = StreamChannel::Thinking, .messageKey = u"m1"_s, .text = u"hm"_s},
        {.session = {2}, .messageKey = u"m1"_s, .text = u"other"_s},
        {.task = {1}, .channel = StreamChannel::Terminal, .text = u"$ ls"_s},
        {.session = {1}, .messageKey = u"m1"_s, .offset = 6, .replaces = true, .text = u"world"_s}};
    QVERIFY(streams.append(chunks));
    const auto all = streams.read({.session = {1}}).value();
    QCOMPARE(all.size(), 3U);
    QCOMPARE(all.at(0).id, chunks.at(0).id);
    QCOMPARE(all.at(2).offset, 6);
    QVERIFY(all.at(2).replaces);
    QCOMPARE(streams.read({.session = {1}, .channel = StreamChannel::Text}).value().size(), 2U);
    QCOMPARE(streams.read({.session = {1}, .messageKey = u"none"_s}).value().size(), 0U);
    QCOMPARE(streams.read({.session = {1}, .afterId = all.at(0).id}).value().size(), 2U);
    QCOMPARE(streams.read({.session = {1}, .limit = 1}).value().size(), 1U);
    QCOMPARE(streams.read({.task = {1}}).value().front().text, u"$ ls"_s);
}

void TestRepositories::streamTailIsBounded_data()
{
    QTest::addColumn<qint64>("units");
    QTest::addColumn<QString>("text");
    QTest::newRow("all") << 100LL << u"abc😀def"_s;
    QTest::newRow("exactly") << 8LL << u"abc😀def"_s;
    QTest::newRow("cut") << 6LL << u"c😀def"_s;
    QTest::newRow("before a pair") << 5LL << u"😀def"_s;
    QTest::newRow("not through a pair") << 4LL << u"def"_s;
    QTest::newRow("last chunk") << 3LL << u"def"_s;
    QTest::newRow("within it") << 1LL << u"f"_s;
}

void TestRepositories::streamTailIsBounded()
{
    QFETCH(qint64, units);
    QFETCH(QString, text);
    StreamRepository streams(*m_db);
    std::vector<StreamChunk> chunks{{.session = {1}, .offset = 0, .text = u"abc😀"_s},
                                    {.session = {1}, .offset = 5, .text = u"def"_s}};
    QVERIFY(streams.append(chunks));
    QString tail;
    qint64 end = -1;
    const auto found = streams.tail({.session = {1}}, units);
    VERIFY_RESULT(found);
    for (const StreamChunk &chunk : *found) {
        tail += chunk.text;
        end = chunk.offset + chunk.text.size();
    }
    QCOMPARE(tail, text);
    QCOMPARE(end, 8);
}

void TestRepositories::messageSettlesOnce()
{
    ConversationRepository chat(*m_db);
    const ConversationId id = chat.create({.title = u"t"_s, .createdMs = 1, .updatedMs = 1}).value();
    const MessageRow draft{
        .conversation = id, .role = MessageRole::Assistant, .status = MessageStatus::Pending, .createdMs = 5};
    const MessageId message = chat.addMessage(draft).value();
    QCOMPARE(chat.find(id).value().updatedMs, 5);
    QCOMPARE(chat.unsettled().value().size(), 1U);
    QVERIFY(chat.setText(message, u"so far"_s, u"thought"_s));
    QCOMPARE(chat.message(message).value().status, MessageStatus::Streaming);
    QVERIFY(chat.settle(message, MessageStatus::Interrupted, FailureReason::Crashed, u"x"_s, 9));
    QCOMPARE(chat.settle(message, MessageStatus::Complete, std::nullopt, {}, 10).error().code,
             ErrorCode::Conflict);
    QCOMPARE(chat.setText(message, u"late"_s, {}).error().code, ErrorCode::Conflict);
    MessageRow row = chat.message(message).value();
    QCOMPARE(row.text, u"so far"_s);
    QCOMPARE(row.thinking, u"thought"_s);
    QCOMPARE(row.reason, std::optional(FailureReason::Crashed));
    QCOMPARE(chat.updateMessage(row).error().code, ErrorCode::Conflict);
    QCOMPARE(chat.unsettled().value().size(), 0U);
    QCOMPARE(chat.find(id).value().readTo, 0);
    QVERIFY(chat.markRead(id).value());
    QCOMPARE(chat.find(id).value().readTo, message.value);
    QVERIFY(!chat.markRead(id).value());
    QVERIFY(chat.addMessage(draft)); // runs: cannot have been read to its end
    QVERIFY(!chat.markRead(id).value());
    QCOMPARE(chat.addMessage({.conversation = {99}}).error().code, ErrorCode::NotFound);
}

void TestRepositories::messagesPageBackwards()
{
    ConversationRepository chat(*m_db);
    const ConversationId id = chat.create({}).value();
    std::vector<MessageId> ids;
    for (int i = 0; i < 5; ++i)
        ids.push_back(chat.addMessage({.conversation = id, .text = QString::number(i)}).value());
    const auto newest = chat.messages(id, {}, 2).value();
    QCOMPARE(newest.size(), 2U);
    QCOMPARE(newest.at(0).text, u"3"_s);
    const auto older = chat.messages(id, newest.at(0).id, 10).value();
    QCOMPARE(older.size(), 3U);
    QCOMPARE(older.at(0).text, u"0"_s);
    ConversationRow row = chat.find(id).value();
    row.title = u"renamed"_s;
    QVERIFY(chat.update(row));
    QCOMPARE(chat.list({}, 10).value().front().title, u"renamed"_s);
}

void TestRepositories::projectByPath()
{
    ProjectRepository projects(*m_db);
    const ProjectRow first = projects.open(u"/a"_s, u"a"_s, 10).value();
    const ProjectRow other = projects.open(u"/b"_s, u"b"_s, 20).value();
    const ProjectRow again = projects.open(u"/a"_s, u"ignored"_s, 30).value();
    QCOMPARE(again.id, first.id);
    QCOMPARE(again.name, u"a"_s);
    QCOMPARE(again.createdMs, 10);
    QCOMPARE(again.openedMs, 30);
    QCOMPARE(projects.list().value().front().id, first.id);
    QCOMPARE(projects.find(other.id).value().path, u"/b"_s);
    QVERIFY(!projects.findByPath(u"/c"_s).value());
}

void TestRepositories::trustIsBoundToItsHash()
{
    ProjectRepository projects(*m_db);
    const ProjectId id = aProject();
    QVERIFY(!projects.find(id).value().trustedMs);
    QVERIFY(projects.trust(id, u"hash"_s, u"person"_s, 9));
    QCOMPARE(projects.find(id).value().trustHash, u"hash"_s);
    QCOMPARE(projects.find(id).value().trustedMs, std::optional<qint64>(9));
    QVERIFY(projects.distrust(id));
    QVERIFY(!projects.find(id).value().trustedMs);
    QCOMPARE(projects.trust({99}, {}, {}, 1).error().code, ErrorCode::NotFound);
}

void TestRepositories::worktreeEndsOnce()
{
    WorktreeRepository worktrees(*m_db);
    const ProjectId project = aProject();
    const auto id = worktrees.insert({.project = project,
                                      .path = u"/w"_s,
                                      .branch = u"muster/1"_s,
                                      .baseCommit = u"abc"_s,
                                      .createdMs = 5});
    VERIFY_RESULT(id);
    QVERIFY(worktrees.setHead(*id, u"def"_s));
    QVERIFY(
        worktrees.addSalvage({.worktree = *id, .attempt = 2, .ref = u"refs/muster/s"_s, .commit = u"123"_s}));
    QCOMPARE(worktrees.active(project).value().size(), 1U);
    QCOMPARE(worktrees.active({}).value().size(), 1U);
    QVERIFY(worktrees.end(*id, WorktreeState::Merged, 9));
    QCOMPARE(worktrees.end(*id, WorktreeState::Dropped, 10).error().code, ErrorCode::Conflict);
    const WorktreeRow row = worktrees.find(*id).value();
    QCOMPARE(row.state, WorktreeState::Merged);
    QCOMPARE(row.headCommit, u"def"_s);
    QCOMPARE(worktrees.salvage(*id).value().front().ref, u"refs/muster/s"_s);
    QCOMPARE(worktrees.active({}).value().size(), 0U);
}

void TestRepositories::mergeTurnsAreInOrder()
{
    MergeTurnRepository turns(*m_db);
    const MergeTurn first{.repository = u"/r"_s, .target = u"refs/heads/main"_s, .holder = u"1"_s};
    MergeTurn second = first;
    second.holder = u"2"_s;
    MergeTurn third = first;
    third.holder = u"3"_s;
    MergeTurn elsewhere = third;
    elsewhere.target = u"refs/heads/next"_s;
    QVERIFY(turns.claim(first, u"p"_s, 10, 100).value());
    QVERIFY(!turns.claim(second, u"q"_s, 11, 100).value());
    QVERIFY(!turns.claim(third, u"p"_s, 12, 100).value());
    QVERIFY(turns.claim(elsewhere, u"p"_s, 12, 100).value());
    QVERIFY(turns.claim(first, u"p"_s, 13, 100).value()); // the same act
    QVERIFY(turns.release(first, u"q"_s));                // not theirs
    QVERIFY(!turns.claim(second, u"q"_s, 14, 100).value());
    QVERIFY(turns.release(first, u"p"_s));
    QVERIFY(!turns.claim(third, u"p"_s, 15, 100).value()); // whoever looks first
    QCOMPARE(turns.ahead(third).value(), std::vector<QString>{u"q"_s});
    QVERIFY(!turns.claim(first, u"p"_s, 16, 100).value()); // behind the others now
    QVERIFY(turns.claim(second, u"q"_s, 17, 100).value());
    QVERIFY(turns.releaseAllOf(u"q"_s));
    QVERIFY(turns.claim(third, u"p"_s, 18, 100).value());
}

// Or two would have the turn.
void TestRepositories::aPlaceThatWasLostIsAtTheEnd()
{
    MergeTurnRepository turns(*m_db);
    const MergeTurn slow{.repository = u"/r"_s, .target = u"refs/heads/main"_s, .holder = u"1"_s};
    MergeTurn next = slow;
    next.holder = u"2"_s;
    QVERIFY(turns.claim(slow, u"p"_s, 10, 100).value());
    QVERIFY(!turns.claim(next, u"q"_s, 20, 100).value());
    QVERIFY(turns.renew(next, u"q"_s, 90, 100));
    QVERIFY(turns.renew(slow, u"p"_s, 110, 100)); // too late
    QVERIFY(turns.claim(next, u"q"_s, 111, 100).value());
    QVERIFY(!turns.claim(slow, u"p"_s, 112, 100).value());
    QVERIFY(turns.release(next, u"q"_s));
    QVERIFY(turns.claim(slow, u"p"_s, 113, 100).value());
}

void TestRepositories::settingsKeepAnyJson_data()
{
    QTest::addColumn<QJsonValue>("value");
    QTest::newRow("boolean") << QJsonValue(false);
    QTest::newRow("number") << QJsonValue(9'007'199'254'740'993LL);
    QTest::newRow("text") << QJsonValue(u"a\"ñ"_s);
    QTest::newRow("null") << QJsonValue(QJsonValue::Null);
    QTest::newRow("list") << QJsonValue(QJsonArray{1, u"b"_s});
    QTest::newRow("object") << QJsonValue(QJsonObject{{u"k"_s, QJsonArray{}}});
}

void TestRepositories::settingsKeepAnyJson()
{
    QFETCH(QJsonValue, value);
    SettingsRepository settings(*m_db);
    QVERIFY(!settings.get(u"k"_s).value());
    QVERIFY(settings.set(u"k"_s, u"before"_s, 1));
    QVERIFY(settings.set(u"k"_s, value, 2));
    QCOMPARE(settings.get(u"k"_s).value(), std::optional(value));
    QCOMPARE(settings.all().value().value(u"k"_s), value);
    QVERIFY(settings.remove(u"k"_s));
    QVERIFY(!settings.get(u"k"_s).value());
}

QTEST_GUILESS_MAIN(TestRepositories)
#include "tst_repositories.moc"
