// What the Paseo hub prints: its live output as events, whole, split at every byte and damaged; its
// transcript; its answers in JSON.
#include "core/protocol/paseo/paseo_replies.h"
#include "core/protocol/paseo/paseo_screen.h"
#include "core/protocol/paseo/paseo_transcript.h"

#include <QTest>

#include <random>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

// Events as lines; pieces of text that follow each other are one.
class Record {
public:
    void operator()(const PaseoEvent &event)
    {
        if (const auto *text = std::get_if<PaseoText>(&event)) {
            m_text += text->text;
            return;
        }
        flush();
        if (const auto *thought = std::get_if<PaseoThought>(&event))
            m_lines += u"thought "_s + thought->text;
        else if (const auto *tool = std::get_if<PaseoTool>(&event))
            m_lines += u"tool %1 %2"_s.arg(tool->name, tool->status);
        else if (const auto *notice = std::get_if<PaseoNotice>(&event))
            m_lines += u"notice "_s + notice->text;
    }
    QStringList lines()
    {
        flush();
        return m_lines;
    }

private:
    void flush()
    {
        if (!m_text.isEmpty())
            m_lines += u"text "_s + m_text;
        m_text.clear();
    }
    QStringList m_lines;
    QString m_text;
};

QStringList read(const QList<QByteArray> &pieces, const QString &prompt, int earlier = 0)
{
    Record record;
    PaseoScreen screen(prompt, earlier, std::ref(record));
    for (const QByteArray &piece : pieces)
        screen.feed(piece);
    screen.end();
    return record.lines();
}

const QString kPrompt = u"Fix it\n\nand test it"_s;
const QByteArray kScreen = "Attaching to agent bb1c625...\n(Press Ctrl+C to detach)\n\n"
                           "\n[User] Old\nAn old answer.\n[User] Fix it\n\nand test it\n"
                           "Gr\xc3\xbc\xc3\x9f"
                           "e, I [look]\n\nat it.\n[Tool: bash] running\n"
                           "\n[Todo] 1/2 completed\n"
                           "\n[Permission Required] Write\n  Write to a.txt\n  Allow: paseo permit allow\n"
                           "\n[Permission allow]\n"
                           "\n[Tool: bash] completed\n"
                           "\n[Reasoning] hm\n[Tool] is no mark\n[To"
                           "\n[Attention Required: finished]\n";
const QStringList kEvents{u"text Grüße, I [look]\n\nat it."_s,
                          u"tool bash running"_s,
                          u"notice [Todo] 1/2 completed"_s,
                          u"notice [Permission Required] Write"_s,
                          u"notice [Permission allow]"_s,
                          u"tool bash completed"_s,
                          u"thought hm"_s,
                          u"text [Tool] is no mark\n[To"_s,
                          u"notice [Attention Required: finished]"_s};

} // namespace

class TestPaseo : public QObject {
    Q_OBJECT
private slots:
    void screen();
    void splitAtEveryByte();
    void oneByteAtATime();
    void turnsAreToldApart();
    void textComesAsItIsSaid();
    void aLongMarkIsCut();
    void damaged();
    void transcripts_data();
    void transcripts();
    void asked();
    void rests_data();
    void rests();
    void agents();
    void progress();
    void lists();
    void errors_data();
    void errors();
    void damagedAnswers();
};

void TestPaseo::screen() { QCOMPARE(read({kScreen}, kPrompt), kEvents); }

void TestPaseo::splitAtEveryByte()
{
    for (qsizetype at = 0; at <= kScreen.size(); ++at)
        QCOMPARE(read({kScreen.first(at), kScreen.sliced(at)}, kPrompt), kEvents);
}

void TestPaseo::oneByteAtATime()
{
    QList<QByteArray> pieces;
    for (const char byte : kScreen)
        pieces += QByteArray(1, byte);
    QCOMPARE(read(pieces, kPrompt), kEvents);
}

void TestPaseo::turnsAreToldApart()
{
    const QByteArray both = "\n[User] again\nOnce.\n[User] again\nTwice.";
    QCOMPARE(read({both}, u"again"_s, 1), QStringList{u"text Twice."_s});
    QCOMPARE(read({both}, u"again"_s, 2), QStringList());
    QCOMPARE(read({both}, u"other"_s), QStringList());
    QCOMPARE(read({"\n[User] again\nOnce.\n[User] from elsewhere\n"}, u"again"_s),
             (QStringList{u"text Once."_s, u"notice [User] from elsewhere"_s}));
}

