#include "core/protocol/line_framer.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <unistd.h>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

struct Seen {
    QList<QByteArray> lines;
    QList<qint64> tooLong;
    int repaired = 0;

    void take(const Frame &frame)
    {
        if (frame.kind == Frame::Kind::TooLong)
            tooLong.append(frame.size);
        else
            lines.append(frame.line.toByteArray());
        repaired += frame.invalidUtf8 ? 1 : 0;
    }
};

void drain(LineFramer &framer, Seen &seen)
{
    while (auto frame = framer.next())
        seen.take(*frame);
}

Seen frames(const QList<QByteArray> &chunks, qsizetype maxLine = LineFramer::defaultMaxLine)
{
    LineFramer framer(maxLine);
    Seen seen;
    for (const QByteArray &chunk : chunks) {
        framer.feed(chunk);
        drain(framer, seen);
    }
    if (auto frame = framer.finish())
        seen.take(*frame);
    return seen;
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

qint64 residentKiB()
{
    const QList<QByteArray> fields = readFile(u"/proc/self/statm"_s).split(' ');
    return fields.value(1).toLongLong() * sysconf(_SC_PAGESIZE) / 1024;
}

} // namespace

class TestLineFramer : public QObject {
    Q_OBJECT

private slots:
    void splitsLines_data();
    void splitsLines();
    void everySplitOfTranscripts_data();
    void everySplitOfTranscripts();
    void bytewise();
    void tooLongLineIsReportedOnceAndDropped();
    void limitIsExact();
    void hugeLineNeedsBoundedMemory();
    void manyLinesInOneChunk();
    void paddingIsReadable();
};

void TestLineFramer::splitsLines_data()
{
    QTest::addColumn<QList<QByteArray>>("chunks");
    QTest::addColumn<QList<QByteArray>>("lines");
    QTest::addColumn<int>("repaired");
    using L = QList<QByteArray>;
    QTest::newRow("nothing") << L{} << L{} << 0;
    QTest::newRow("one") << L{"a\n"} << L{"a"} << 0;
    QTest::newRow("empty lines") << L{"\n\na\n"} << L{"", "", "a"} << 0;
    QTest::newRow("unfinished") << L{"a\nb"} << L{"a", "b"} << 0;
    QTest::newRow("split") << L{"a", "b", "\nc"} << L{"ab", "c"} << 0;
    QTest::newRow("crlf") << L{"a\r\nb\r\r\n"} << L{"a", "b\r"} << 0;
    QTest::newRow("split crlf") << L{"a\r", "\n"} << L{"a"} << 0;
    QTest::newRow("lone cr is text") << L{"a\rb\n"} << L{"a\rb"} << 0;
    QTest::newRow("nul") << L{QByteArray("a\0b\n", 4)} << L{QByteArray("a\0b", 3)} << 0;
    QTest::newRow("line separator is text") << L{"a\xe2\x80\xa8"
                                                 "b\n"}
                                            << L{"a\xe2\x80\xa8"
                                                 "b"}
                                            << 0;
    QTest::newRow("utf-8 split in a character") << L{"\xc3", "\xa9\n"} << L{"\xc3\xa9"} << 0;
    QTest::newRow("invalid utf-8") << L{"a\xff"
                                        "b\nc\n"}
                                   << L{"a\xef\xbf\xbd"
                                        "b",
                                        "c"}
                                   << 1;
    QTest::newRow("invalid with nul")
        << L{QByteArray("\0\xff\n", 3)} << L{QByteArray("\0\xef\xbf\xbd", 4)} << 1;
    QTest::newRow("cut character at the end")
        << L{"ok\n\xe2\x80"} << L{"ok", "\xef\xbf\xbd\xef\xbf\xbd"} << 1;
}

void TestLineFramer::splitsLines()
{
    QFETCH(QList<QByteArray>, chunks);
    QFETCH(QList<QByteArray>, lines);
    QFETCH(int, repaired);
    const Seen seen = frames(chunks);
    QCOMPARE(seen.lines, lines);
    QCOMPARE(seen.repaired, repaired);
    QVERIFY(seen.tooLong.isEmpty());
}

void TestLineFramer::everySplitOfTranscripts_data()
{
    QTest::addColumn<QString>("path");
    const QDir root(QStringLiteral(MUSTER_SOURCE_DIR "/tests/fixtures/transcripts"));
    const QStringList agents = root.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &agent : agents) {
        const QDir folder(root.filePath(agent));
        const QStringList files = folder.entryList({u"*.io.jsonl"_s});
        QVERIFY(!files.isEmpty());
        QTest::addRow("%s", qPrintable(agent)) << folder.filePath(files.first());
    }
    QVERIFY(!agents.isEmpty());
}

