// What is asked once is answered once, and its answer is told again to whoever asks again after a crash.
#include "core/node/queries/queries.h"
#include "core/node/work/inbox_desk.h"
#include "tests/support/temp_store.h"

#include <QSignalSpy>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 30'000;

// A desk as a node has one, on a store that outlives it.
struct Desk {
    explicit Desk(TempStore &temp)
        : hub(*temp.store)
        , ledger(*temp.store, hub, temp.clock)
        , inbox(ledger)
    {
    }

    EventHub hub;
    Ledger ledger;
    InboxDesk inbox;
    QSignalSpy opened{&inbox, &InboxDesk::opened};
    QSignalSpy answered{&inbox, &InboxDesk::answered};

    // The id of what was opened first; not valid when nothing came.
    [[nodiscard]] InboxId openedId() const
    {
        (void)QTest::qWaitFor([this] { return !opened.isEmpty(); }, patienceMs);
        return opened.isEmpty() ? InboxId() : opened.first().at(0).value<InboxRow>().id;
    }
};

const InboxRow question{.key = u"approval:1/ok#1"_s, .kind = InboxKind::Approval, .title = u"Go on?"_s};
const InboxAnswer yes{.answer = u"yes"_s, .scope = u"once"_s, .by = u"--yes"_s};

} // namespace

class TestInboxDesk : public QObject {
    Q_OBJECT
private slots:
    void askedAgainAfterItsAnswer_data();
    void askedAgainAfterItsAnswer();
    void firstAnswerWins();
    void nobodyWaits_data();
    void nobodyWaits();
    void putOffStaysOpen();
};

void TestInboxDesk::askedAgainAfterItsAnswer_data()
{
    QTest::addColumn<bool>("byYes");
    QTest::newRow("by a person") << false;
    QTest::newRow("by --yes") << true;
}

void TestInboxDesk::askedAgainAfterItsAnswer()
{
    QFETCH(bool, byYes);
    TempStore temp;
    QVERIFY(temp.open());
    const auto ask = [&](Desk &desk) {
        if (byYes)
            desk.inbox.openAnswered(question, yes);
        else
            desk.inbox.open(question);
    };
    {
        Desk desk(temp);
        ask(desk);
        if (!byYes) {
            const InboxId id = desk.openedId();
            QVERIFY(id.isValid());
            desk.inbox.answer({.inbox = id, .answer = api::AnswerKind::Yes}, u"person"_s,
                              [](const auto &) {});
        }
        QTRY_COMPARE_WITH_TIMEOUT(desk.answered.size(), 1, patienceMs);
    }
    Desk next(temp); // of the node that comes after
    ask(next);
    QTRY_COMPARE_WITH_TIMEOUT(next.answered.size(), 1, patienceMs);
    QVERIFY(saysYes(next.answered.at(0).at(0).value<InboxRow>()));
    QCOMPARE(next.opened.size(), 0);
}

void TestInboxDesk::firstAnswerWins()
{
    TempStore temp;
    QVERIFY(temp.open());
    Desk desk(temp);
    desk.inbox.open(question);
    const InboxId id = desk.openedId();
    QVERIFY(id.isValid());
    std::vector<Result<InboxRow>> answers;
    for (const auto kind : {api::AnswerKind::No, api::AnswerKind::Yes})
        desk.inbox.answer({.inbox = id, .answer = kind}, u"person"_s,
                          [&](const Result<InboxRow> &row) { answers.push_back(row); });
    QTRY_COMPARE_WITH_TIMEOUT(answers.size(), size_t{2}, patienceMs);
    QVERIFY(answers.front());
    QVERIFY(!saysYes(*answers.front()));
    QVERIFY(!answers.back());
    QCOMPARE(answers.back().error().code, ErrorCode::Conflict);
    QTRY_COMPARE_WITH_TIMEOUT(desk.answered.size(), 1, patienceMs);
}

void TestInboxDesk::nobodyWaits_data()
{
    QTest::addColumn<InboxKind>("kind");
    QTest::addColumn<QString>("asker"); // SQL: who asks, as its id 7
    QTest::addColumn<bool>("withdrawn");
    const auto row = [](const char *name, InboxKind kind, const QString &asker, bool withdrawn) {
        QTest::newRow(name) << kind << asker << withdrawn;
    };
    const QString session = u"INSERT INTO sessions(id, runtime, cwd, state, created_at, active_at, ended_at) "
                            "VALUES (7, 'demo', '/', 'busy', 1, 1, %1)"_s;
    row("session lives", InboxKind::Permission, session.arg(u"NULL"_s), false);
    row("session has ended", InboxKind::Permission, session.arg(2), true);
    row("session is not there", InboxKind::Permission, {}, true);
    row("a question too", InboxKind::Question, session.arg(2), true);
    row("a warning asks nothing", InboxKind::Warning, {}, false);
}

void TestInboxDesk::nobodyWaits()
{
    QFETCH(InboxKind, kind);
    QFETCH(QString, asker);
    QFETCH(bool, withdrawn);
    TempStore temp;
    QVERIFY(temp.open());
    Desk desk(temp);
    InboxRow item = question;
    item.kind = kind;
    item.refs.session = SessionId{7};
    desk.inbox.open(item);
    std::optional<Status> written;
    desk.ledger.commit(&desk.inbox, [asker](Connection &db, EventBatch &log) -> Status {
        if (!asker.isEmpty()) {
            if (const auto there = db.run(asker); !there)
                return std::unexpected(there.error());
        }
        return withdrawOrphans(db, log);
    }, [&](const Status &status) { written = status; });
    QTRY_VERIFY_WITH_TIMEOUT(written.has_value(), patienceMs);
    QVERIFY(*written);
    const InboxId id = desk.openedId();
    QVERIFY(id.isValid());
    std::optional<Result<InboxRow>> answered;
    desk.inbox.answer({.inbox = id, .answer = api::AnswerKind::Yes}, u"person"_s,
                      [&](const Result<InboxRow> &row) { answered = row; });
    QTRY_VERIFY_WITH_TIMEOUT(answered.has_value(), patienceMs);
    QCOMPARE(answered->has_value(), !withdrawn);
    if (withdrawn)
        QCOMPARE(answered->error(),
                 (Error{.code = ErrorCode::Conflict, .detail = u"withdrawn"_s, .where = u"inbox_closed"_s}));
}

void TestInboxDesk::putOffStaysOpen()
{
    TempStore temp;
    QVERIFY(temp.open());
    Desk desk(temp);
    desk.inbox.open(question);
    const InboxId id = desk.openedId();
    QVERIFY(id.isValid());
    std::optional<Result<InboxRow>> later;
    desk.inbox.answer({.inbox = id, .answer = api::AnswerKind::Later}, u"person"_s,
                      [&](const Result<InboxRow> &row) { later = row; });
    QTRY_VERIFY_WITH_TIMEOUT(later.has_value(), patienceMs);
    QVERIFY(*later);
    QVERIFY(queries::toApi(**later).later);
    QCOMPARE((*later)->status, InboxStatus::Open);
}

QTEST_GUILESS_MAIN(TestInboxDesk)
#include "tst_inbox_desk.moc"
