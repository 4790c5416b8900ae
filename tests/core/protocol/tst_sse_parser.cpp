// Server-sent events by the rules of the HTML standard, in every split.
#include "core/protocol/sse_parser.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

// "type|data|id" of each, or "too long: type size".
QStringList eventsOf(const QList<QByteArray> &chunks, qsizetype maxLine = SseParser::defaultMaxLine,
                     qsizetype maxEvent = SseParser::defaultMaxEvent)
{
    SseParser parser(maxLine, maxEvent);
    QStringList seen;
    for (const QByteArray &chunk : chunks) {
        parser.feed(chunk);
        while (const auto event = parser.next()) {
            seen += event->kind == SseEvent::Kind::TooLong
                        ? QString(u"too long: "_s + QString::fromUtf8(event->type))
                        : QString::fromUtf8(event->type + '|' + event->data + '|' + event->lastId);
        }
    }
    return seen;
}

} // namespace

class TestSseParser : public QObject {
    Q_OBJECT
private slots:
    void streams_data();
    void streams();
    void retryIsKept();
    void tooLongIsLeftOutAndToldOf_data();
    void tooLongIsLeftOutAndToldOf();
    void memoryIsBounded();
};

void TestSseParser::streams_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QStringList>("events");
    const auto row = [](const char *name, const QByteArray &stream, const QStringList &events) {
        QTest::newRow(name) << stream << events;
    };
    row("nothing", "", {});
    row("one", "data: a\n\n", {u"|a|"_s});
    row("named", "event: ping\ndata: {}\n\n", {u"ping|{}|"_s});
    row("two lines", "data: a\ndata: b\n\n", {u"|a\nb|"_s});
    row("CR", "data: a\rdata: b\r\rdata: c\r\r", {u"|a\nb|"_s, u"|c|"_s});
    row("CRLF", "data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", {u"|a\nb|"_s, u"|c|"_s});
    row("mixed ends", "data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\n", {u"|a\nb\nc|"_s, u"|d|"_s});
    row("LF CR is two ends", "data: a\n\rdata: b\n\n", {u"|a|"_s, u"|b|"_s});
    row("one space goes", "data:  a\ndata:b\n\n", {u"| a\nb|"_s});
    row("byte order mark",
        "\xEF\xBB\xBF"
        "data: a\n\ndata: \xEF\xBB\xBF"
        "b\n\n",
        {u"|a|"_s, u"|\uFEFFb|"_s});
    row("mark only at the start",
        "data: a\n\n\xEF\xBB\xBF"
        "data: b\n\n",
        {u"|a|"_s});
    row("comments", ": hello\n\n:\ndata: a\n: between\ndata: b\n\n", {u"|a\nb|"_s});
    row("no data is no event", "event: x\n\ndata: a\n\n", {u"|a|"_s});
    row("empty data", "data\n\ndata:\n\ndata\ndata\n\n", {u"||"_s, u"||"_s, u"|\n|"_s});
    row("id stays", "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", {u"|a|1"_s, u"|b|1"_s, u"|c|"_s});
    row("id with NUL is none", QByteArray("id: 1\nid: 2\0\ndata: a\n\n", 22), {u"|a|1"_s});
    row("unknown field", "foo: bar\ndata: a\nDATA: b\n\n", {u"|a|"_s});
    row("open end is no event", "data: a\n\ndata: b\n", {u"|a|"_s});
    row("bad UTF-8",
        "data: a\xFF"
        "b\n\n",
        {u"|a\uFFFDb|"_s});
    row("letters of several bytes", "event: grü\ndata: 🌍\n\n", {u"grü|🌍|"_s});
    row("last type counts", "event: a\nevent: b\ndata: x\n\n", {u"b|x|"_s});
    row("colon in data", "data: a: b\n\n", {u"|a: b|"_s});
}

void TestSseParser::streams()
{
    QFETCH(QByteArray, stream);
    QFETCH(QStringList, events);
    QCOMPARE(eventsOf({stream}), events);
    for (qsizetype at = 1; at < stream.size(); ++at)
        QCOMPARE(eventsOf({stream.first(at), stream.sliced(at)}), events);
    QList<QByteArray> bytes;
    for (qsizetype i = 0; i < stream.size(); ++i)
        bytes += stream.sliced(i, 1);
    QCOMPARE(eventsOf(bytes), events);
}

void TestSseParser::retryIsKept()
{
    SseParser parser;
    parser.feed("data: a\n\n");
    QVERIFY(!parser.retryMs());
    parser.feed("retry: 1500\n\nretry: soon\nretry: -4\nretry: 99999999999999999999\n\n");
    QCOMPARE(parser.retryMs(), 1500);
    parser.feed("retry: 0\n\n");
    QCOMPARE(parser.retryMs(), 0);
}

void TestSseParser::tooLongIsLeftOutAndToldOf_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QStringList>("events");
    const QByteArray line = "data: " + QByteArray(41, 'x') + '\n';
    QTest::newRow("a line") << "event: big\n" + line + "data: y\n\ndata: z\n\n"
                            << QStringList{u"too long: big"_s, u"|z|"_s};
    QTest::newRow("all lines") << "data: " + QByteArray(30, 'x') + "\ndata: " + QByteArray(30, 'x') +
                                      "\n\ndata: z\n\n"
                               << QStringList{u"too long: "_s, u"|z|"_s};
    QTest::newRow("just fits") << "data: " + QByteArray(40, 'x') + "\n\n"
                               << QStringList{u"|%1|"_s.arg(QString(40, u'x'))};
    QTest::newRow("a comment") << ":" + QByteArray(60, 'x') + "\n\ndata: z\n\n"
                               << QStringList{u"too long: "_s, u"|z|"_s};
}

void TestSseParser::tooLongIsLeftOutAndToldOf()
{
    QFETCH(QByteArray, stream);
    QFETCH(QStringList, events);
    for (qsizetype at = 0; at <= stream.size(); ++at)
        QCOMPARE(eventsOf({stream.first(at), stream.sliced(at)}, 46, 50), events);
}

void TestSseParser::memoryIsBounded()
{
    SseParser parser(1000, 1000);
    for (int i = 0; i < 10'000; ++i) {
        parser.feed("data: never a line's end, and no end to it ");
        QVERIFY(parser.pendingBytes() <= 1000);
    }
    parser.feed("\n");
    for (int i = 0; i < 10'000; ++i) {
        parser.feed("data: never an event's end\n");
        QVERIFY(parser.pendingBytes() <= 2000);
    }
    parser.feed("\n");
    const auto event = parser.next();
    QVERIFY(event);
    QCOMPARE(event->kind, SseEvent::Kind::TooLong);
    QVERIFY(event->size > 600'000);
    QVERIFY(!parser.next());
}

QTEST_APPLESS_MAIN(TestSseParser)
#include "tst_sse_parser.moc"