void TestLineFramer::everySplitOfTranscripts()
{
    QFETCH(QString, path);
    // The tail keeps the run short; lines of every length occur in it.
    const QByteArray bytes = readFile(path).last(5000);
    QList<QByteArray> expected = bytes.split('\n');
    QVERIFY(expected.size() > 3);
    expected.removeLast(); // what split() finds after the last line end
    for (qsizetype at = 0; at <= bytes.size(); ++at)
        QCOMPARE(frames({bytes.first(at), bytes.sliced(at)}).lines, expected);
}

void TestLineFramer::bytewise()
{
    const QByteArray bytes =
        readFile(QStringLiteral(MUSTER_SOURCE_DIR "/tests/fixtures/transcripts/gemini/acp_allow.io.jsonl"));
    QList<QByteArray> chunks;
    for (const char byte : bytes)
        chunks.append(QByteArray(1, byte));
    QCOMPARE(frames(chunks).lines, frames({bytes}).lines);
    QVERIFY(frames({bytes}).lines.size() > 10);
}

void TestLineFramer::tooLongLineIsReportedOnceAndDropped()
{
    const QByteArray big(1000, 'x');
    for (qsizetype chunk : {1, 7, 99, 100, 101, 5000}) {
        const QByteArray bytes = "before\n" + big + "\nafter\n" + big;
        QList<QByteArray> chunks;
        for (qsizetype at = 0; at < bytes.size(); at += chunk)
            chunks.append(bytes.sliced(at, std::min(chunk, bytes.size() - at)));
        const Seen seen = frames(chunks, 100);
        QCOMPARE(seen.lines, (QList<QByteArray>{"before", "after"}));
        QCOMPARE(seen.tooLong, (QList<qint64>{1000, 1000}));
    }
}

void TestLineFramer::limitIsExact()
{
    QCOMPARE(frames({QByteArray(100, 'x') + '\n'}, 100).lines.size(), 1);
    QCOMPARE(frames({QByteArray(101, 'x') + '\n'}, 100).tooLong, QList<qint64>{101});
}

void TestLineFramer::hugeLineNeedsBoundedMemory()
{
    const qint64 before = residentKiB();
    const QByteArray chunk(65536, 'x');
    LineFramer framer;
    Seen seen;
    qint64 most = 0;
    for (int i = 0; i < 3200; ++i) { // 200 MiB
        framer.feed(chunk);
        drain(framer, seen);
        if (i % 64 == 0)
            most = std::max(most, residentKiB() - before);
    }
    QVERIFY(seen.lines.isEmpty() && seen.tooLong.isEmpty());
    framer.feed("\nafter\n");
    drain(framer, seen);
    QCOMPARE(seen.tooLong, QList<qint64>{200LL * 1024 * 1024});
    QCOMPARE(seen.lines, QList<QByteArray>{"after"});
    // The line's limit, once more while it grows, and room for the allocator and sanitizers.
    QVERIFY2(most < 200LL * 1024, qPrintable(QString::number(most)));
    QCOMPARE(framer.pendingBytes(), 0);
}

void TestLineFramer::manyLinesInOneChunk()
{
    QByteArray bytes;
    for (int i = 0; i < 50000; ++i)
        bytes += QByteArray::number(i) + '\n';
    const Seen seen = frames({bytes});
    QCOMPARE(seen.lines.size(), 50000);
    QCOMPARE(seen.lines.last(), QByteArray("49999"));
}

void TestLineFramer::paddingIsReadable()
{
    // Under the address sanitizer this fails if a frame ends closer to the end of its buffer.
    LineFramer framer;
    for (qsizetype size = 0; size < 300; ++size) {
        framer.feed(QByteArray(QByteArray(size, size % 3 == 0 ? '\xff' : 'x') + '\n'));
        const auto frame = framer.next();
        QVERIFY(frame);
        int sum = 0;
        for (qsizetype i = 0; i < frame->line.size() + LineFramer::padding; ++i)
            sum += frame->line.data()[i];
        QVERIFY(sum != 1);
        QVERIFY(!framer.next());
    }
}

QTEST_APPLESS_MAIN(TestLineFramer)
#include "tst_line_framer.moc"
