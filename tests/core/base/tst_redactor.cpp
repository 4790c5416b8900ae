// No secret gets through, in any of the forms in which texts carry it; ordinary text stays as it is.
#include "core/base/stream_redactor.h"

#include <QJsonArray>
#include <QTest>
#include <QUrl>

using namespace muster;
using namespace Qt::StringLiterals;

class TestRedactor : public QObject {
    Q_OBJECT
private slots:
    void masksShapes_data();
    void masksShapes();
    void leaves_data();
    void leaves();
    void masksRegistered_data();
    void masksRegistered();
    void forgetsRemoved();
    void ignoresShortSecrets();
    void longestFirst();
    void overlapping();
    void masksKnownOnly();
    void masksSplit_data();
    void masksSplit();
    void holdsBackLittle();
};

// Every token here is made up; each is put together so that no scanner takes this file for a leak.
void TestRedactor::masksShapes_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("secret");
    QTest::addColumn<QString>("after");
    const QString x20 = u"A1b2C3d4E5f6G7h8I9j0"_s;
    const QString x40 = x20 + x20;
    const auto row = [](const char *name, const QString &before, const QString &secret,
                        const QString &after = {}) {
        QTest::newRow(name) << before << secret << after;
    };
    row("Anthropic", u"key sk-ant-"_s, u"api03-"_s + x40, u" used"_s);
    row("OpenAI", u"sk-"_s, x40);
    row("OpenAI project", u"sk-proj-"_s, x40);
    row("OpenRouter", u"sk-or-v1-"_s, x40);
    row("GitHub personal", u"gh"_s + u"p_"_s, x40);
    row("GitHub app", u"gh"_s + u"s_"_s, x40);
    row("GitHub fine-grained", u"github_"_s + u"pat_"_s, x40);
    row("GitLab", u"glp"_s + u"at-"_s, x20);
    row("Google key", u"AI"_s + u"za"_s, x40);
    row("Google access", u"ya"_s + u"29."_s, x40);
    row("Google client", u"GOC"_s + u"SPX-"_s, x20);
    row("Amazon", u"AK"_s + u"IA"_s, u"ABCDEFGHIJKLMNOP"_s);
    row("Slack bot", u"xo"_s + u"xb-"_s, u"123456789012-abcdefABCDEF"_s);
    row("Slack app", u"xa"_s + u"pp-"_s, u"1-A0123456789-abc"_s);
    row("Hugging Face", u"h"_s + u"f_"_s, x40);
    row("Groq", u"gs"_s + u"k_"_s, x40);
    row("xAI", u"xa"_s + u"i-"_s, x40);
    row("Perplexity", u"pp"_s + u"lx-"_s, x40);
    row("Replicate", u"r"_s + u"8_"_s, x40);
    row("npm", u"np"_s + u"m_"_s, x40);
    row("PyPI", u"py"_s + u"pi-"_s, x40);
    row("Stripe", u"sk_"_s + u"live_"_s, x20);
    row("SendGrid", u"S"_s + u"G."_s, x20 + u'.' + x40);
    row("DigitalOcean", u"dop"_s + u"_v1_"_s, QString(64, u'a'));
    row("JWT", u"ey"_s + u"J"_s, x20 + u'.' + x20 + u'.' + x20);
    row("private key", u"-----BEGIN RSA PRIVATE "_s + u"KEY-----"_s,
        u"\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----"_s);
    row("private key cut short", u"-----BEGIN PRIVATE "_s + u"KEY-----"_s, u"\nMIIEow\nabc\n"_s);
    row("password in an address", u"https://me:"_s, u"hunter2hunter2"_s, u"@example.org/x"_s);
    row("bearer", u"Authorization: Bearer "_s, x20);
    row("variable", u"export MY_API_KEY="_s, u"zzzzzzzz"_s);
    row("JSON field", u"{\"password\": \""_s, u"correct-horse"_s, u"\"}"_s);
    row("escaped JSON field", u"{\\\"client_secret\\\":\\\""_s, u"correct-horse"_s, u"\\\"}"_s);
    row("option", u"--access-token="_s, u"opaque-value"_s, u" run"_s);
}

void TestRedactor::masksShapes()
{
    QFETCH(QString, before);
    QFETCH(QString, secret);
    QFETCH(QString, after);
    const QString out = Redactor().redact(before + secret + after);
    QVERIFY2(!out.contains(secret), qPrintable(out));
    QCOMPARE(out, before + u"[redacted]"_s + after);
}

void TestRedactor::leaves_data()
{
    QTest::addColumn<QString>("text");
    for (const QString &text : {u"The session ended: exit code 143."_s, u"https://example.org:8080/a?b=c@d"_s,
                                u"tokens_in: 5000"_s, u"commit 3f2a9c0d1e4b5a69788796a5b4c3d2e1f0123456"_s,
                                u"sk-short"_s, u"a token of thanks"_s, u"/home/me/secret/file.txt"_s,
                                u"path: src/password_dialog.cpp:12"_s, u"The basic idea is simple"_s})
        QTest::newRow(qPrintable(text)) << text;
}

void TestRedactor::leaves()
{
    QFETCH(QString, text);
    QCOMPARE(Redactor().redact(text), text);
}

void TestRedactor::masksRegistered_data()
{
    QTest::addColumn<QString>("text");
    const QString secret = u"pa\"ss\\wörd/é+1"_s;
    const QByteArray utf8 = secret.toUtf8();
    QTest::newRow("plain") << secret;
    QTest::newRow("JSON") << u"pa\\\"ss\\\\wörd/é+1"_s;
    QTest::newRow("percent") << QString::fromLatin1(QUrl::toPercentEncoding(secret));
    QTest::newRow("base64") << QString::fromLatin1(utf8.toBase64());
    for (int shift = 1; shift < 6; ++shift) {
        const QByteArray inside = QByteArray(shift, 'u') + utf8 + ":rest";
        QTest::addRow("base64 after %d", shift) << QString::fromLatin1(inside.toBase64());
        QTest::addRow("base64url after %d", shift)
            << QString::fromLatin1(inside.toBase64(QByteArray::Base64UrlEncoding));
    }
}