// Nothing waits for the end of a line that is text for certain.
void TestPaseo::textComesAsItIsSaid()
{
    QStringList pieces;
    PaseoScreen screen(u"q"_s, 0, [&](const PaseoEvent &event) {
        if (const auto *text = std::get_if<PaseoText>(&event))
            pieces += text->text;
    });
    screen.feed("\n[User] q\nAbc");
    QCOMPARE(pieces, QStringList{u"Abc"_s});
    screen.feed(" def\n");
    QCOMPARE(pieces, (QStringList{u"Abc"_s, u" def"_s}));
    screen.feed("ghi");
    QCOMPARE(pieces.last(), u"\nghi"_s);
    QVERIFY(screen.isInTurn());
}

void TestPaseo::aLongMarkIsCut()
{
    const QByteArray much(4 * PaseoScreen::maxMark, 'x');
    const QStringList lines = read({"\n[User] q\n\n[Reasoning] " + much + "\nText."}, u"q"_s);
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines.front().size() <= PaseoScreen::maxMark);
    QCOMPARE(lines.last(), u"text Text."_s);
}

void TestPaseo::damaged()
{
    const int rounds = std::max(2000, qEnvironmentVariableIntValue("MUSTER_FUZZ_INPUTS"));
    std::mt19937 random(7); // NOLINT(cert-msc51-cpp): the same inputs each time
    const auto below = [&](qsizetype n) {
        return static_cast<qsizetype>(random() % static_cast<unsigned>(n));
    };
    for (int round = 0; round < rounds; ++round) {
        QByteArray bytes = kScreen;
        for (int i = 0; i < 8; ++i) {
            switch (below(3)) {
            case 0:
                bytes[below(bytes.size())] = static_cast<char>(below(256));
                break;
            case 1:
                bytes.remove(below(bytes.size() - 40), below(40));
                break;
            default:
                bytes.insert(below(bytes.size()), kScreen.sliced(below(kScreen.size() - 60), below(60)));
            }
        }
        const qsizetype at = below(bytes.size());
        const QStringList split = read({bytes.first(at), bytes.sliced(at)}, kPrompt);
        QCOMPARE(split, read({bytes}, kPrompt));
        for (const QString &line : split)
            QVERIFY(line.size() <= bytes.size() + 16);
    }
}

void TestPaseo::transcripts_data()
{
    QTest::addColumn<QString>("transcript");
    QTest::addColumn<QString>("answer");
    const QString asked = u"[User] Fix it\n\nand test it\n"_s;
    QTest::newRow("one") << QString(asked + u"Done.\n\nAll of it.\n"_s) << u"Done.\n\nAll of it."_s;
    QTest::newRow("the last") << QString(asked + u"First.\n"_s + asked + u"Second."_s) << u"Second."_s;
    QTest::newRow("no answer") << asked << QString();
    QTest::newRow("nothing") << u"No activity to display.\n"_s << QString();
    QTest::newRow("shown otherwise") << u"[User] old\nold\n[User] <system>Fix</system>\nDone."_s
                                     << u"Done."_s;
    QTest::newRow("one line of it") << u"[User] Fix it\nDone."_s << u"Done."_s;
}

void TestPaseo::transcripts()
{
    QFETCH(QString, transcript);
    QFETCH(QString, answer);
    QCOMPARE(answerIn(transcript, kPrompt), answer);
}

void TestPaseo::asked()
{
    QCOMPARE(timesAsked(u"[User] again\nOnce.\n[User] again \n[User] again?\nagain"_s, u" again\n"_s), 2);
    QCOMPARE(timesAsked({}, u"again"_s), 0);
}

void TestPaseo::rests_data()
{
    QTest::addColumn<QString>("told");
    QTest::addColumn<QString>("whole");
    QTest::addColumn<bool>("isBeginning");
    QTest::addColumn<QString>("rest");
    QTest::newRow("nothing told") << QString() << u"All."_s << true << u"All."_s;
    QTest::newRow("all told") << u" All.\n"_s << u"All."_s << true << QString();
    QTest::newRow("part") << u"A\n b"_s << u"A b\nc"_s << true << u"\nc"_s;
    QTest::newRow("other") << u"A x"_s << u"A b"_s << false << QString();
    QTest::newRow("more was told") << u"A b c"_s << u"A b"_s << false << QString();
    QTest::newRow("nothing at all") << QString() << QString() << true << QString();
}

void TestPaseo::rests()
{
    QFETCH(QString, told);
    QFETCH(QString, whole);
    QFETCH(bool, isBeginning);
    QFETCH(QString, rest);
    const auto found = restAfter(told, whole);
    QCOMPARE(found.has_value(), isBeginning);
    QCOMPARE(found.value_or(QString()), rest);
}

