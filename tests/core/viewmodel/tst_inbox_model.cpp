// InboxModel and TaskStream against a node of plain values: order, answers, refusals; text without holes.
#include "core/viewmodel/inbox_model.h"
#include "core/viewmodel/task_stream.h"
#include "tests/support/memory_node.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

api::InboxInfo item(qint64 id, InboxKind kind, qint64 createdAt, bool later = false)
{
    return {.id = InboxId{id},
            .kind = kind,
            .title = u"item %1"_s.arg(id),
            .who = u"survey #1"_s,
            .projectName = u"shop"_s,
            .createdAt = createdAt,
            .later = later};
}

QList<qint64> idsOf(const InboxModel &model)
{
    QList<qint64> ids;
    for (const api::InboxInfo &row : model.rows())
        ids += row.id.value;
    return ids;
}

} // namespace

class TestInboxModel : public QObject {
    Q_OBJECT
private slots:
    void oldestUrgentFirst();
    void answeredNewestFirst();
    void anAnswerGoesToTheNodeOnce();
    void aRefusalLeavesTheItem();
    void whyIsOneLine_data();
    void whyIsOneLine();
    void streamedTextHasNoHoles();
    void aLongTextKeepsItsEnd();
};

void TestInboxModel::oldestUrgentFirst()
{
    MemoryNode node;
    NodeFeed feed(&node);
    node.inbox = {item(1, InboxKind::Warning, 10), item(2, InboxKind::Permission, 30),
                  item(3, InboxKind::Approval, 20), item(4, InboxKind::Question, 5, true)};
    InboxModel model(&feed, InboxModel::Shows::Open);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setActive(true);
    QTRY_COMPARE(idsOf(model), QList<qint64>({3, 2, 1, 4}));
    QVERIFY(model.index(3).data(InboxModel::LaterRole).toBool());
    QCOMPARE(model.index(0).data(InboxModel::ProjectRole).toString(), u"shop"_s);
    QCOMPARE(model.index(0).data(InboxModel::WhoRole).toString(), u"shop · survey #1"_s);
    node.inbox.push_back(item(5, InboxKind::Permission, 25));
    node.touch(u"inbox.opened"_s, {.inbox = InboxId{5}});
    QTRY_COMPARE(idsOf(model), QList<qint64>({3, 5, 2, 1, 4}));
    // Results come after all that waits, those of a schedule together.
    for (const auto &[id, schedule] : {std::pair(6, 2), std::pair(7, 1), std::pair(8, 2)}) {
        node.inbox.push_back(item(id, InboxKind::Result, 1));
        node.inbox.back().schedule = ScheduleId{schedule};
    }
    node.touch(u"inbox.opened"_s, {.inbox = InboxId{6}});
    QTRY_COMPARE(idsOf(model), QList<qint64>({3, 5, 2, 1, 7, 6, 8, 4}));
    // And under a heading of their own.
    const auto section = [&](int row) {
        return model.index(row).data(InboxModel::SectionRole).toString();
    };
    QVERIFY(section(3).isEmpty());
    QCOMPARE(section(4), u"Results of schedules"_s);
    QCOMPARE(section(6), u"Results of schedules"_s);
    QCOMPARE(section(7), u"Put off"_s);
    QVERIFY(model.index(7).data(Qt::AccessibleTextRole).toString().endsWith(u", Put off"_s));
}

void TestInboxModel::answeredNewestFirst()
{
    MemoryNode node;
    NodeFeed feed(&node);
    node.inbox = {item(1, InboxKind::Approval, 1), item(2, InboxKind::Approval, 2),
                  item(3, InboxKind::Approval, 3)};
    node.inbox[0].status = node.inbox[1].status = InboxStatus::Answered;
    node.inbox[0].answeredAt = 100;
    node.inbox[1].answeredAt = 200;
    InboxModel model(&feed, InboxModel::Shows::Done);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setActive(true);
    QTRY_COMPARE(idsOf(model), QList<qint64>({2, 1}));
    QVERIFY(model.index(0).data(InboxModel::SectionRole).toString().isEmpty());
}

void TestInboxModel::anAnswerGoesToTheNodeOnce()
{
    MemoryNode node;
    NodeFeed feed(&node);
    node.inbox = {item(1, InboxKind::Permission, 1)};
    InboxModel model(&feed, InboxModel::Shows::Open);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 1);
    const api::AnswerInbox answer{
        .inbox = InboxId{1}, .answer = api::AnswerKind::Yes, .scope = api::AnswerScope::Task};
    model.answer(answer);
    model.answer(answer); // a second click
    QVERIFY(model.index(0).data(InboxModel::AnsweringRole).toBool());
    QCOMPARE(node.submitted.size(), 1);
    QCOMPARE(node.lastCommand<api::AnswerInbox>()->scope, api::AnswerScope::Task);
    node.inbox[0].status = InboxStatus::Answered;
    QTRY_COMPARE(model.rowCount(), 0); // asks again by itself when the node has answered
    QVERIFY(!model.isAnswering(InboxId{1}));
}