void TestRedactor::masksRegistered()
{
    QFETCH(QString, text);
    Redactor redactor;
    redactor.addSecret(u"pa\"ss\\wörd/é+1"_s);
    const QString out = redactor.redact(u"before "_s + text + u" after"_s);
    QVERIFY2(out.contains(u"[redacted]"), qPrintable(out));
    QVERIFY2(out.startsWith(u"before ") && out.endsWith(u" after"), qPrintable(out));
    // What may stay of base64 is the end of a group that also holds other text.
    QVERIFY2(out.size() <= u"before [redacted] after"_s.size() + 20, qPrintable(out));
}

void TestRedactor::forgetsRemoved()
{
    Redactor redactor;
    redactor.addSecret(u"opensesame"_s);
    QCOMPARE(redactor.redact(u"opensesame"_s), u"[redacted]"_s);
    redactor.removeSecret(u"opensesame"_s);
    QCOMPARE(redactor.redact(u"opensesame"_s), u"opensesame"_s);
}

void TestRedactor::ignoresShortSecrets()
{
    Redactor redactor;
    redactor.addSecret(u"abc"_s);
    redactor.addSecret(u"ollama7"_s);
    redactor.addSecret(QString());
    QCOMPARE(redactor.redact(u"abc abcd ollama7"_s), u"abc abcd ollama7"_s);
    redactor.addSecret(u"ollama78"_s);
    QCOMPARE(redactor.redact(u"ollama7 ollama78"_s), u"ollama7 [redacted]"_s);
}

void TestRedactor::longestFirst()
{
    Redactor redactor;
    redactor.addSecret(u"opensesame"_s);
    redactor.addSecret(u"opensesame-and-more"_s);
    QCOMPARE(redactor.redact(u"opensesame-and-more"_s), u"[redacted]"_s);
}

// One begins within the other: nothing of either is left.
void TestRedactor::overlapping()
{
    Redactor redactor;
    redactor.addSecret(u"opensesame"_s);
    redactor.addSecret(u"same-and-more"_s);
    QCOMPARE(redactor.redactKnown(u"<opensesame-and-more>"_s), u"<[redacted]>"_s);
}

void TestRedactor::masksKnownOnly()
{
    Redactor redactor;
    redactor.addSecret(u"open\"sesame"_s);
    QVERIFY(redactor.redactKnown(u""_s).isEmpty() && !redactor.redactKnown(u""_s).isNull());
    const QString looks = u"password=correct-horse"_s;
    QCOMPARE(redactor.redactKnown(looks), looks);
    const QJsonObject told = redactor.redactKnown(
        QJsonObject{{u"a"_s, QJsonArray{u"x open\"sesame y"_s}}, {u"open\"sesame"_s, 1}, {u"b"_s, looks}});
    const QJsonObject expected{
        {u"a"_s, QJsonArray{u"x [redacted] y"_s}}, {u"[redacted]"_s, 1}, {u"b"_s, looks}};
    QCOMPARE(told, expected);
}

// Wherever a secret is split, in whatever form: what is told is the same as of the whole text.
void TestRedactor::masksSplit_data()
{
    masksRegistered_data();
    QTest::newRow("two") << u"opensesame, opensesame"_s;
    QTest::newRow("overlapping") << u"opensesame-and-more"_s;
    QTest::newRow("only begun") << u"opensesam"_s;
    QTest::newRow("begun twice") << u"opensesopensesame"_s;
}

void TestRedactor::masksSplit()
{
    QFETCH(QString, text);
    Redactor redactor;
    redactor.addSecret(u"pa\"ss\\wörd/é+1"_s);
    redactor.addSecret(u"opensesame"_s);
    redactor.addSecret(u"same-and-more"_s);
    const QString whole = u"before "_s + text + u" after"_s;
    const QString expected = redactor.redactKnown(whole);
    for (qsizetype first = 0; first <= whole.size(); ++first) {
        for (qsizetype second = first; second <= whole.size(); ++second) {
            StreamRedactor stream(redactor);
            QString told = stream.add(whole.first(first));
            told += stream.add(whole.sliced(first, second - first));
            told += stream.add(whole.sliced(second));
            told += stream.finish();
            QCOMPARE(told, expected);
        }
    }
    StreamRedactor stream(redactor);
    QString told;
    for (const QChar unit : whole)
        told += stream.add(unit);
    told += stream.finish();
    QCOMPARE(told, expected);
}

// Text without a secret comes through at once, but for what one could begin with.
void TestRedactor::holdsBackLittle()
{
    Redactor redactor;
    StreamRedactor free(redactor);
    QCOMPARE(free.add(u"anything"_s), u"anything"_s);
    redactor.addSecret(u"aaaaaaaa"_s);
    StreamRedactor stream(redactor);
    QCOMPARE(stream.add(u"no secret here."_s), u"no secret here."_s);
    QCOMPARE(stream.add(u"banana"_s), u"banan"_s);
    QCOMPARE(stream.add(u"s"_s), u"as"_s);
    qsizetype told = 0;
    for (int i = 0; i < 1000; ++i)
        told += stream.add(u"a"_s).size();
    QVERIFY(told > 0);
    QVERIFY(!stream.finish().contains(u"aaaaaaaa"));
}

QTEST_GUILESS_MAIN(TestRedactor)
#include "tst_redactor.moc"