void TestPaseo::agents()
{
    const auto agent =
        readPaseoAgent("(node:7) Warning: x\n{\n \"Id\": \"a1\", \"Status\": \"running\", "
                       "\"Archived\": true, \"Model\": \"-\", \"New\": [1], \"LastUsage\": "
                       "{\"InputTokens\": 5, \"OutputTokens\": -1, \"CostUsd\": 0.5}, "
                       "\"PendingPermissions\": [{\"id\": \"p1\", \"tool\": \"Bash\"}, {}, 3]}\n");
    QVERIFY(agent);
    QCOMPARE(agent->id, u"a1"_s);
    QCOMPARE(agent->status, u"running"_s);
    QVERIFY(agent->archived);
    QVERIFY(agent->usage);
    QCOMPARE(agent->usage->input, 5);
    QCOMPARE(agent->usage->output, 0);
    QCOMPARE(agent->usage->costUsd, 0.5);
    QCOMPARE(agent->permissions.size(), size_t{1});
    QCOMPARE(agent->permissions.front().tool, u"Bash"_s);
    QVERIFY(!readPaseoAgent(R"({"Id": "a1", "Status": "idle", "LastUsage": null})")->usage);
    QVERIFY(!readPaseoAgent(R"({"Id": "a1"})"));
}

void TestPaseo::progress()
{
    const auto made =
        readPaseoProgress("{\n  \"agentId\": \"a1\",\n  \"status\": \"created\",\n  \"title\": null\n}");
    QVERIFY(made);
    QCOMPARE(made->agentId, u"a1"_s);
    QCOMPARE(readPaseoProgress(R"({"agentId": "a", "status": "error", "message": "m"})")->message, u"m"_s);
    QVERIFY(!readPaseoProgress(R"({"agentId": "", "status": "idle"})"));
    QVERIFY(!readPaseoProgress("[]"));
}

void TestPaseo::lists()
{
    const auto providers = readPaseoProviders(
        R"([{"provider": "a", "status": "available", "enabled": true}, {"provider": "b", "status": "available",
            "enabled": "Disabled"}, {"provider": "c", "status": "unavailable", "enabled": "Enabled"},
            {"provider": "d", "status": "available", "enabled": "Enabled"}, {"status": "available"}])");
    QVERIFY(providers);
    QStringList usable;
    for (const PaseoProvider &provider : *providers) {
        if (provider.usable)
            usable += provider.id;
    }
    QCOMPARE(usable, (QStringList{u"a"_s, u"d"_s}));
    const auto permissions = readPaseoPermissions(
        R"([{"id": "12345678", "agentId": "a1", "name": "Bash", "description": "Run ls"}])");
    QVERIFY(permissions);
    QCOMPARE(permissions->front().description, u"Run ls"_s);
    QVERIFY(readPaseoList("[]")->empty());
    QVERIFY(!readPaseoList("{}"));
}

void TestPaseo::errors_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("detail");
    QTest::newRow("daemon") << QByteArray(
                                   "{\"error\": {\n\"code\": \"DAEMON_NOT_RUNNING\", \"message\": \"m\"}}")
                            << ErrorCode::Unavailable << u"m"_s;
    QTest::newRow("daemon, in words")
        << QByteArray("Error: Cannot connect to daemon at x: y\nStart it") << ErrorCode::Unavailable
        << u"Error: Cannot connect to daemon at x: y\nStart it"_s;
    QTest::newRow("agent") << QByteArray("{\"error\":{\"code\":\"AGENT_NOT_FOUND\",\"message\":\"gone\"}}")
                           << ErrorCode::NotFound << u"gone"_s;
    QTest::newRow("agent of send") << QByteArray("{\"error\":{\"code\":\"SEND_FAILED\",\"message\":\"Failed "
                                                 "to send message: Agent not found: x\"}}")
                                   << ErrorCode::NotFound << u"Failed to send message: Agent not found: x"_s;
    QTest::newRow("after other words")
        << QByteArray("Created workspace w\n{\"error\":{\"code\":\"X\",\"message\":\"m\"}}")
        << ErrorCode::Internal << u"m"_s;
    QTest::newRow("words") << QByteArray(" unknown option \n") << ErrorCode::Internal << u"unknown option"_s;
    QTest::newRow("nothing") << QByteArray() << ErrorCode::Internal << QString();
}

void TestPaseo::errors()
{
    QFETCH(QByteArray, said);
    QFETCH(ErrorCode, code);
    QFETCH(QString, detail);
    const Error error = readPaseoError(said);
    QCOMPARE(error.code, code);
    QCOMPARE(error.detail, detail);
}

void TestPaseo::damagedAnswers()
{
    const QByteArray good = R"({"Id": "a1", "Status": "idle", "PendingPermissions": [{"id": "p"}]})";
    for (qsizetype end = 0; end < good.size(); ++end)
        QCOMPARE(readPaseoAgent(good.first(end)).error().code, ErrorCode::Protocol);
    QCOMPARE(readPaseoList(QByteArray("[\n").repeated(100'000)).error().code, ErrorCode::Protocol);
}

QTEST_GUILESS_MAIN(TestPaseo)
#include "tst_paseo.moc"
