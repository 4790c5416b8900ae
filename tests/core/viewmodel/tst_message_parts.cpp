// An answer as paragraphs and tool calls in the order in which they came about.
#include "core/viewmodel/describe_tool.h"
#include "core/viewmodel/message_parts.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestMessageParts : public QObject {
    Q_OBJECT
private slots:
    void order_data();
    void order();
    void state_data();
    void state();
    void titleFallsBackOnKindAndPath();
    void manyAreCounted();
};

void TestMessageParts::order_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<int>>("offsets");
    QTest::addColumn<QString>("expected"); // parts; tools as [number]
    QTest::newRow("no tools") << u"One."_s << QList<int>{} << u"One."_s;
    QTest::newRow("nothing") << QString() << QList<int>{} << QString();
    QTest::newRow("before") << u"One."_s << QList<int>{0} << u"[1]|One."_s;
    QTest::newRow("between") << u"One.\n\nTwo."_s << QList<int>{4} << u"One.|[1]|Two."_s;
    QTest::newRow("two together") << u"One.\n\nTwo."_s << QList<int>{4, 4} << u"One.|[1][2]|Two."_s;
    QTest::newRow("only blank between") << u"One.\n\nTwo."_s << QList<int>{4, 6} << u"One.|[1][2]|Two."_s;
    QTest::newRow("after") << u"One."_s << QList<int>{4} << u"One.|[1]"_s;
    QTest::newRow("text is behind") << u"On"_s << QList<int>{4} << u"On|[1]"_s;
    QTest::newRow("offsets fall back") << u"One.Two."_s << QList<int>{4, 2} << u"One.|[1][2]|Two."_s;
    QTest::newRow("in a pair") << u"a\U0001F600b"_s << QList<int>{2} << u"a\U0001F600|[1]|b"_s;
    QTest::newRow("code keeps its place") << u"One.\n\n    code"_s << QList<int>{4} << u"One.|[1]|    code"_s;
    QTest::newRow("negative") << u"One."_s << QList<int>{-5} << u"[1]|One."_s;
}

void TestMessageParts::order()
{
    QFETCH(QString, text);
    QFETCH(QList<int>, offsets);
    QFETCH(QString, expected);
    std::vector<api::ToolCall> tools;
    for (int offset : std::as_const(offsets))
        tools.push_back({.id = QString::number(tools.size() + 1), .textOffset = offset});
    QStringList found;
    for (const MessagePart &part : partsOf(text, tools)) {
        QVERIFY(part.text.isEmpty() != part.tools.empty());
        QString words = part.text;
        for (const api::ToolCall &tool : part.tools)
            words += u'[' % tool.id % u']';
        found += words;
    }
    QCOMPARE(found.join(u'|'), expected);
}

void TestMessageParts::state_data()
{
    QTest::addColumn<int>("outcome"); // -1: none
    QTest::addColumn<bool>("live");
    QTest::addColumn<QString>("expected");
    QTest::newRow("done") << static_cast<int>(ToolOutcome::Ok) << false << u"Done, 0.4 s"_s;
    QTest::newRow("failed") << static_cast<int>(ToolOutcome::Failed) << true << u"Failed, 0.4 s"_s;
    QTest::newRow("declined") << static_cast<int>(ToolOutcome::Declined) << true << u"Declined, 0.4 s"_s;
    QTest::newRow("cancelled") << static_cast<int>(ToolOutcome::Cancelled) << true << u"Cancelled, 0.4 s"_s;
    QTest::newRow("runs") << -1 << true << u"Running for 3.0 s"_s;
    QTest::newRow("waits") << -2 << true << u"Waits for you"_s;
    QTest::newRow("cut off while it waited") << -2 << false << u"Cut off"_s;
    QTest::newRow("cut off") << -1 << false << u"Cut off"_s;
}

void TestMessageParts::state()
{
    QFETCH(int, outcome);
    QFETCH(bool, live);
    QFETCH(QString, expected);
    api::ToolCall call{.waitsForYou = outcome == -2, .startedAt = 1000};
    if (outcome >= 0) {
        call.outcome = static_cast<ToolOutcome>(outcome);
        call.endedAt = 1400;
    }
    QCOMPARE(describeToolState(call, live, 4000), expected);
}

void TestMessageParts::titleFallsBackOnKindAndPath()
{
    QCOMPARE(toolTitle({.title = u"Read\n a.c "_s}), u"Read a.c"_s);
    QCOMPARE(toolTitle({.kind = ToolKind::Edit, .paths = {u"a.c"_s}}), u"Edit a.c"_s);
    QCOMPARE(toolTitle({.kind = ToolKind::Fetch}), u"Fetch"_s);
}

void TestMessageParts::manyAreCounted()
{
    std::vector<api::ToolCall> calls(5, {.kind = ToolKind::Read});
    calls.insert(calls.begin() + 2, {.kind = ToolKind::Search});
    QCOMPARE(describeTools(calls), u"Read × 5, Search × 1"_s);
}

QTEST_GUILESS_MAIN(TestMessageParts)
#include "tst_message_parts.moc"
