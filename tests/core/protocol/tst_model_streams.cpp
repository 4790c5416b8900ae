// The streams of the model providers, each whole, split at every byte, and byte by byte: always the same
// events, always one end. tests/fixtures/models holds one stream a file, in the providers' words.
#include "tests/core/protocol/model_replay.h"

#include <QTest>

using namespace muster;
using namespace muster::testing;

class TestModelStreams : public QObject {
    Q_OBJECT
private slots:
    void streams_data();
    void streams();
    void everyFixtureHasARow();
    void endlessAnswersEnd_data();
    void endlessAnswersEnd();

private:
    QStringList m_rows;
};

void TestModelStreams::streams_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QStringList>("lines");
    const auto row = [this](const char *file, const QStringList &lines) {
        QTest::newRow(file) << QString::fromLatin1(file) << lines;
        m_rows += QString::fromLatin1(file);
    };
    const QString used = u"tokens 640 12 500"_s;
    row("anthropic/text.sse", {u"text: Grüße, Welt 🌍."_s, used, u"stop done"_s});
    row("anthropic/tools.sse",
        {u"thinks: Look first."_s, u"text: I read."_s, uR"(call toolu_1 read_file {"path":"a.txt"})"_s,
         u"call toolu_2 list_files {}"_s, u"tokens 640 30 500"_s, u"stop tool_use"_s});
    row("anthropic/error.sse", {u"text: half"_s, u"tokens 640 1 500"_s, u"failure overloaded Overloaded"_s});
    row("anthropic/dropped.sse",
        {u"text: half"_s, u"tokens 640 1 500"_s, u"failure dropped the stream ended before the answer"_s});
    row("anthropic/limit.sse", {u"text: long"_s, u"call toolu_1 write_file unreadable"_s,
                                u"tokens 640 32000 500"_s, u"stop output_limit"_s});
    row("anthropic/refusal.sse", {u"tokens 640 1 500"_s, u"stop refused"_s});

    const QString all = u"tokens 1200 300 500"_s;
    const QString read = uR"(call call_1 read_file {"path":"a.txt"})"_s;
    const QString list = u"call call_2 list_files {}"_s;
    const QString dropped = u"failure dropped the stream ended before the answer"_s;
    const QString hello = u"text: Grüße, Welt 🌍."_s;
    const QStringList before{u"thinks: Look first."_s, u"text: I read."_s};
    row("responses/text.sse", {hello, all, u"stop done"_s});
    row("responses/tools.sse", before + QStringList{read, list, all, u"stop tool_use"_s});
    row("responses/failed.sse", {u"text: half"_s, u"failure server The model failed."_s});
    row("responses/incomplete.sse", {u"text: long"_s, all, u"stop output_limit"_s});
    row("responses/error.sse", {u"failure rate_limited slow down"_s});
    row("responses/dropped.sse", {u"text: half"_s, dropped});
    row("chat/text.sse", {hello, all, u"stop done"_s});
    row("chat/tools.sse", before + QStringList{read, list, all, u"stop tool_use"_s});
    row("chat/others.sse", before + QStringList{read, u"call x list_files {}"_s, u"stop tool_use"_s});
    row("chat/error.sse", {u"text: half"_s, u"failure server The server had an error"_s});
    row("chat/dropped.sse", {u"text: half"_s, dropped});
    row("chat/length.sse", {u"text: long"_s, u"stop output_limit"_s});
    row("gemini/text.sse", {hello, all, u"stop done"_s});
    row("gemini/tools.sse",
        before + QStringList{read, u"call fc-7 list_files {}"_s, all, u"stop tool_use"_s});
    row("gemini/blocked.sse", {u"tokens 7 0 0"_s, u"stop refused"_s});
    row("gemini/safety.sse", {u"text: half"_s, all, u"stop refused"_s});
    row("gemini/error.sse", {u"text: half"_s, all, u"failure overloaded The model is overloaded."_s});
    row("gemini/dropped.sse", {u"text: half"_s, all, dropped});
    row("gemini/malformed.sse", {all, u"failure server MALFORMED_FUNCTION_CALL"_s});
    const QString local = u"tokens 1200 300 0"_s;
    row("ollama/text.ndjson", {hello, local, u"stop done"_s});
    row("ollama/tools.ndjson", before + QStringList{read, list, local, u"stop tool_use"_s});
    row("ollama/error.ndjson",
        {u"text: half"_s, u"failure server an unknown error was encountered while running the model"_s});
    row("ollama/dropped.ndjson", {u"text: half"_s, dropped});
    row("ollama/length.ndjson", {u"text: long"_s, local, u"stop output_limit"_s});
}

void TestModelStreams::streams()
{
    QFETCH(QString, file);
    QFETCH(QStringList, lines);
    const QByteArray stream = modelFixture(file);
    QVERIFY(!stream.isEmpty());
    const auto kind = enumFromName<ModelApiKind>(file.section(u'/', 0, 0));
    QVERIFY(kind);
    std::optional<ModelMessage> message;
    const auto check = [&](const QList<QByteArrayView> &pieces) {
        ModelReplay replay(*kind);
        for (const QByteArrayView piece : pieces)
            replay.feed(piece);
        replay.finish();
        replay.finish(); // says nothing more
        QCOMPARE(replay.lines(), lines);
        QVERIFY2(replay.problems().isEmpty(), qPrintable(replay.problems().join(u'\n')));
        QVERIFY(!message || *message == replay.stream().message());
        message = replay.stream().message();
    };
    const QByteArrayView all(stream);
    check({all});
    for (qsizetype at = 1; at < all.size() && !QTest::currentTestFailed(); ++at)
        check({all.first(at), all.sliced(at)});
    QList<QByteArrayView> bytes;
    for (qsizetype i = 0; i < all.size(); ++i)
        bytes += all.sliced(i, 1);
    check(bytes);
}

void TestModelStreams::everyFixtureHasARow()
{
    QStringList files;
    for (const auto &[kind, name] : EnumNames<ModelApiKind>::table) {
        const QString folder = QString::fromLatin1(name);
        const QStringList names = QDir(modelFixtures() + folder).entryList(QDir::Files);
        for (const QString &file : names)
            files += folder + u'/' + file;
    }
    files.sort();
    m_rows.sort();
    QCOMPARE(files, m_rows);
}

void TestModelStreams::endlessAnswersEnd_data()
{
    QTest::addColumn<QByteArray>("piece");
    const QByteArray text(100'000, 'x');
    QTest::newRow("text")
        << R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":")" + text +
               "\"}}\n\n";
    QTest::newRow("thoughts")
        << R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":")" +
               text + "\"}}\n\n";
    QTest::newRow("calls")
        << R"(data: {"type":"content_block_start","index":%1,"content_block":{"type":"tool_use","id":"","name":"x"}})"
           "\n\n"_ba;
    QTest::newRow("one event") << QByteArray("data: " + text + "\n");
}

void TestModelStreams::endlessAnswersEnd()
{
    QFETCH(QByteArray, piece);
    ModelReplay replay(ModelApiKind::Anthropic);
    for (int i = 0; i < 300 && !replay.stream().isEnded(); ++i) {
        QByteArray next = piece;
        replay.feed(next.replace("%1", QByteArray::number(i)));
    }
    replay.feed("\n\n");
    QVERIFY(replay.stream().isEnded());
    QVERIFY2(replay.lines().last().startsWith(u"failure protocol"), qPrintable(replay.lines().last()));
}

QTEST_APPLESS_MAIN(TestModelStreams)
#include "tst_model_streams.moc"