void TestInboxModel::aRefusalLeavesTheItem()
{
    MemoryNode node;
    NodeFeed feed(&node);
    node.inbox = {item(1, InboxKind::Approval, 1)};
    node.refuseWith = Error{.code = ErrorCode::Conflict, .detail = {}, .where = {}};
    InboxModel model(&feed, InboxModel::Shows::Open);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 1);
    const QSignalSpy failed(&model, &InboxModel::failed);
    model.answer({.inbox = InboxId{1}, .answer = api::AnswerKind::No});
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(!model.index(0).data(InboxModel::AnsweringRole).toBool());
}

void TestInboxModel::whyIsOneLine_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QStringList>("paths");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("why");
    QTest::newRow("command") << u"make\ninstall"_s << QStringList{u"a"_s} << u"b"_s << u"make"_s;
    QTest::newRow("paths") << QString() << QStringList{u"a"_s, u"b"_s} << u"c"_s << u"a, b"_s;
    QTest::newRow("turned text") << u"a \u202E;b"_s << QStringList() << QString() << u"a ⟨U+202E⟩;b"_s;
    QTest::newRow("body") << QString() << QStringList() << u"\n\n  first\tline \nsecond"_s << u"first line"_s;
    QTest::newRow("nothing") << QString() << QStringList() << QString() << QString();
}

void TestInboxModel::whyIsOneLine()
{
    QFETCH(const QString, command);
    QFETCH(const QStringList, paths);
    QFETCH(const QString, body);
    QFETCH(const QString, why);
    MemoryNode node;
    NodeFeed feed(&node);
    node.inbox = {item(1, InboxKind::Permission, 1)};
    node.inbox[0].command = command;
    node.inbox[0].paths = paths;
    node.inbox[0].body = body;
    InboxModel model(&feed, InboxModel::Shows::Open);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0).data(InboxModel::WhyRole).toString(), why);
}

void TestInboxModel::streamedTextHasNoHoles()
{
    MemoryNode node;
    constexpr TaskId task{3};
    const auto say = [&](qint64 offset, const QString &text) {
        node.stream({.task = task, .channel = u"text"_s, .offset = offset, .text = text});
    };
    node.streams.insert(task, u"stored "_s);
    TaskStream stream(&node);
    stream.follow(task);
    say(7, u"live "_s); // before the answer to the question has come
    QTRY_COMPARE(stream.text(), u"stored live "_s);
    say(12, u"more"_s);
    QTRY_COMPARE(stream.text(), u"stored live more"_s);
    say(7, u"live more, again"_s); // overlaps what is known
    QTRY_COMPARE(stream.text(), u"stored live more, again"_s);
    node.streams.insert(task, u"stored live more, again, and missed"_s);
    say(35, u"!"_s); // a hole before it
    QTRY_COMPARE(stream.text(), u"stored live more, again, and missed!"_s);
    node.stream({.task = task, .channel = u"thinking"_s, .offset = 36, .text = u"hm"_s});
    node.stream({.task = TaskId{4}, .channel = u"text"_s, .offset = 36, .text = u"other"_s});
    say(36, u" Yes."_s);
    QTRY_COMPARE(stream.text(), u"stored live more, again, and missed! Yes."_s);
    stream.follow({});
    QVERIFY(stream.text().isEmpty());
}

void TestInboxModel::aLongTextKeepsItsEnd()
{
    MemoryNode node;
    constexpr TaskId task{3};
    node.streams.insert(task, QString(TaskStream::maxText - 1, u'a'));
    TaskStream stream(&node);
    stream.follow(task);
    QTRY_COMPARE(stream.text().size(), TaskStream::maxText - 1);
    const QSignalSpy restarted(&stream, &TaskStream::restarted);
    node.stream(
        {.task = task, .channel = u"text"_s, .offset = TaskStream::maxText - 1, .text = u"the end"_s});
    QTRY_COMPARE(restarted.count(), 1);
    QVERIFY(stream.isCut());
    QCOMPARE(stream.text().size(), TaskStream::maxText / 2);
    QVERIFY(stream.text().endsWith(u"the end"_s));
}

QTEST_MAIN(TestInboxModel)
#include "tst_inbox_model.moc"
